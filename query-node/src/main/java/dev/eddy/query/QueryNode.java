package dev.eddy.query;

import static java.util.Objects.requireNonNull;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.query.collection.ClusterCollectionService;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.fanout.CarryingExecutor;
import dev.eddy.query.fanout.ClusterShardDirectory;
import dev.eddy.query.fanout.FanoutSettings;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.limit.LimitedReadService;
import dev.eddy.query.limit.LimitedWriteService;
import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.quota.NodeResources;
import dev.eddy.query.quota.QuotaWriteService;
import dev.eddy.query.quota.Quotas;
import dev.eddy.query.read.FanoutReadService;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.ContractVersion;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.strict.RateLimits;
import dev.eddy.query.strict.StrictReadService;
import dev.eddy.query.strict.StrictWriteService;
import dev.eddy.query.write.LogWriteService;
import dev.eddy.query.write.WriteLimits;
import dev.eddy.query.write.WriteService;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public face: the core of a query node, and the edges that are opened on it. Owns what it
 * creates, and nothing that it is given.
 */
public final class QueryNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryNode.class);

  private static final String STATE_SERVING = "SERVING";

  private final Parts parts;
  private final ExecutorService threads;
  private final ClusterShardDirectory directory;
  private final WriteService writes;
  private final ReadService reads;
  private final CollectionService collections;
  private final QueryMetrics metrics;
  private final Quotas quotas;
  private final NodeService service;
  private final AtomicReference<Set<UUID>> liveLogs = new AtomicReference<>(Set.of());
  private volatile @Nullable GrpcEdge grpc;
  private volatile @Nullable RestEdge rest;

  /**
   * What a query node works with.
   *
   * @param nodeId this node's own, as it reports it
   * @param localShards the shards of this process, or null when it hosts none
   * @param logEnds asks a partition's leader for the log end
   * @param resources what the process holds of its machine
   * @param status what is known of all nodes
   * @param moreMetrics series of other parts of the process
   * @param limits of requests, whatever they come by
   */
  public record Parts(
      String nodeId,
      ClusterView view,
      CollectionAdmin admin,
      @Nullable ShardService localShards,
      PointLogWriter logWriter,
      Function<LogPartition, CompletableFuture<Long>> logEnds,
      NodeResources resources,
      Supplier<ClusterStatus> status,
      List<Supplier<List<MetricSnapshot>>> moreMetrics,
      Limits limits) {
    public Parts {
      requireNonNull(nodeId, "nodeId");
      requireNonNull(view, "view");
      requireNonNull(admin, "admin");
      requireNonNull(logWriter, "logWriter");
      requireNonNull(logEnds, "logEnds");
      requireNonNull(resources, "resources");
      requireNonNull(status, "status");
      requireNonNull(limits, "limits");
      moreMetrics = List.copyOf(moreMetrics);
    }
  }

  /** Puts the core together; no port is open yet. */
  public QueryNode(Parts parts) {
    this.parts = requireNonNull(parts, "parts");
    ClusterView view = parts.view();
    threads =
        new CarryingExecutor(
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanout-", 0).factory()));
    directory = new ClusterShardDirectory(view, parts.nodeId(), parts.localShards());
    metrics = new QueryMetrics(view, ContractVersion.VERSION, parts.moreMetrics());
    KafkaLogs logs = new KafkaLogs(parts.logWriter(), parts.logEnds());
    Floors floors = new Floors(System::nanoTime);
    ShardFanout fanout =
        new ShardFanout(view, directory, FanoutSettings.DEFAULT, System::nanoTime, threads);
    Generations generations = new Generations(view);
    RateLimits rates = new RateLimits(System::nanoTime);
    WriteService logWrites =
        new LogWriteService(
            new LogWriteService.Surroundings(
                view,
                directory,
                logs,
                logs,
                parts.admin(),
                floors,
                metrics,
                threads,
                System::nanoTime),
            WriteLimits.DEFAULT);
    ReadService fanoutReads =
        new FanoutReadService(
            new FanoutReadService.Surroundings(
                view,
                fanout,
                logs,
                floors,
                metrics,
                threads,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong()));
    collections =
        new ClusterCollectionService(
            new ClusterCollectionService.Surroundings(
                view, parts.admin(), fanout, directory, floors, logs, System::nanoTime));
    reads =
        new LimitedReadService(
            new StrictReadService(fanoutReads, generations, rates), parts.limits());
    quotas = new Quotas(view, parts.nodeId(), parts.admin(), parts.resources(), System::nanoTime);
    writes =
        new LimitedWriteService(
            new StrictWriteService(
                new QuotaWriteService(logWrites, quotas),
                generations,
                rates,
                collections::get,
                quotas::use),
            parts.limits());
    service =
        new NodeService(
            collections, metrics, quotas, parts.resources(), this::isReady, parts.status());
    view.onChange(state -> {
      floors.retain(state);
      rates.retain(state);
      tellDroppedLogs(state);
    });
  }

  /** Makes sends on their way to a dropped log fail at once, so that they hold up nobody. */
  private void tellDroppedLogs(ClusterState state) {
    Set<UUID> now = new HashSet<>();
    for (List<Generation> lives : state.generations().values()) {
      for (Generation life : lives) {
        UUID topicId = life.topicId();
        if (topicId != null && life.state() != Generation.State.DROPPED) {
          now.add(topicId);
        }
      }
    }
    for (UUID before : liveLogs.getAndSet(now)) {
      if (!now.contains(before)) {
        parts.logWriter().logDropped(before);
      }
    }
  }

  /** How close this node is to its quotas: what it reports. Reads anew at most every 200 ms. */
  public QuotaReport quotaReport() {
    return quotas.report();
  }

  /** Opens the gRPC port; at most once. */
  public GrpcEdge openGrpc(GrpcSettings settings) {
    if (grpc != null) {
      throw new IllegalStateException("the gRPC port is open already");
    }
    GrpcEdge opened = GrpcEdge.start(settings, writes, reads, collections, metrics, service);
    grpc = opened;
    return opened;
  }

  /** Opens the REST port; at most once. */
  public RestEdge openRest(RestSettings settings) {
    if (rest != null) {
      throw new IllegalStateException("the REST port is open already");
    }
    RestEdge opened = RestEdge.start(settings, writes, reads, collections, metrics, service);
    rest = opened;
    return opened;
  }

  public WriteService writes() {
    return writes;
  }

  public ReadService reads() {
    return reads;
  }

  public CollectionService collections() {
    return collections;
  }

  public RequestMetrics metrics() {
    return metrics;
  }

  /** Whether every shard of every collection is served by a replica that readers may ask. */
  public boolean isReady() {
    ClusterState state = parts.view().state();
    Set<Served> served = new HashSet<>();
    for (NodeReport report : parts.view().liveNodes()) {
      for (NodeReport.ShardReport shard : report.shards()) {
        if (shard.state().equals(STATE_SERVING)) {
          served.add(new Served(report.nodeId(), shard.shard()));
        }
      }
    }
    return state.names().stream()
        .flatMap(name -> state.activeNamed(name).stream())
        .allMatch(generation -> isServed(state, generation, served));
  }

  private record Served(String nodeId, ShardId shard) {}

  private static boolean isServed(ClusterState state, Generation generation, Set<Served> served) {
    Placement placement = state.placements().get(generation.collectionId());
    if (placement == null) {
      return false;
    }
    for (int shard = 0; shard < generation.spec().shardNumber(); shard++) {
      ShardId id = generation.shard(shard);
      if (shard >= placement.shards().size()
          || placement.reading(shard).stream()
              .noneMatch(replica -> served.contains(new Served(replica.nodeId(), id)))) {
        return false;
      }
    }
    return true;
  }

  /** Closes the edges first, so that requests under way can end. */
  @Override
  public void close() {
    GrpcEdge openGrpc = grpc;
    if (openGrpc != null) {
      openGrpc.close();
    }
    RestEdge openRest = rest;
    if (openRest != null) {
      openRest.close();
    }
    threads.shutdownNow();
    directory.close();
    LOG.info("query_node_stopped node={}", parts.nodeId());
  }
}
