package dev.eddy.index.metrics;

import dev.eddy.index.host.ShardEvents;
import dev.eddy.index.host.ShardManager;
import dev.eddy.index.serve.ComputeLanes;
import dev.eddy.index.serve.LeaseTable;
import dev.eddy.index.serve.ServeEvents;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.FilterPlans;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What an index node counts. Numbers of single shards are read when asked for, so that a dropped
 * shard leaves none behind.
 *
 * <p>Threading: safe from any thread.
 */
public final class NodeMetrics implements ShardEvents, ServeEvents, AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double[] FAST_SECONDS = {
    0.000_01, 0.000_03, 0.000_1, 0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3
  };

  private final PrometheusRegistry registry;
  private final List<Collector> registered = new ArrayList<>();
  private final Histogram applySeconds;
  private final Histogram searchSeconds;
  private final Histogram checkpointSeconds;
  private final Counter checkpointFailures;
  private final Counter shardFailures;
  private final Counter divergences;
  private final Counter brokenChains;
  private final Counter refusals;
  private final Counter filterPlans;

  /** Registers everything that needs no shards yet. */
  public NodeMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.applySeconds =
        add(
            Histogram.builder()
                .name("eddy_index_apply_seconds")
                .help("Time to apply one log record, by kind")
                .labelNames("kind")
                .classicOnly()
                .classicUpperBounds(FAST_SECONDS)
                .build());
    this.searchSeconds =
        add(
            Histogram.builder()
                .name("eddy_index_search_seconds")
                .help("Time to compute one query on one shard, by strategy asked for")
                .labelNames("strategy")
                .classicOnly()
                .classicUpperBounds(FAST_SECONDS)
                .build());
    this.checkpointSeconds =
        add(
            Histogram.builder()
                .name("eddy_index_checkpoint_seconds")
                .help("Time to write a shard's checkpoint")
                .classicOnly()
                .classicUpperBounds(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
                .build());
    this.checkpointFailures =
        counter("eddy_index_checkpoint_failures_total", "Checkpoints that were not written");
    this.shardFailures =
        counter(
            "eddy_index_shard_failures_total",
            "Shards that stopped; halted ones need somebody to look",
            "halted");
    this.divergences =
        counter(
            "eddy_index_log_divergences_total",
            "Times that the log did not go on where a shard's state ended");
    this.brokenChains =
        counter("eddy_index_broken_chains_total", "Broken inbox chains that shards reported");
    this.refusals =
        counter("eddy_index_refusals_total", "Requests not answered, by reason", "reason");
    this.filterPlans =
        counter(
            "eddy_index_filter_plans_total",
            "How filtered searches of dense vectors were gone about; given up ones were followed by"
                + " another",
            "plan",
            "given_up");
  }

  /** Adds what is read from the shards, lanes and leases when asked for. */
  public void watch(ClusterView view, ShardManager shards, ComputeLanes lanes, LeaseTable leases) {
    new ShardGauges(view, shards).all().forEach(this::add);
    gauge("eddy_index_search_queue", "Requests that wait for a search thread", lanes::queued);
    gauge("eddy_index_leases", "Leases kept for second trips", leases::size);
  }

  /** Adds what the node's shards hold of memory. */
  public void watchMemory(Supplier<MemoryReport> held) {
    add(
        GaugeWithCallback.builder()
            .name("eddy_index_memory_bytes")
            .help("What the node's shards hold, by component, in memory and in files")
            .labelNames("component", "place")
            .callback(out ->
                held.get()
                    .use()
                    .components()
                    .forEach((component, bytes) -> {
                      out.call(bytes.memory(), component.label(), "memory");
                      out.call(bytes.files(), component.label(), "files");
                    }))
            .build());
    add(
        GaugeWithCallback.builder()
            .name("eddy_index_memory_held_bytes")
            .help("Heap that the node's shards hold, of what they may hold")
            .callback(out -> out.call(held.get().heldBytes()))
            .build());
    add(
        GaugeWithCallback.builder()
            .name("eddy_index_memory_limit_bytes")
            .help("Heap that the node's shards may hold")
            .callback(out -> out.call(held.get().limitBytes()))
            .build());
    add(
        GaugeWithCallback.builder()
            .name("eddy_index_memory_full")
            .help("1 while writes that add data are refused for the memory of this node's shards")
            .callback(out -> out.call(held.get().isFull() ? 1 : 0))
            .build());
  }

  @Override
  public void applied(Update update, long nanos) {
    applySeconds.labelValues(kindOf(update)).observe(nanos / NANOS_PER_SECOND);
  }

  @Override
  public void chainsBroken(ShardId shard, List<BrokenChain> chains) {
    brokenChains.inc(chains.size());
  }

  @Override
  public void checkpointed(ShardId shard, long nanos) {
    checkpointSeconds.observe(nanos / NANOS_PER_SECOND);
  }

  @Override
  public void checkpointFailed(ShardId shard) {
    checkpointFailures.inc();
  }

  @Override
  public void failed(ShardId shard, boolean halted) {
    shardFailures.labelValues(Boolean.toString(halted)).inc();
  }

  @Override
  public void logDiverged(ShardId shard) {
    divergences.inc();
  }

  @Override
  public void searched(SearchKind kind, long nanos) {
    searchSeconds
        .labelValues(kind.name().toLowerCase(Locale.ROOT))
        .observe(nanos / NANOS_PER_SECOND);
  }

  @Override
  public void planned(FilterPlans.Attempt attempt) {
    filterPlans
        .labelValues(
            attempt.plan().name().toLowerCase(Locale.ROOT), Boolean.toString(attempt.isGivenUp()))
        .inc();
  }

  @Override
  public void refused(Reason reason) {
    refusals.labelValues(reason.name().toLowerCase(Locale.ROOT)).inc();
  }

  /** Takes everything out of the registry again. */
  @Override
  public void close() {
    registered.forEach(registry::unregister);
    registered.clear();
  }

  private void gauge(String name, String help, IntSupplier number) {
    add(
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .callback(out -> out.call(number.getAsInt()))
            .build());
  }

  private Counter counter(String name, String help, String... labelNames) {
    return add(Counter.builder().name(name).help(help).labelNames(labelNames).build());
  }

  private <C extends Collector> C add(C collector) {
    registry.register(collector);
    registered.add(collector);
    return collector;
  }

  private static String kindOf(Update update) {
    return switch (update) {
      case Update.Genesis _ -> "genesis";
      case Update.Configure _ -> "configure";
      case Update.Upsert _ -> "upsert";
      case Update.FromInbox _ -> "from_inbox";
      case Update.Delete _ -> "delete";
      case Update.UpdateVectors _ -> "update_vectors";
      case Update.DeleteVectors _ -> "delete_vectors";
      case Update.SetPayload _ -> "set_payload";
      case Update.OverwritePayload _ -> "overwrite_payload";
      case Update.DeletePayload _ -> "delete_payload";
      case Update.ClearPayload _ -> "clear_payload";
      case Update.Conditional(Update inner, _, _) -> kindOf(inner);
      case Update.Noop _ -> "noop";
    };
  }
}
