package dev.eddy.engine.search;

/** Gives slots their scores. One thread. */
@FunctionalInterface
interface SlotScorer {
  /**
   * Scores of {@code slots[0 .. count)}, written to {@code scores[0 .. count)}; NaN where a slot
   * has none and so is no hit.
   */
  void score(int[] slots, int count, float[] scores);
}
