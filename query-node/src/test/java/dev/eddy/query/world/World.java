package dev.eddy.query.world;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.cluster.Placement.Replica;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.query.collection.ClusterCollectionService;
import dev.eddy.query.fanout.CarryingExecutor;
import dev.eddy.query.fanout.FanoutSettings;
import dev.eddy.query.fanout.Floors;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.fanout.ShardDirectory;
import dev.eddy.query.fanout.ShardFanout;
import dev.eddy.query.metrics.CoreMetrics;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.quota.Quotas;
import dev.eddy.query.read.FanoutReadService;
import dev.eddy.query.service.ClusterStatus;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.write.LogAppender;
import dev.eddy.query.write.LogDroppedException;
import dev.eddy.query.write.LogWriteService;
import dev.eddy.query.write.WriteLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Index nodes, logs and metadata in memory, with a query node's core on top. */
public final class World implements AutoCloseable, ShardDirectory, LogAppender, LogEnds {
  public final FakeView view = new FakeView();
  public final Floors floors = new Floors(System::nanoTime);
  public final List<FakeNode> nodes = new ArrayList<>();
  public final ExecutorService threads =
      new CarryingExecutor(Executors.newVirtualThreadPerTaskExecutor());
  public final ShardFanout fanout;
  public final LogWriteService writes;
  public final FanoutReadService reads;
  public final FakeAdmin admin = new FakeAdmin(this);
  public final FakeResources resources = new FakeResources();
  public final ClusterCollectionService collections;

  /** What the next append fails with, or null. */
  public volatile @Nullable RuntimeException appendFailure;

  /** Bytes of every record, in the order of appends. */
  public final List<Integer> recordBytes = new ArrayList<>();

  private final Map<ShardId, List<Update>> logs = new HashMap<>();

  public World(int nodeCount) {
    this(
        nodeCount,
        new FanoutSettings(Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofSeconds(1)),
        WriteLimits.DEFAULT);
  }

  public World(int nodeCount, FanoutSettings settings, WriteLimits limits) {
    for (int i = 0; i < nodeCount; i++) {
      nodes.add(new FakeNode(logs));
    }
    fanout = new ShardFanout(view, this, settings, System::nanoTime, threads);
    writes =
        new LogWriteService(
            new LogWriteService.Surroundings(
                view, this, this, this, admin, floors, CoreMetrics.NONE, threads, System::nanoTime),
            limits);
    reads =
        new FanoutReadService(
            new FanoutReadService.Surroundings(
                view, fanout, this, floors, CoreMetrics.NONE, threads, System::nanoTime, () -> 7));
    collections =
        new ClusterCollectionService(
            new ClusterCollectionService.Surroundings(
                view, admin, fanout, this, floors, this, System::nanoTime));
  }

  /** Creates a collection whose replicas read, on the nodes in turn. */
  public Generation create(String name, CollectionSpec spec) {
    Generation generation =
        new Generation(
            UUID.randomUUID(),
            name,
            view.state().generations().getOrDefault(name, List.of()).size() + 1,
            Generation.State.ACTIVE,
            spec,
            "eddy." + name + ".g1.log",
            UUID.randomUUID(),
            new InboxEnds(UUID.randomUUID(), List.of()),
            null,
            0);
    List<List<Replica>> placement = new ArrayList<>();
    for (int shard = 0; shard < spec.shardNumber(); shard++) {
      List<Replica> replicas = new ArrayList<>();
      for (int i = 0; i < Math.min(spec.replicationFactor(), nodes.size()); i++) {
        int node = (shard + i) % nodes.size();
        nodes
            .get(node)
            .host(generation.shard(shard), spec.vectors().values().iterator().next().distance());
        replicas.add(new Replica(nodeId(node), ReplicaState.READING));
      }
      placement.add(replicas);
      synchronized (logs) {
        logs.put(generation.shard(shard), new ArrayList<>());
      }
    }
    view.set(with(generation, new Placement(generation.collectionId(), 1, placement, 0)));
    return generation;
  }

