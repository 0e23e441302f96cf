package dev.eddy.engine.sparse;

/**
 * Which lists of a run have dead entries. The writer adds, anybody asks: who sees a slot dead in a
 * view that was published later sees its lists here too.
 */
final class DeadLists {
  private final long[] bits;
  private boolean isUnknown;

  DeadLists(int lists) {
    this.bits = new long[(lists >>> 6) + 1];
  }

  /** Any list may have dead entries. */
  void addAll() {
    isUnknown = true;
  }

  void add(int list) {
    bits[list >>> 6] |= 1L << list;
  }

  boolean contains(int list) {
    return isUnknown || (bits[list >>> 6] & 1L << list) != 0;
  }

  long heapBytes() {
    return 32 + 8L * bits.length;
  }
}
