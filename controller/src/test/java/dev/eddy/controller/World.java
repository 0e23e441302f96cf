package dev.eddy.controller;

import dev.eddy.kafka.meta.ClusterStateFold;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.NodeReport.ShardReport;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster without Kafka: the metadata topic with its fence, log topics, nodes. One thread; a
 * controller can be stopped before or after any single effect that it has on the world.
 */
final class World {
  /** The process died: no effect of it follows. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A log topic: its records per partition. */
  record Topic(UUID id, String name, List<List<Update>> partitions) {}

  final Map<String, Topic> topics = new TreeMap<>();
  final Map<String, NodeReport> nodes = new LinkedHashMap<>();
  final List<String> trace = new ArrayList<>();

  /** The state of the newest generation whenever somebody asked where the inbox ends. */
  final List<Generation.State> asked = new ArrayList<>();

  boolean areNodesPrompt = true;
  long observedNanos;

  private final List<MetaChange> meta = new ArrayList<>();
  private final ClusterStateFold fold = new ClusterStateFold();
  private int fence;
  private long topicIds;

  ClusterState state() {
    return fold.state();
  }

  /** A controller that has taken office; everything older is fenced. */
  Seat elect(String name) {
    Seat seat = new Seat(name, ++fence);
    seat.office.decide(
        new MetaChange.LeaderElected(
            state().currentLeader().map(ClusterState.Leader::epoch).orElse(0L) + 1, name, 1));
    return seat;
  }

  void addNode(String nodeId, Role... roles) {
    nodes.put(nodeId, new NodeReport(nodeId, 1, Set.of(roles), "h:1", "h:2", 0, List.of(), null));
  }

  /** The node's report as it would be now. */
  private NodeReport report(NodeReport last) {
    if (!areNodesPrompt) {
      return last;
    }
    List<ShardReport> shards = new ArrayList<>();
    for (Placement placement : state().placements().values()) {
      for (int shard = 0; shard < placement.shards().size(); shard++) {
        if (placement.hosts(last.nodeId(), shard)) {
          shards.add(serving(new ShardId(placement.collectionId(), placement.generation(), shard)));
        }
      }
    }
    return new NodeReport(
        last.nodeId(),
        last.incarnation(),
        last.roles(),
        last.shardAddress(),
        last.peerAddress(),
        state().position(),
        shards,
        null);
  }

  static ShardReport serving(ShardId shard) {
    return new ShardReport(shard, ServingShards.SERVING, 1_000, 1_000, 0, 0, "");
  }

  /** One controller's hold on the world. */
  final class Seat implements DecisionLog, Logs, Members {
    final String name;
    final Office office;
    final Confirmations confirmations;
    final CollectionChanges changes;
    final RecordedChanges recorded;
    final ReadSets readSets;
    private final int epoch;
    private int steps;
    private int stopAt = Integer.MAX_VALUE;
    private Runnable atStop = () -> {};
    private boolean isDead;

    Seat(String name, int epoch) {
      this.name = name;
      this.epoch = epoch;
      this.office = new Office(this, state());
      this.confirmations = new Confirmations(this, Runnable::run);
      this.changes =
          new CollectionChanges(office, this, this, confirmations, Runnable::run, Runnable::run);
      this.recorded = new RecordedChanges(office, changes);
      this.readSets = new ReadSets(office, this, this, confirmations, Duration.ofSeconds(5));
    }

    /** Lets the process die before its n-th effect from now on. */
    void dieAt(int step) {
      stopAt(
          step,
          () -> {
            isDead = true;
          });
    }

    /** Lets something happen before the n-th effect from now on, after which it goes on. */
    void stopAt(int step, Runnable action) {
      steps = 0;
      stopAt = step;
      atStop = action;
    }

    /** Nothing more happens between its effects. */
    void disarm() {
      stopAt = Integer.MAX_VALUE;
    }

    private void step(String what) {
      if (steps++ == stopAt) {
        trace.add(name + " stopped before " + what);
        atStop.run();
      }
      if (isDead) {
        throw new Crash();
      }
      trace.add(name + " " + what);
    }

    @Override
    public List<Long> write(List<MetaChange> changes) {
      try {
        step("decides " + changes.stream().map(MetaChange::key).toList());
      } catch (Crash e) {
        throw new DeposedException("dead", e);
      }
      if (epoch != fence) {
        throw new DeposedException("fenced", new IllegalStateException());
      }
      List<Long> offsets = new ArrayList<>();
      for (MetaChange change : changes) {
        long offset = fold.position() + (meta.size() % 2); // With gaps.
        fold.apply(offset, change);
        meta.add(change);
        offsets.add(offset);
      }
      fold.advance(fold.position() + 1);
      return offsets;
    }

    @Override
    public String topic(String collection, int generation) {
      return collection + ".g" + generation;
    }

    @Override
    public UUID create(Generation generation) {
      step("creates " + generation.topic());
      return topics
          .computeIfAbsent(
              generation.topic(),
              topic -> {
                List<List<Update>> partitions = new ArrayList<>();
                for (int i = 0; i < generation.spec().shardNumber(); i++) {
                  partitions.add(new ArrayList<>());
                }
                return new Topic(new UUID(5, ++topicIds), topic, partitions);
              })
          .id();
    }

    @Override
    public Optional<UUID> find(String topic) {
      return Optional.ofNullable(topics.get(topic)).map(Topic::id);
    }

    @Override
    public void delete(UUID topicId) {
      step("deletes topic " + topicId.getLeastSignificantBits());
      topics.values().removeIf(topic -> topic.id().equals(topicId));
    }

    @Override
    public Map<String, UUID> list() {
      Map<String, UUID> found = new HashMap<>();
      topics.forEach((topic, made) -> found.put(topic, made.id()));
      return found;
    }

    @Override
    public InboxEnds inboxEnds() {
      step("asks where the inbox ends");
      state().generations().values().stream()
          .flatMap(List::stream)
          .max(Comparator.comparingInt(Generation::generation))
          .ifPresent(generation -> asked.add(generation.state()));
      return new InboxEnds(new UUID(6, 6), List.of((long) meta.size()));
    }

    @Override
    public InboxEnds inboxStarts() {
      return new InboxEnds(new UUID(6, 6), List.of(0L));
    }

    @Override
    public CompletableFuture<?> append(Generation generation, int shard, Update update) {
      step(
          "appends %s to %s/%d"
              .formatted(update.getClass().getSimpleName(), generation.topic(), shard));
      Topic topic = topics.get(generation.topic());
      if (topic == null || !topic.id().equals(generation.topicId())) {
        return CompletableFuture.failedFuture(new IllegalStateException("no such topic"));
      }
      topic.partitions().get(shard).add(update);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Long> end(Generation generation, int shard) {
      return CompletableFuture.completedFuture(500L);
    }

    @Override
    public List<NodeReport> live() {
      return nodes.values().stream().map(World.this::report).toList();
    }

    @Override
    public boolean readToEnd(Duration timeout) {
      return true;
    }

    @Override
    public long observedNanos() {
      return observedNanos;
    }

    @Override
    public void close() {}
  }
}