  private ClusterState with(Generation generation, Placement placement) {
    ClusterState old = view.state();
    Map<String, List<Generation>> generations = new LinkedHashMap<>(old.generations());
    List<Generation> lives = new ArrayList<>();
    lives.add(generation);
    lives.addAll(generations.getOrDefault(generation.name(), List.of()));
    generations.put(generation.name(), lives);
    Map<UUID, Placement> placements = new HashMap<>(old.placements());
    placements.put(generation.collectionId(), placement);
    return new ClusterState(generations, old.aliases(), placements, old.position() + 1);
  }

  /** The state in which the collection is gone. */
  public ClusterState without(String name) {
    ClusterState old = view.state();
    Map<String, List<Generation>> generations = new TreeMap<>(old.generations());
    generations.remove(name);
    return new ClusterState(generations, old.aliases(), old.placements(), old.position() + 1);
  }

  /** The state in which the replica of a shard on a node has another standing, or none. */
  public ClusterState withReplica(
      Generation generation, int shard, int node, @Nullable ReplicaState standing) {
    ClusterState old = view.state();
    Placement placement = old.placement(generation.collectionId()).orElseThrow();
    List<List<Replica>> shards = new ArrayList<>(placement.shards());
    List<Replica> replicas = new ArrayList<>(shards.get(shard));
    replicas.removeIf(replica -> replica.nodeId().equals(nodeId(node)));
    if (standing != null) {
      replicas.add(new Replica(nodeId(node), standing));
    }
    shards.set(shard, replicas);
    Map<UUID, Placement> placements = new HashMap<>(old.placements());
    placements.put(
        generation.collectionId(),
        new Placement(generation.collectionId(), 1, shards, placement.version() + 1));
    return new ClusterState(old.generations(), old.aliases(), placements, old.position() + 1);
  }

  public ClusterState withAlias(String alias, String name) {
    ClusterState old = view.state();
    Map<String, String> aliases = new TreeMap<>(old.aliases());
    aliases.put(alias, name);
    return new ClusterState(old.generations(), aliases, old.placements(), old.position() + 1);
  }

  /** Updates in the log of a shard. */
  public List<Update> log(ShardId shard) {
    synchronized (logs) {
      return List.copyOf(logs.getOrDefault(shard, List.of()));
    }
  }

  /** Lets every node that is not held up apply what is in the logs. */
  public void catchUp() {
    nodes.forEach(FakeNode::catchUp);
  }

  public static String nodeId(int node) {
    return "node-" + node;
  }

  @Override
  public CompletableFuture<Long> append(Generation generation, int shard, byte[] record) {
    RuntimeException failure = appendFailure;
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    long offset;
    synchronized (logs) {
      List<Update> log = logs.get(generation.shard(shard));
      if (log == null) {
        return CompletableFuture.failedFuture(
            new LogDroppedException("dropped", new IllegalStateException()));
      }
      offset = log.size();
      log.add(LogRecordCodec.decode(record));
      recordBytes.add(record.length);
    }
    catchUp();
    return CompletableFuture.completedFuture(offset);
  }

  @Override
  public CompletableFuture<Long> endOf(Generation generation, int shard) {
    return CompletableFuture.completedFuture((long) log(generation.shard(shard)).size());
  }

  @Override
  public Optional<ShardService> find(String nodeId) {
    return Optional.of(nodes.get(Integer.parseInt(nodeId.substring("node-".length()))));
  }

  @Override
  public String localNodeId() {
    return nodeId(0);
  }

  /** Answers operators and probes of this world. */
  public NodeService node(RequestMetrics metrics) {
    return new NodeService(
        collections,
        metrics,
        new Quotas(view, nodeId(0), admin, resources, System::nanoTime),
        resources,
        () -> true,
        World::status);
  }

  /** Of nodes that say nothing. */
  public static ClusterStatus status() {
    return new ClusterStatus(
        null, List.of(), List.of(), new ClusterStatus.Inbox("eddy.points", 0, 0, 0, 0, 0, 0, 0, 0));
  }

  /** Code and text of what a call fails with. */
  public static EddyException failureOf(Runnable call) {
    try {
      call.run();
    } catch (EddyException e) {
      return e;
    }
    throw new AssertionError("no failure");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
