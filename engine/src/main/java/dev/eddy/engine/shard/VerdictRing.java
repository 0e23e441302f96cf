package dev.eddy.engine.shard;

import dev.eddy.model.update.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest refusals by offset. At or above its reach an offset without an entry was applied;
 * below it nothing is known. Part of the shard's state. Thread-safe.
 */
final class VerdictRing {
  private final int capacity;

  /** Guarded by this. */
  private final TreeMap<Long, Verdict.Rejected> refusals = new TreeMap<>();

  /** Guarded by this. */
  private long reach;

  /** A refusal at an offset. */
  record Entry(long offset, Verdict.Rejected verdict) {}

  /** Everything a checkpoint holds of a ring. */
  record Image(long reach, List<Entry> entries) {
    static final Image EMPTY = new Image(0, List.of());
  }

  VerdictRing(int capacity, Image image) {
    this.capacity = capacity;
    this.reach = image.reach();
    image.entries().forEach(entry -> refusals.put(entry.offset(), entry.verdict()));
    trim();
  }

  synchronized void add(long offset, Verdict.Rejected verdict) {
    refusals.put(offset, verdict);
    trim();
  }

  private void trim() {
    while (refusals.size() > capacity) {
      Map.Entry<Long, Verdict.Rejected> oldest = refusals.pollFirstEntry();
      reach = oldest.getKey() + 1;
    }
  }

  /** The verdict on an offset that was applied; empty when it is not known any more. */
  synchronized Optional<Verdict> verdictAt(long offset) {
    if (offset < reach) {
      return Optional.empty();
    }
    Verdict.Rejected refusal = refusals.get(offset);
    return Optional.of(refusal == null ? Verdict.Applied.APPLIED : refusal);
  }

  synchronized Image image() {
    return new Image(
        reach,
        refusals.entrySet().stream()
            .map(entry -> new Entry(entry.getKey(), entry.getValue()))
            .toList());
  }
}
