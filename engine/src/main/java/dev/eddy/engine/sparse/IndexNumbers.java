package dev.eddy.engine.sparse;

import java.util.Arrays;

/** Numbers indices in the order they come in. Not thread-safe. */
final class IndexNumbers {
  private static final int SPREAD = 0x9E3779B1;

  private int[] indices = new int[64];
  private int size;

  /** Number plus 1; 0 = free. Half of it at most is in use. */
  private int[] table = new int[128];

  private int place(int index) {
    int shift = Integer.numberOfLeadingZeros(table.length - 1);
    int place = (index * SPREAD) >>> shift;
    while (table[place] != 0 && indices[table[place] - 1] != index) {
      place = (place + 1) & (table.length - 1);
    }
    return place;
  }

  /** The number of an index, -1 when it has none. */
  int find(int index) {
    return table[place(index)] - 1;
  }

  /** The number of an index, which gets one. */
  int add(int index) {
    int place = place(index);
    if (table[place] != 0) {
      return table[place] - 1;
    }
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, size * 2);
      table = new int[table.length * 2];
      for (int i = 0; i < size; i++) {
        table[place(indices[i])] = i + 1;
      }
      place = place(index);
    }
    indices[size++] = index;
    table[place] = size;
    return size - 1;
  }

  int size() {
    return size;
  }

  int index(int number) {
    return indices[number];
  }

  /** All numbers, by ascending unsigned indices. */
  int[] sorted() {
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = (Integer.toUnsignedLong(indices[i]) << 31) | i;
    }
    Arrays.sort(order);
    int[] sorted = new int[size];
    for (int i = 0; i < size; i++) {
      sorted[i] = (int) (order[i] & Integer.MAX_VALUE);
    }
    return sorted;
  }
}
