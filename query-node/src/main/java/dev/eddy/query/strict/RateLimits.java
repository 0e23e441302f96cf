package dev.eddy.query.strict;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How often each collection may be asked through this node. Safe from any thread. */
public final class RateLimits {
  private final LongSupplier nanoClock;
  private final Map<UUID, RateLimiter> reads = new ConcurrentHashMap<>();
  private final Map<UUID, RateLimiter> writes = new ConcurrentHashMap<>();

  /**
   * @param nanoClock monotonic, in nanoseconds
   */
  public RateLimits(LongSupplier nanoClock) {
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  void read(Generation generation, @Nullable Integer perMinute, long queries) {
    take(reads, "Read", generation, perMinute, queries);
  }

  void write(Generation generation, @Nullable Integer perMinute, long points) {
    take(writes, "Write", generation, perMinute, points);
  }

  private void take(
      Map<UUID, RateLimiter> limiters,
      String what,
      Generation generation,
      @Nullable Integer perMinute,
      long tokens) {
    if (perMinute == null) {
      limiters.remove(generation.collectionId());
      return;
    }
    limiters
        .compute(
            generation.collectionId(),
            (id, known) ->
                known != null && known.perMinute() == perMinute
                    ? known
                    : new RateLimiter(what, perMinute, nanoClock))
        .take(tokens);
  }

  /** Forgets collections that are gone. */
  public void retain(ClusterState state) {
    Map<UUID, Placement> there = state.placements();
    reads.keySet().retainAll(there.keySet());
    writes.keySet().retainAll(there.keySet());
  }
}
