package dev.eddy.engine.sparse;

/** Takes what a search finds. */
public interface SparseHits {
  /** Scores below this are of no use any more; negative infinity while any is. */
  float threshold();

  /** A slot that shares an index with the query, dead or live. */
  void offer(int slot, float score);
}
