package dev.eddy.text.inference;

import dev.eddy.model.collection.TextSettings;

/**
 * What weights depend on.
 *
 * @param k how much the repetition of a token counts; finite, at least 0
 * @param b how much the length of the text counts, in [0, 1]
 * @param averageLength tokens of a text as long as most; finite, above 0
 * @param text how a text becomes tokens
 */
record Bm25Options(double k, double b, double averageLength, TextSettings text) {
  static final double K_DEFAULT = 1.2;
  static final double B_DEFAULT = 0.75;
  static final double AVERAGE_LENGTH_DEFAULT = 256;
}
