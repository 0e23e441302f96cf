package dev.eddy.engine.sparse;

import dev.eddy.engine.column.ColumnEntry;
import java.lang.foreign.MemorySegment;

/**
 * The weights of a query by their indices, for vectors that are scored one by one: each of their
 * indices is looked up, which is faster than going through both in order. Immutable.
 */
final class QueryWeights {
  /** Places of the table for each index, so that most look-ups end at the first. */
  private static final int PLACES_PER_INDEX = 8;

  private static final int SPREAD = 0x9E3779B1;

  private final SparseQuery query;
  private final int shift;

  /** Position in the query plus 1; 0 = free. */
  private final int[] table;

  QueryWeights(SparseQuery query) {
    this.query = query;
    int count = Math.max(1, query.indices().length);
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count * PLACES_PER_INDEX - 1);
    this.shift = Integer.SIZE - bits;
    this.table = new int[1 << bits];
    for (int i = 0; i < query.indices().length; i++) {
      int place = (query.indices()[i] * SPREAD) >>> shift;
      while (table[place] != 0) {
        place = (place + 1) & (table.length - 1);
      }
      table[place] = i + 1;
    }
  }

  /** The position of an index in the query, or -1. */
  private int find(int index) {
    int place = (index * SPREAD) >>> shift;
    int found = table[place];
    while (found != 0 && query.indices()[found - 1] != index) {
      place = (place + 1) & (table.length - 1);
      found = table[place];
    }
    return found - 1;
  }

  /** The sum of products in ascending order of indices; NaN when no index is shared. */
  float score(ColumnEntry vector) {
    MemorySegment mapped = vector.mapped();
    return mapped == null
        ? scoreOnHeap(vector)
        : score(mapped, vector.mappedInts(), vector.mappedFloats(), vector.units());
  }

  private float score(MemorySegment bytes, long indices, long weights, int units) {
    float[] ours = query.values();
    float sum = 0f;
    boolean isShared = false;
    for (int i = 0; i < units; i++) {
      int found = find(bytes.get(ColumnEntry.INT, indices + (long) Integer.BYTES * i));
      if (found >= 0) {
        sum += ours[found] * bytes.get(ColumnEntry.FLOAT, weights + (long) Float.BYTES * i);
        isShared = true;
      }
    }
    return isShared ? sum : Float.NaN;
  }

  private float scoreOnHeap(ColumnEntry vector) {
    int[] theirs = vector.ints();
    float[] weights = vector.floats();
    float[] ours = query.values();
    float sum = 0f;
    boolean isShared = false;
    for (int at = vector.from(); at < vector.to(); at++) {
      int found = find(theirs[at]);
      if (found >= 0) {
        sum += ours[found] * weights[at];
        isShared = true;
      }
    }
    return isShared ? sum : Float.NaN;
  }

  boolean isShared(ColumnEntry vector) {
    for (int at = vector.from(); at < vector.to(); at++) {
      if (find(vector.ints()[at]) >= 0) {
        return true;
      }
    }
    return false;
  }
}
