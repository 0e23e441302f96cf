package dev.eddy.index.host;

import dev.eddy.model.update.BrokenChain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What others watch of an opened shard while its writer works. */
record ShardVitals(PositionGate gate, Staleness staleness, RecentChains chains) {

  /** Broken chains seen lately; one that is still broken is seen again. Safe from any thread. */
  static final class RecentChains {
    /** As long as readers of reports look back. */
    private static final long KEPT_NANOS = 10_000_000_000L;

    private final Map<Source, Seen> bySource = new HashMap<>();

    synchronized void add(List<BrokenChain> chains, long nowNanos) {
      for (BrokenChain chain : chains) {
        bySource.put(new Source(chain.topicId(), chain.partition()), new Seen(chain, nowNanos));
      }
    }

    synchronized List<BrokenChain> list(long nowNanos) {
      bySource.values().removeIf(seen -> nowNanos - seen.nanos > KEPT_NANOS);
      return bySource.values().stream().map(Seen::chain).toList();
    }

    private record Source(UUID topicId, int partition) {}

    private record Seen(BrokenChain chain, long nanos) {}
  }
}
