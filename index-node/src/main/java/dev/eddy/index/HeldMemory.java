package dev.eddy.index;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.index.host.ShardEvents;
import dev.eddy.index.host.ShardFold;
import dev.eddy.index.host.ShardRuntime;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the shards of a node hold of memory, and whether that leaves room for more data. Safe from
 * any thread, but for {@link #watch}, which one thread calls.
 */
final class HeldMemory {
  private static final Logger LOG = LoggerFactory.getLogger(HeldMemory.class);

  /** Adding up asks every shard's store, some 20 µs each. */
  private static final long COUNTING_NANOS = Duration.ofSeconds(2).toNanos();

  private final Supplier<Collection<ShardRuntime>> shards;
  private final MemoryBudget budget;
  private final LongSupplier blockCacheBytes;
  private final LongSupplier nanoClock;
  private volatile @Nullable Counted counted;
  private boolean wasFull;

  private record Counted(MemoryUse use, long nanos) {}

  /**
   * @param shards that the node hosts
   * @param blockCacheBytes native memory of payloads that all shards share, write buffers included
   * @param nanoClock monotonic
   */
  HeldMemory(
      Supplier<Collection<ShardRuntime>> shards,
      MemoryBudget budget,
      LongSupplier blockCacheBytes,
      LongSupplier nanoClock) {
    this.shards = requireNonNull(shards, "shards");
    this.budget = requireNonNull(budget, "budget");
    this.blockCacheBytes = requireNonNull(blockCacheBytes, "blockCacheBytes");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
  }

  /** What there is now; its parts were added up at most two seconds ago. */
  MemoryReport report() {
    return new MemoryReport(
        budget.heldBytes(), budget.limitBytes(), budget.releaseBytes(), budget.isFull(), use());
  }

  private MemoryUse use() {
    Counted present = counted;
    long now = nanoClock.getAsLong();
    if (present == null || now - present.nanos() >= COUNTING_NANOS) {
      present = new Counted(count(), now);
      counted = present;
    }
    return present.use();
  }

  private MemoryUse count() {
    MemoryUse.Sum sum = new MemoryUse.Sum();
    shards
        .get()
        .forEach(shard ->
            shard
                .stats()
                .map(ShardFold.Stats::memory)
                .map(MemoryUse::withoutFields)
                .ifPresent(sum::add));
    long buffers = sum.done().of(Component.PAYLOADS).memory();
    sum.add(Component.PAYLOAD_CACHE, Math.max(0, blockCacheBytes.getAsLong() - buffers), 0);
    return sum.done();
  }

  /** Logs when the memory has become full or has room again, and tells the listener. */
  void watch(ShardEvents listener) {
    boolean isFull = budget.isFull();
    if (isFull == wasFull) {
      return;
    }
    wasFull = isFull;
    if (isFull) {
      LOG.warn(
          "event=memory-full held_bytes={} limit_bytes={} until_bytes={}"
              + " effect=\"writes that add data are refused\"",
          budget.heldBytes(),
          budget.limitBytes(),
          budget.releaseBytes());
    } else {
      LOG.info(
          "event=memory-has-room held_bytes={} limit_bytes={}",
          budget.heldBytes(),
          budget.limitBytes());
    }
    listener.memoryChanged(isFull);
  }
}
