package dev.eddy.query.service;

import dev.eddy.query.collection.CollectionInfo;

/**
 * What background work a collection has left, as far as the contract's words for it mean anything
 * here: segments have no names outside of their node, so they are counted and not listed.
 */
public record Optimizations(
    long queuedOptimizations, long queuedSegments, long queuedPoints, long idleSegments) {

  /** Nodes tell whether they are busy with a collection, not with how many of its segments. */
  static Optimizations of(CollectionInfo info) {
    boolean isBusy = info.status() == CollectionInfo.Status.YELLOW;
    return isBusy
        ? new Optimizations(
            1, 1, Math.max(0, info.points() - info.indexedVectors()), info.segments() - 1)
        : new Optimizations(0, 0, 0, info.segments());
  }
}
