package dev.eddy.query.service;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.quota.NodeResources;
import dev.eddy.query.quota.Quotas;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Answers operators and probes, for every edge. Blocks; safe from any thread. */
public final class NodeService {
  /** What probes are told, on every transport. */
  public static final String ALIVE = "healthz check passed";

  public static final String READY = "all shards are ready";
  public static final String NOT_READY = "some shards are not ready";

  private final CollectionService collections;
  private final RequestMetrics metrics;
  private final Quotas quotas;
  private final NodeResources resources;
  private final BooleanSupplier ready;
  private final Supplier<ClusterStatus> status;
  private final UUID id = UUID.randomUUID();
  private final Instant started = Instant.now();

  /**
   * Puts it together.
   *
   * @param ready whether every shard this node relies on can be asked
   * @param status what is known of all nodes
   */
  public NodeService(
      CollectionService collections,
      RequestMetrics metrics,
      Quotas quotas,
      NodeResources resources,
      BooleanSupplier ready,
      Supplier<ClusterStatus> status) {
    this.collections = requireNonNull(collections, "collections");
    this.metrics = requireNonNull(metrics, "metrics");
    this.quotas = requireNonNull(quotas, "quotas");
    this.resources = requireNonNull(resources, "resources");
    this.ready = requireNonNull(ready, "ready");
    this.status = requireNonNull(status, "status");
  }

  /** Whether every shard that this node relies on can be asked. */
  public boolean isReady() {
    return ready.getAsBoolean();
  }

  /** Everything in Prometheus' text format. */
  public String metrics(boolean perCollection, boolean anonymize) {
    return metrics.exposition(perCollection && !anonymize, anonymize);
  }

  public Telemetry telemetry(TelemetryOptions options) {
    List<String> names = collections.list();
    List<Telemetry.Collection> described = new ArrayList<>();
    if (options.level() >= Telemetry.LEVEL_COLLECTIONS) {
      for (String name : names) {
        described(name, options).ifPresent(described::add);
      }
    }
    return new Telemetry(
        options,
        id,
        started,
        names.size(),
        described,
        metrics.responses(options.isPerCollection()),
        memory(),
        quotas.shardMemory().own().orElse(null),
        quotas.config(),
        quotas.exceeded());
  }

  private Telemetry.Memory memory() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new Telemetry.Memory(
        heap.getUsed(),
        heap.getCommitted() - heap.getUsed(),
        resources.residentBytes().orElse(heap.getCommitted()),
        Runtime.getRuntime().availableProcessors());
  }

  /** Empty where the collection was dropped meanwhile. */
  private Optional<Telemetry.Collection> described(String name, TelemetryOptions options) {
    try {
      CollectionInfo info = collections.get(name);
      boolean hasShards = options.level() >= Telemetry.LEVEL_SHARDS;
      var placement = hasShards ? collections.clusterInfo(name) : null;
      var held = hasShards ? collections.memory(name) : null;
      var searches = hasShards ? collections.searches(name) : null;
      return Optional.of(
          options.anonymize()
              ? new Telemetry.Collection(
                  info.collectionId().toString(),
                  Anonymous.of(info),
                  placement,
                  Anonymous.of(held),
                  searches)
              : new Telemetry.Collection(name, info, placement, held, searches));
    } catch (EddyException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public Optimizations optimizations(String nameOrAlias) {
    return Optimizations.of(collections.get(nameOrAlias));
  }

  public QuotaStatus quotas() {
    return new QuotaStatus(quotas.config(), quotas.use(), quotas.peers());
  }

  /** Replaces the quotas of all nodes. */
  public void setQuotas(QuotaConfig config, Duration timeout) {
    quotas.set(config, timeout);
  }

  public ClusterStatus status() {
    return status.get();
  }
}
