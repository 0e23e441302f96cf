package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.update.Verdict.Rejected;
import java.util.Map;
import java.util.Optional;

/** What a collection accepts as a point's vectors, with the contract's texts. */
final class PointRules {
  private static final int INFINITY_BITS = 0x7f80_0000;

  private PointRules() {}

  /** Why the vectors are refused, or empty when they are fine. */
  static Optional<Rejected> check(Vectors vectors, CollectionSpec spec) {
    for (Map.Entry<String, Vector> entry : vectors.byName().entrySet()) {
      Optional<Rejected> refusal = check(entry.getKey(), entry.getValue(), spec);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejected> check(String name, Vector vector, CollectionSpec spec) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      return unknownName(name);
    }
    return switch (vector) {
      case Vector.Sparse ignored ->
          wrongInput("Conversion between sparse and regular vectors failed");
      case Vector.Multi ignored ->
          wrongInput("Conversion between multi and regular vectors failed");
      case Vector.Dense(float[] values) -> {
        if (values.length != params.size()) {
          yield wrongInput(
              "Vector dimension error: expected dim: %d, got %d"
                  .formatted(params.size(), values.length));
        }
        yield finite(name, values);
      }
    };
  }

  private static Optional<Rejected> finite(String name, float[] values) {
    // Without a branch in the loop: only infinities and NaN have all bits of the exponent set.
    int largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    if (largest < INFINITY_BITS) {
      return Optional.empty();
    }
    int at = 0;
    while (Float.isFinite(values[at])) {
      at++;
    }
    return wrongInput(
        "Vector component error: vector '%s' must be finite, got %s at index %d"
            .formatted(name, values[at], at));
  }

  static Optional<Rejected> unknownName(String name) {
    return wrongInput("Not existing vector name error: " + name);
  }

  private static Optional<Rejected> wrongInput(String text) {
    return Optional.of(new Verdict.Rejected(ErrorCode.WRONG_INPUT, "Wrong input: " + text));
  }
}
