package dev.eddy.model.collection;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a collection accepts as a vector of a name: one rule for every door and for apply. */
public final class VectorRules {
  /** Floats of all rows of a multivector: fewer than this. */
  public static final int MULTI_FLOATS_MAX = 1_048_576;

  /** All exponent bits set: an infinity or not a number. */
  private static final int NOT_FINITE = 0x7f80_0000;

  private static final Problem.BrokenRule REPEATED_INDEX =
      new Problem.BrokenRule(".?.indices", "Validation error: must be unique [{}]");

  private VectorRules() {}

  /** What is wrong with a vector. */
  public sealed interface Problem {
    /** The collection has no vector of this name. */
    record UnknownName(String name) implements Problem {
      @Override
      public String text() {
        return "Not existing vector name error: " + name;
      }
    }

    /** A sparse vector for a dense name, and the like. */
    record WrongForm(String text) implements Problem {}

    record WrongDimension(int expected, int got) implements Problem {
      @Override
      public String text() {
        return "Vector dimension error: expected dim: %d, got %d".formatted(expected, got);
      }
    }

    /**
     * A rule that no collection could bend.
     *
     * @param place inside the vector, for instance {@code [3]} or {@code .?.indices}
     */
    record BrokenRule(String place, String text) implements Problem {}

    /** For a client, without the path of the vector. */
    String text();
  }

  /**
   * The refusal of a vector.
   *
   * @param path of the vector in the request
   */
  public static EddyException refusal(Problem problem, String path) {
    return switch (problem) {
      case Problem.UnknownName unknown -> EddyException.wrongInput(unknown.text());
      case Problem.WrongForm(String text) -> EddyException.wrongInput(text);
      case Problem.WrongDimension dimension -> EddyException.wrongInput(dimension.text());
      case Problem.BrokenRule(String place, String text) ->
          EddyException.validation(path + place + ": " + text);
    };
  }

  /** What is wrong with a vector of a point, if anything is. */
  public static Optional<Problem> problem(CollectionSpec spec, String name, Vector vector) {
    Problem problem = broken(vector);
    if (problem == null) {
      problem = misfit(spec, name, vector);
    }
    return Optional.ofNullable(problem);
  }

  /** Rules that the vector breaks whatever the collection is. */
  public static List<Problem.BrokenRule> brokenRules(Vector vector) {
    Problem.BrokenRule first = broken(vector);
    if (first == null) {
      return List.of();
    }
    return vector instanceof Vector.Sparse(int[] indices, float[] values)
            && indices.length != values.length
            && isRepeating(indices)
        ? List.of(REPEATED_INDEX, first)
        : List.of(first);
  }

  private static Problem.@Nullable BrokenRule broken(Vector vector) {
    return switch (vector) {
      case Vector.Dense(float[] values) ->
          values.length == 0
              ? new Problem.BrokenRule("", "dense vector must not be empty")
              : notFinite("", values);
      case Vector.Sparse(int[] indices, float[] values) -> broken(indices, values);
      case Vector.Multi(float[][] rows) -> broken(rows);
    };
  }

  private static Problem.@Nullable BrokenRule broken(int[] indices, float[] values) {
    if (indices.length != values.length) {
      return new Problem.BrokenRule(
          ".?.values", "Validation error: must be the same length as indices [{}]");
    }
    return isRepeating(indices) ? REPEATED_INDEX : notFinite(".values", values);
  }

  private static boolean isRepeating(int[] indices) {
    int[] sorted = indices.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i - 1] == sorted[i]) {
        return true;
      }
    }
    return false;
  }

  private static Problem.@Nullable BrokenRule broken(float[][] rows) {
    if (rows.length == 0) {
      return new Problem.BrokenRule("", "multivector must not be empty");
    }
    long floats = 0;
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length == 0) {
        return new Problem.BrokenRule("[" + row + "]", "vector must not be empty");
      }
      if (rows[row].length != rows[0].length) {
        return new Problem.BrokenRule(
            "[" + row + "]",
            "all vectors must have the same dimension, found vector with dimension "
                + rows[row].length);
      }
      Problem.BrokenRule problem = notFinite("[" + row + "]", rows[row]);
      if (problem != null) {
        return problem;
      }
      floats += rows[row].length;
    }
    return floats < MULTI_FLOATS_MAX
        ? null
        : new Problem.BrokenRule(
            "",
            "multivector of %d floats invalid, must be of fewer than %d"
                .formatted(floats, MULTI_FLOATS_MAX));
  }

  private static Problem.@Nullable BrokenRule notFinite(String place, float[] values) {
    // Without a branch in the loop: only infinities and NaN have all bits of the exponent set.
    int largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
    }
    if (largest < NOT_FINITE) {
      return null;
    }
    int at = 0;
    while (Float.isFinite(values[at])) {
      at++;
    }
    return new Problem.BrokenRule(
        "%s[%d]".formatted(place, at),
        "value %s invalid, must be a finite number".formatted(values[at]));
  }

  private static @Nullable Problem misfit(CollectionSpec spec, String name, Vector vector) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      if (!spec.sparseVectors().containsKey(name)) {
        return new Problem.UnknownName(name);
      }
      return vector instanceof Vector.Sparse ? null : wrongForm(vector);
    }
    return switch (vector) {
      case Vector.Dense(float[] values) -> misfit(params, "", values);
      case Vector.Sparse ignored ->
          new Problem.WrongForm(
              "Wrong usage of sparse vectors: %s is dense, and documents become sparse vectors"
                  .formatted(name.isEmpty() ? "the unnamed vector" : "\"" + name + "\""));
      case Vector.Multi(float[][] rows) -> {
        if (params.multivector() == null) {
          yield wrongForm(vector);
        }
        Problem problem = null;
        for (int row = 0; row < rows.length && problem == null; row++) {
          problem = misfit(params, "[" + row + "]", rows[row]);
        }
        yield problem;
      }
    };
  }

  private static @Nullable Problem misfit(VectorParams params, String place, float[] values) {
    if (values.length != params.size()) {
      return new Problem.WrongDimension(params.size(), values.length);
    }
    // What is made unit length fits.
    if (params.type() != Datatype.FLOAT16 || params.distance() == Distance.COSINE) {
      return null;
    }
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) > Datatype.FLOAT16_MAX) {
        return new Problem.BrokenRule(
            "%s[%d]".formatted(place, i),
            "value %s invalid, must be from -65504.0 to 65504.0 for datatype float16"
                .formatted(values[i]));
      }
    }
    return null;
  }

  private static Problem wrongForm(Vector given) {
    return new Problem.WrongForm(
        given instanceof Vector.Multi
            ? "Wrong usage of multi vectors"
            : "Wrong usage of sparse vectors");
  }
}
