package dev.eddy.engine.sparse;

import java.util.Arrays;

/**
 * What is looked for: strictly ascending indices (unsigned) and their weights. Read-only.
 *
 * @param indices as {@link #of} sorts them
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one search, compared by nobody.
public record SparseQuery(int[] indices, float[] values) {

  /** The query of these different indices, in any order. */
  public static SparseQuery of(int[] indices, float[] values) {
    if (isAscending(indices)) {
      return new SparseQuery(indices, values);
    }
    long[] order = new long[indices.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (Integer.toUnsignedLong(indices[i]) << 31) | i;
    }
    Arrays.sort(order);
    int[] sortedIndices = new int[indices.length];
    float[] sortedValues = new float[indices.length];
    for (int i = 0; i < order.length; i++) {
      int from = (int) (order[i] & Integer.MAX_VALUE);
      sortedIndices[i] = indices[from];
      sortedValues[i] = values[from];
    }
    return new SparseQuery(sortedIndices, sortedValues);
  }

  private static boolean isAscending(int[] indices) {
    for (int i = 1; i < indices.length; i++) {
      if (Integer.compareUnsigned(indices[i - 1], indices[i]) >= 0) {
        return false;
      }
    }
    return true;
  }
}
