package dev.eddy.ingest;

import static java.util.Objects.requireNonNull;

import dev.eddy.ingest.deadletter.DeadLetterSink;
import dev.eddy.ingest.deadletter.KafkaDeadLetters;
import dev.eddy.ingest.inbox.InboxCounters;
import dev.eddy.ingest.inbox.InboxPipeline;
import dev.eddy.ingest.inbox.InboxSettings;
import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.log.KafkaPointLogWriter;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.WriterSettings;
import dev.eddy.kafka.topic.TopicAdmin;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.NodeReport.IngestReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The inbox pipeline as a running role: its own consumer, producers and thread. */
public final class IngestNode implements AutoCloseable {
  /**
   * A dead member's partitions move on after this; a restart of the same node takes them at once.
   */
  private static final int SESSION_TIMEOUT_MS = 6_000;

  private final InboxPipeline pipeline;
  private final InboxCounters counters;
  private final PointLogWriter writer;
  private final DeadLetterSink deadLetters;
  private final ExecutorService checks;
  private final Thread thread;

  private IngestNode(
      InboxPipeline pipeline,
      InboxCounters counters,
      PointLogWriter writer,
      DeadLetterSink deadLetters,
      ExecutorService checks) {
    this.pipeline = pipeline;
    this.counters = counters;
    this.writer = writer;
    this.deadLetters = deadLetters;
    this.checks = checks;
    this.thread = Thread.ofPlatform().name("inbox-pipeline").unstarted(pipeline);
  }

  /**
   * Starts taking from the inbox.
   *
   * @param nodeId persistent identity of this process: its static group membership, so that a
   *     restart after kill -9 waits for no session timeout
   */
  public static IngestNode start(
      ClientPresets presets,
      TopicCatalogue topics,
      TopicAdmin admin,
      ClusterView view,
      String nodeId,
      InboxSettings settings) {
    requireNonNull(nodeId, "nodeId");
    UUID inboxTopicId =
        admin
            .describe(topics.points())
            .orElseThrow(() -> new IllegalStateException("no inbox topic " + topics.points()))
            .id();
    InboxCounters counters = new InboxCounters();
    PointLogWriter writer = new KafkaPointLogWriter(presets, WriterSettings.DEFAULT);
    DeadLetterSink deadLetters = new KafkaDeadLetters(presets, topics, inboxTopicId);
    ExecutorService checks = Executors.newVirtualThreadPerTaskExecutor();
    InboxPipeline pipeline =
        new InboxPipeline(
            new InboxPipeline.Ends(
                consumer(presets, topics, nodeId, settings), writer, deadLetters, view),
            topics.points(),
            inboxTopicId,
            settings,
            counters,
            checks,
            System::nanoTime);
    IngestNode node = new IngestNode(pipeline, counters, writer, deadLetters, checks);
    node.thread.start();
    return node;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      ClientPresets presets, TopicCatalogue topics, String nodeId, InboxSettings settings) {
    Map<String, Object> config = presets.tailingSettings("inbox", settings.pollTimeout());
    config.put("group.id", topics.cluster() + "-ingest");
    config.put("group.protocol", "classic");
    config.put("group.instance.id", nodeId + "-ingest");
    config.put("session.timeout.ms", SESSION_TIMEOUT_MS);
    config.put("heartbeat.interval.ms", 1_000);
    config.put("max.poll.interval.ms", 60_000);
    config.put(
        "partition.assignment.strategy",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What this process has done, for its node report. */
  public IngestReport report() {
    Map<Integer, Long> positions = pipeline.positions();
    List<Long> byPartition = new ArrayList<>();
    int partitions = positions.keySet().stream().mapToInt(p -> p + 1).max().orElse(0);
    for (int partition = 0; partition < partitions; partition++) {
      byPartition.add(positions.getOrDefault(partition, 0L));
    }
    return new IngestReport(
        counters.accepted(),
        counters.deadLetters(),
        counters.discarded(),
        counters.declaredLosses(),
        byPartition);
  }

  public InboxCounters counters() {
    return counters;
  }

  /** Whether the pipeline's thread still runs. */
  public boolean isRunning() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    pipeline.stop();
    try {
      thread.join(15_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deadLetters.close();
    writer.close();
    checks.close();
  }
}
