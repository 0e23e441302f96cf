package dev.eddy.engine.search;

/** Gathers slots to score them together. One thread. */
final class SlotBatch {
  static final int SLOTS_MAX = 256;

  private final SlotScorer scorer;
  private final TopHits hits;
  private final int[] slots = new int[SLOTS_MAX];
  private final float[] scores = new float[SLOTS_MAX];
  private int count;
  private long flushed;

  SlotBatch(SlotScorer scorer, TopHits hits) {
    this.scorer = scorer;
    this.hits = hits;
  }

  /** Takes a slot; always true, so that it can end a walk over slots. */
  boolean add(int slot) {
    slots[count++] = slot;
    if (count == SLOTS_MAX) {
      flush();
    }
    return true;
  }

  /** Takes {@code taken[0 .. takenCount)}, no more than {@link #SLOTS_MAX}; always true. */
  boolean add(int[] taken, int takenCount) {
    if (count + takenCount > SLOTS_MAX) {
      flush();
    }
    System.arraycopy(taken, 0, slots, count, takenCount);
    count += takenCount;
    return true;
  }

  /** Scores what is left. */
  void flush() {
    scorer.score(slots, count, scores);
    for (int i = 0; i < count; i++) {
      if (!Float.isNaN(scores[i])) {
        hits.offer(slots[i], scores[i]);
      }
    }
    flushed += count;
    count = 0;
  }

  /** Slots scored so far. */
  long flushed() {
    return flushed;
  }
}
