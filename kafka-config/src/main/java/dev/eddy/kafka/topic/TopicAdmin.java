package dev.eddy.kafka.topic;

import dev.eddy.kafka.client.ClientPresets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Creates, deletes and describes topics. Blocking; safe from any thread.
 *
 * <p>Admin calls are not fenced by Kafka: whoever decides about collections writes the decision
 * first and calls here after it, and deletes by id, so that a repeat by a resumed old controller
 * hits nothing that is newer.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(12);
  private static final Duration VISIBLE_PAUSE = Duration.ofMillis(1);
  private static final Duration BROKER_COUNT_AGE_MAX = Duration.ofSeconds(10);
  private static final int REPLICAS_MAX = 3;

  private final ClientPresets presets;
  private final TopicCatalogue catalogue;
  private final Admin admin;
  private volatile @Nullable BrokerCount lastBrokerCount;

  /** Connects lazily; see {@link #awaitReachable}. */
  public TopicAdmin(ClientPresets presets, TopicCatalogue catalogue) {
    this.presets = presets;
    this.catalogue = catalogue;
    this.admin = presets.admin("topics");
  }

  /** The names and settings that it works with. */
  public TopicCatalogue catalogue() {
    return catalogue;
  }

  /**
   * Returns when a broker answers.
   *
   * @throws BrokerUnreachableException if none does in time
   */
  public void awaitReachable(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        var options = new org.apache.kafka.clients.admin.DescribeClusterOptions().timeoutMs(2_000);
        if (!admin.describeCluster(options).nodes().get(3, TimeUnit.SECONDS).isEmpty()) {
          return;
        }
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() - deadline >= 0) {
          throw new BrokerUnreachableException(
              "no kafka broker answers at %s within %d s"
                  .formatted(presets.bootstrapServers(), timeout.toSeconds()),
              e);
        }
      } catch (InterruptedException e) {
        throw interrupted("describe the cluster", e);
      }
    }
  }

  /** Number of live brokers. */
  public int brokerCount() {
    return await(admin.describeCluster().nodes(), "describe the cluster").size();
  }

  /**
   * Creates those of the fixed topics that are missing, with the given partition count of a new
   * inbox. Existing ones stay as they are.
   */
  public void createFixedTopics(int inboxPartitions) {
    List<TopicSpec> specs = catalogue.fixedSpecs(inboxPartitions);
    List<String> existing = new ArrayList<>(await(admin.listTopics().names(), "list topics"));
    List<TopicSpec> missing =
        specs.stream().filter(spec -> !existing.contains(spec.name())).toList();
    if (missing.isEmpty()) {
      return;
    }
    int brokers = brokerCount();
    CreateTopicsResult result =
        admin.createTopics(missing.stream().map(spec -> newTopic(spec, brokers)).toList());
    for (TopicSpec spec : missing) {
      try {
        await(result.topicId(spec.name()), "create topic " + spec.name());
      } catch (TopicException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // Another node may have been faster.
          throw e;
        }
      }
      awaitVisible(spec.name());
    }
  }

  /**
   * The controller answers before the brokers know: a topic that was just made may be unknown for
   * some milliseconds.
   */
  private TopicDescription awaitVisible(String topic) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      Optional<TopicDescription> found = describe(topic);
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        throw new TopicException("topic %s was created but is not visible yet".formatted(topic));
      }
      LockSupport.parkNanos(VISIBLE_PAUSE.toNanos());
    }
  }

  /**
   * Creates the log of one generation and returns its id; if it exists already, for instance by an
   * interrupted earlier attempt, the existing one's.
   *
   * @throws TopicException if an existing topic has another partition count
   */
  public UUID createLog(String collection, int generation, int shardCount) {
    TopicSpec spec = catalogue.logSpec(collection, generation, shardCount);
    try {
      CreateTopicsResult result = admin.createTopics(List.of(newTopic(spec, recentBrokerCount())));
      await(result.topicId(spec.name()), "create topic " + spec.name());
      return awaitVisible(spec.name()).id();
    } catch (TopicException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      TopicDescription existing = awaitVisible(spec.name());
      if (existing.partitions() != shardCount) {
        throw new TopicException(
            "topic %s exists with %d partitions, expected %d"
                .formatted(spec.name(), existing.partitions(), shardCount));
      }
      return existing.id();
    }
  }

  private int recentBrokerCount() {
    BrokerCount last = lastBrokerCount;
    long now = System.nanoTime();
    if (last == null || now - last.askedNanos > BROKER_COUNT_AGE_MAX.toNanos()) {
      last = new BrokerCount(brokerCount(), now);
      lastBrokerCount = last;
    }
    return last.count;
  }

  private static NewTopic newTopic(TopicSpec spec, int brokers) {
    int replicas = Math.clamp(brokers, 1, REPLICAS_MAX);
    Map<String, String> configs = new HashMap<>(spec.configs());
    configs.put("min.insync.replicas", replicas == REPLICAS_MAX ? "2" : "1");
    return new NewTopic(spec.name(), spec.partitions(), (short) replicas).configs(configs);
  }

  /**
   * Deletes a topic by its id; false if there is none any more. Records and files go in the
   * background.
   */
  public boolean delete(UUID topicId) {
    try {
      await(
          admin.deleteTopics(TopicCollection.ofTopicIds(List.of(toKafka(topicId)))).all(),
          "delete topic " + topicId);
      return true;
    } catch (TopicException e) {
      if (isUnknownTopic(e.getCause())) {
        return false;
      }
      throw e;
    }
  }

  /** Describes a topic by name; empty if there is none. */
  public Optional<TopicDescription> describe(String name) {
    return describe(admin.describeTopics(List.of(name)).topicNameValues().get(name), name);
  }

  /** Describes a topic by id; empty if there is none any more. */
  public Optional<TopicDescription> describe(UUID topicId) {
    Uuid id = toKafka(topicId);
    return describe(
        admin.describeTopics(TopicCollection.ofTopicIds(List.of(id))).topicIdValues().get(id),
        topicId.toString());
  }

  private static Optional<TopicDescription> describe(
      @Nullable KafkaFuture<org.apache.kafka.clients.admin.TopicDescription> future, String topic) {
    if (future == null) {
      return Optional.empty();
    }
    try {
      var found = await(future, "describe topic " + topic);
      int replicas = REPLICAS_MAX;
      for (TopicPartitionInfo partition : found.partitions()) {
        replicas = Math.min(replicas, partition.replicas().size());
      }
      return Optional.of(
          new TopicDescription(
              toUuid(found.topicId()), found.name(), found.partitions().size(), replicas));
    } catch (TopicException e) {
      if (isUnknownTopic(e.getCause())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Name to id of every point log of this cluster that exists now. */
  public Map<String, UUID> listLogs() {
    Collection<TopicListing> topics =
        await(
            admin.listTopics(new ListTopicsOptions().listInternal(false)).listings(),
            "list topics");
    Map<String, UUID> logs = new HashMap<>();
    for (TopicListing topic : topics) {
      if (catalogue.parseLog(topic.name()).isPresent()) {
        logs.put(topic.name(), toUuid(topic.topicId()));
      }
    }
    return logs;
  }

  /** Bytes on disk of every topic of this cluster: per partition those of its largest replica. */
  public Map<String, Long> logBytes() {
    List<Integer> brokers =
        await(admin.describeCluster().nodes(), "describe the cluster").stream()
            .map(Node::id)
            .toList();
    Map<TopicPartition, Long> largest = new HashMap<>();
    for (Map<String, LogDirDescription> folders :
        await(admin.describeLogDirs(brokers).allDescriptions(), "describe log folders").values()) {
      for (LogDirDescription folder : folders.values()) {
        folder
            .replicaInfos()
            .forEach((partition, replica) -> largest.merge(partition, replica.size(), Math::max));
      }
    }
    Map<String, Long> bytes = new HashMap<>();
    largest.forEach((partition, size) -> {
      if (partition.topic().startsWith(catalogue.cluster() + ".")) {
        bytes.merge(partition.topic(), size, Long::sum);
      }
    });
    return bytes;
  }

  /** The log end of every partition of a topic: the offset that the next record will get. */
  public long[] endOffsets(String topic) {
    return offsets(topic, OffsetSpec.latest());
  }

  /** The first offset that every partition of a topic still holds, or its end if it is empty. */
  public long[] startOffsets(String topic) {
    return offsets(topic, OffsetSpec.earliest());
  }

  private long[] offsets(String topic, OffsetSpec which) {
    int partitions =
        describe(topic)
            .orElseThrow(() -> new TopicException("topic " + topic + " does not exist"))
            .partitions();
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      asked.put(new TopicPartition(topic, partition), which);
    }
    var found = await(admin.listOffsets(asked).all(), "list offsets of topic " + topic);
    long[] ends = new long[partitions];
    found.forEach((partition, offset) -> ends[partition.partition()] = offset.offset());
    return ends;
  }

  Admin admin() {
    return admin;
  }

  static <T> T await(KafkaFuture<T> future, String operation) {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TopicException(
          "kafka could not %s: %s".formatted(operation, cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new TopicException(
          "kafka did not %s within %d s".formatted(operation, TIMEOUT.toSeconds()), e);
    } catch (InterruptedException e) {
      throw interrupted(operation, e);
    }
  }

  private static TopicException interrupted(String operation, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new TopicException("interrupted while waiting for kafka to " + operation, e);
  }

  private static boolean isUnknownTopic(@Nullable Throwable cause) {
    return cause instanceof UnknownTopicIdException
        || cause instanceof UnknownTopicOrPartitionException;
  }

  private static UUID toUuid(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  private static Uuid toKafka(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }

  private record BrokerCount(int count, long askedNanos) {}
}
