package dev.eddy.model.collection;

import org.jspecify.annotations.Nullable;

/**
 * What a change makes of a quantization: it is replaced as a whole.
 *
 * @param to null = removed
 */
public record QuantizationDiff(@Nullable Quantization to) {
  public static final QuantizationDiff DISABLED = new QuantizationDiff(null);
}
