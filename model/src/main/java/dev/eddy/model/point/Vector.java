package dev.eddy.model.point;

import java.util.Arrays;

/** The value of one vector of a point. Arrays are shared, never copied: treat them as read-only. */
public sealed interface Vector {

  /** One float32 per dimension; not empty, finite. */
  record Dense(float[] values) implements Vector {
    @Override
    public boolean equals(Object other) {
      return other instanceof Dense(float[] theirs) && Arrays.equals(values, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return Arrays.toString(values);
    }
  }

  /** Strictly different indices (unsigned 32 bits) and their values, of equal length. */
  record Sparse(int[] indices, float[] values) implements Vector {
    @Override
    public boolean equals(Object other) {
      return other instanceof Sparse(int[] otherIndices, float[] otherValues)
          && Arrays.equals(indices, otherIndices)
          && Arrays.equals(values, otherValues);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(indices) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      return Arrays.toString(indices) + Arrays.toString(values);
    }
  }

  /** Rows of equal length, at least one. */
  record Multi(float[][] rows) implements Vector {
    @Override
    public boolean equals(Object other) {
      return other instanceof Multi(float[][] theirs) && Arrays.deepEquals(rows, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(rows);
    }

    @Override
    public String toString() {
      return Arrays.deepToString(rows);
    }
  }
}
