package dev.eddy.engine.sparse;

/** Takes what a search finds. */
public interface SparseHits {
  /** Scores below this are of no use any more; negative infinity while any is. */
  float threshold();

  /** How many hits are wanted, the best ones. */
  int wanted();

  /** Whether a slot may be a hit: it is live, and the search is about it. */
  boolean accepts(int slot);

  /** An accepted slot that shares an index with the query and is not below the threshold. */
  void offer(int slot, float score);
}
