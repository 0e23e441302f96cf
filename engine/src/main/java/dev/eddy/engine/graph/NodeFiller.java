package dev.eddy.engine.graph;

/** Fills what a node's links leave empty. One thread; others may fill other nodes meanwhile. */
public interface NodeFiller {
  /** Fills the empty places of a node, if it has any. */
  void fill(int node, SearchScratch scratch);

  /** Whether places of links have been filled so far, which are stored. */
  default boolean hasFilledLinks() {
    return false;
  }
}
