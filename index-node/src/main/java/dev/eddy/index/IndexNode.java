package dev.eddy.index;

import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.index.fold.EngineFold;
import dev.eddy.index.host.HostEnvironment;
import dev.eddy.index.host.ShardEventFan;
import dev.eddy.index.host.ShardEvents;
import dev.eddy.index.host.ShardFold;
import dev.eddy.index.host.ShardFolders;
import dev.eddy.index.host.ShardManager;
import dev.eddy.index.metrics.NodeMetrics;
import dev.eddy.index.rpc.ShardGrpcServer;
import dev.eddy.index.serve.ComputeLanes;
import dev.eddy.index.serve.LeaseTable;
import dev.eddy.index.serve.LocalShardService;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.proto.log.LogRecordCodec;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running index node: hosts the shards that the metadata places on it and answers for them, in
 * this JVM and, where asked to, on the wire.
 *
 * <p>Threading: safe from any thread.
 *
 * <p>The view and the tailer belong to the caller, who closes them after the node.
 */
public final class IndexNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IndexNode.class);

  /** At start, for the metadata as it is now. */
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(30);

  private static final long HOUSEKEEPING_MS = 1_000;

  /** So soon others are told that the memory is full, or has room again. */
  private static final long MEMORY_WATCH_MS = 100;

  /** What to close, the last opened first. */
  private final Deque<AutoCloseable> parts;

  private final NodeFolder folder;
  private final ShardManager shards;
  private final HeldMemory held;
  private final ShardService service;
  private final @Nullable ShardGrpcServer server;

  private IndexNode(
      Deque<AutoCloseable> parts,
      NodeFolder folder,
      ShardManager shards,
      HeldMemory held,
      ShardService service,
      @Nullable ShardGrpcServer server) {
    this.parts = parts;
    this.folder = folder;
    this.shards = shards;
    this.held = held;
    this.service = service;
    this.server = server;
  }

  /**
   * Starts a node. Shards open in the background; {@link #reports} says how far they are.
   *
   * @param listener told what happens to shards, above all broken inbox chains
   * @throws IndexNodeException when the folder is in use or the address can't be bound
   * @throws dev.eddy.model.error.EddyException UNAVAILABLE when the metadata can't be read
   */
  public static IndexNode start(
      IndexNodeSettings settings,
      ClusterView view,
      PointLogTailer tailer,
      PrometheusRegistry registry,
      ShardEvents listener) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(settings, view, tailer, registry, listener, parts);
    } catch (IOException e) {
      closeAll(parts);
      throw new IndexNodeException("index node does not start: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      closeAll(parts);
      throw e;
    }
  }

  private static IndexNode start(
      IndexNodeSettings settings,
      ClusterView view,
      PointLogTailer tailer,
      PrometheusRegistry registry,
      ShardEvents listener,
      Deque<AutoCloseable> parts)
      throws IOException {
    NodeFolder folder = open(parts, NodeFolder.open(settings.data(), settings.cluster()));
    EngineSettings engine = settings.engine();
    MemoryBudget memory = new MemoryBudget(engine.heldBytes());
    EngineResources resources = open(parts, resources(engine, memory));
    ShardFold.Opener opener = EngineFold.opener(resources, engine.shard());
    NodeMetrics metrics = open(parts, new NodeMetrics(registry));
    LeaseTable leases =
        new LeaseTable(
            settings.serve().leasesMax(),
            settings.serve().leaseLife(),
            System::nanoTime,
            new SecureRandom().nextLong());
    HostEnvironment host =
        new HostEnvironment(
            settings.host(),
            tailer,
            LogRecordCodec::decode,
            opener,
            new ShardFolders(settings.data()),
            System::nanoTime,
            new ShardEventFan(List.of(metrics, releasing(leases), listener)));
    ShardManager shards = open(parts, new ShardManager(folder.nodeId(), view, host));
    shards.start(view.readToEnd(METADATA_TIMEOUT));
    open(parts, leases);
    ComputeLanes lanes = open(parts, new ComputeLanes(settings.serve()));
    metrics.watch(view, shards, lanes, leases);
    HeldMemory held =
        new HeldMemory(shards::hosted, memory, resources::blockCacheBytes, System::nanoTime);
    metrics.watchMemory(held::report);
    open(parts, watching(held, listener));
    open(parts, expiring(leases));
    ShardService service =
        new LocalShardService(shards, lanes, leases, settings.serve(), System::nanoTime, metrics);
    ShardGrpcServer server =
        settings.rpc() == null ? null : open(parts, ShardGrpcServer.start(settings.rpc(), service));
    LOG.info(
        "event=index-node-started node={} incarnation={} shard_memory_bytes={} heap_bytes={}",
        folder.nodeId(),
        folder.incarnation(),
        memory.limitBytes(),
        Runtime.getRuntime().maxMemory());
    return new IndexNode(parts, folder, shards, held, service, server);
  }

  /** Who this node is: the same for the data folder's whole life. */
  public String nodeId() {
    return folder.nodeId();
  }

  /** Larger at every start of the same node. */
  public long incarnation() {
    return folder.incarnation();
  }

  /** The node's shards, for callers in this JVM. */
  public ShardService shardService() {
    return service;
  }

  /** Port of the internal service; empty when it does not listen. */
  public OptionalInt port() {
    return Optional.ofNullable(server)
        .map(listening -> OptionalInt.of(listening.port()))
        .orElse(OptionalInt.empty());
  }

  /** What to tell the other nodes of the hosted shards, as of now. */
  public List<ShardReport> reports() {
    return shards.reports();
  }

  /** What the hosted shards hold of memory, and may hold. */
  public MemoryReport memoryReport() {
    return held.report();
  }

  /** Answers what was asked, writes a checkpoint of every shard, and lets go of the folder. */
  @Override
  public void close() {
    LOG.info("event=index-node-closing node={}", folder.nodeId());
    closeAll(parts);
  }

  private static EngineResources resources(EngineSettings engine, MemoryBudget memory) {
    return new EngineResources(
        engine.buildThreads(),
        engine.blockCacheBytes(),
        engine.writeBufferBytes(),
        engine.fusedBytes(),
        memory);
  }

  private static ShardEvents releasing(LeaseTable leases) {
    return new ShardEvents() {
      @Override
      public void closing(ShardId shard) {
        leases.releaseAll(shard);
      }
    };
  }

  private static AutoCloseable expiring(LeaseTable leases) {
    return every(HOUSEKEEPING_MS, "eddy-lease-expiry", leases::expire);
  }

  private static AutoCloseable watching(HeldMemory held, ShardEvents listener) {
    return every(MEMORY_WATCH_MS, "eddy-memory-watch", () -> held.watch(listener));
  }

  private static AutoCloseable every(long periodMs, String name, Runnable task) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
    var _ = timer.scheduleWithFixedDelay(task, periodMs, periodMs, TimeUnit.MILLISECONDS);
    return timer::shutdownNow;
  }

  private static <T extends AutoCloseable> T open(Deque<AutoCloseable> parts, T part) {
    parts.push(part);
    return part;
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("event=close-failed part={}", part.getClass().getSimpleName(), e);
      }
    }
  }
}
