package dev.eddy.engine.field;

import org.roaringbitmap.RoaringBitmap;

/**
 * An immutable piece of an index: which slots have which keys. It says all there is of the slots it
 * replaces, so that older runs no longer count for them.
 *
 * <p>Threading: safe from any thread that holds a reference; a run starts with one, its maker's.
 */
sealed interface PostingRun permits HeapRun, MappedRun {
  /** Postings of a key from which they are kept as a bitmap. */
  int BITMAP_POSTINGS_MIN = 4096;

  /**
   * Of sorted pairs, on the heap.
   *
   * @param replaced taken over
   */
  static HeapRun of(Pairs sorted, RoaringBitmap replaced) {
    return HeapRun.of(sorted, replaced);
  }

  int keyCount();

  /** Keys ascend. */
  long key(int at);

  /** Pairs of key and slot. */
  long postings();

  /** Slots of which this run says all there is; not to be changed. */
  RoaringBitmap replaced();

  /** Index of the first key that is not below this one. */
  int firstAtOrAbove(long key);

  /** Hands over the slots of some keys, the last excluded. */
  void collect(int from, int to, SlotCollector into);

  /** Slots of one key, ascending; a copy. */
  int[] slotsOf(int at);

  /** Bytes of the heap. */
  long heapBytes();

  /** Bytes of the mapped file. */
  long mappedBytes();

  /** The same on the heap. */
  HeapRun onHeap();

  /** Takes a reference more, beside one that is held. */
  void retain();

  /** Gives a reference back. */
  void release();

  /** How much work it is to merge it. */
  default long weight() {
    return postings() + replaced().getLongCardinality();
  }
}
