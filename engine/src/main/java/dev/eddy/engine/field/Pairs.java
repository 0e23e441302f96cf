package dev.eddy.engine.field;

import java.util.Arrays;

/** Growing (key, slot) pairs, 12 bytes each. One thread. */
final class Pairs {
  private static final int FIRST_CAPACITY = 64;

  private long[] keys = new long[FIRST_CAPACITY];
  private int[] slots = new int[FIRST_CAPACITY];
  private int size;

  void add(long key, int slot) {
    if (size == slots.length) {
      keys = Arrays.copyOf(keys, size * 2);
      slots = Arrays.copyOf(slots, size * 2);
    }
    keys[size] = key;
    slots[size++] = slot;
  }

  int size() {
    return size;
  }

  long key(int at) {
    return keys[at];
  }

  int slot(int at) {
    return slots[at];
  }

  /** Forgets all; keeps little memory. */
  void clear() {
    if (slots.length > 1 << 12) {
      keys = new long[FIRST_CAPACITY];
      slots = new int[FIRST_CAPACITY];
    }
    size = 0;
  }

  /** Orders by key, then by slot: a merge sort, since pairs mostly come in the order of slots. */
  void sort() {
    if (isSorted()) {
      return;
    }
    long[] fromKeys = Arrays.copyOf(keys, size);
    int[] fromSlots = Arrays.copyOf(slots, size);
    long[] toKeys = new long[size];
    int[] toSlots = new int[size];
    for (int width = 1; width < size; width *= 2) {
      for (int at = 0; at < size; at += 2 * width) {
        merge(fromKeys, fromSlots, at, width, toKeys, toSlots);
      }
      long[] swappedKeys = fromKeys;
      fromKeys = toKeys;
      toKeys = swappedKeys;
      int[] swappedSlots = fromSlots;
      fromSlots = toSlots;
      toSlots = swappedSlots;
    }
    keys = fromKeys;
    slots = fromSlots;
  }

  private boolean isSorted() {
    for (int i = 1; i < size; i++) {
      if (keys[i - 1] > keys[i] || (keys[i - 1] == keys[i] && slots[i - 1] > slots[i])) {
        return false;
      }
    }
    return true;
  }

  private void merge(
      long[] fromKeys, int[] fromSlots, int start, int width, long[] toKeys, int[] toSlots) {
    int left = start;
    int middle = Math.min(start + width, size);
    int right = middle;
    int end = (int) Math.min((long) middle + width, size);
    for (int at = start; at < end; at++) {
      boolean isLeft =
          right == end
              || (left < middle
                  && (fromKeys[left] < fromKeys[right]
                      || (fromKeys[left] == fromKeys[right]
                          && fromSlots[left] <= fromSlots[right])));
      int from = isLeft ? left++ : right++;
      toKeys[at] = fromKeys[from];
      toSlots[at] = fromSlots[from];
    }
  }
}
