package dev.eddy.engine.graph;

import java.util.Arrays;

/** Finds the best of many entries without sorting them (Hoare 1961, "Algorithm 65: FIND"). */
final class EntrySelection {
  /** Where pivots are that bad, what is left is sorted. */
  private static final int ROUNDS_PER_HALVING = 4;

  private EntrySelection() {}

  /**
   * Moves the least entries to {@code [0, wanted)}, the greatest of these last.
   *
   * @param wanted 1 to count
   */
  static void select(long[] entries, int count, int wanted) {
    int target = wanted - 1;
    int first = 0;
    int last = count - 1;
    int rounds = ROUNDS_PER_HALVING * (Integer.SIZE - Integer.numberOfLeadingZeros(count));
    while (first < last) {
      if (rounds-- == 0) {
        Arrays.sort(entries, first, last + 1);
        return;
      }
      long pivot = middle(entries[first], entries[(first + last) >>> 1], entries[last]);
      int up = first;
      int down = last;
      while (up <= down) {
        while (entries[up] < pivot) {
          up++;
        }
        while (entries[down] > pivot) {
          down--;
        }
        if (up <= down) {
          long swapped = entries[up];
          entries[up++] = entries[down];
          entries[down--] = swapped;
        }
      }
      if (target <= down) {
        last = down;
      } else if (target >= up) {
        first = up;
      } else {
        return;
      }
    }
  }

  private static long middle(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
