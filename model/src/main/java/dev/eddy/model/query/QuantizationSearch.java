package dev.eddy.model.query;

import org.jspecify.annotations.Nullable;

/**
 * What a search makes of shortened vectors.
 *
 * @param ignore whole vectors are compared from the beginning
 * @param rescore whether the best by shortened vectors are compared whole at the end; null = not
 *     given, which means so
 * @param oversampling how many are compared whole per hit wanted, at least; at least 1; null = not
 *     given
 */
public record QuantizationSearch(
    boolean ignore, @Nullable Boolean rescore, @Nullable Double oversampling) {
  /** Nothing is said. */
  public static final QuantizationSearch NONE = new QuantizationSearch(false, null, null);

  /** Checks the range. */
  public QuantizationSearch {
    if (oversampling != null && !(oversampling >= 1)) {
      throw new IllegalArgumentException("oversampling must be at least 1, got " + oversampling);
    }
  }
}
