package dev.eddy.query.read;

import dev.eddy.query.fanout.ReadScope;
import java.util.TreeMap;

/**
 * Collects the positions that answered; of several answers of a shard, the lowest counts. Safe from
 * any thread.
 */
final class Positions {
  private final ReadScope scope;
  private final TreeMap<Integer, Long> positions = new TreeMap<>();

  Positions(ReadScope scope) {
    this.scope = scope;
  }

  synchronized void answered(int shard, long position) {
    positions.merge(shard, position, Math::min);
  }

  synchronized Coverage coverage(int shardsAsked) {
    return new Coverage(
        scope.generation().collectionId(),
        scope.generation().generation(),
        positions,
        shardsAsked,
        positions.size());
  }
}
