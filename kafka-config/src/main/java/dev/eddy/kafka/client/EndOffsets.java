package dev.eddy.kafka.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks leaders for log ends, many questions in one request. Safe from any thread.
 *
 * <p>An answer always belongs to a request that left after the question came, so everything
 * acknowledged before the question is below it. It is the high watermark: records of open
 * transactions are below it, too, so who waits for it waits them out.
 */
public final class EndOffsets implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;

  private final Admin admin;
  private final Gathering<TopicPartition, Long> questions = new Gathering<>(this::request);

  public EndOffsets(ClientPresets presets, String role) {
    this.admin = presets.admin(role);
  }

  /**
   * The offset that the next record of the partition will get; fails after 5 s, also if the topic
   * does not exist.
   */
  public CompletableFuture<Long> latest(String topic, int partition) {
    return questions.ask(new TopicPartition(topic, partition));
  }

  private Map<TopicPartition, CompletableFuture<Long>> request(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    ListOffsetsResult result =
        admin.listOffsets(
            asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(TIMEOUT_MS));
    Map<TopicPartition, CompletableFuture<Long>> answers = new HashMap<>();
    for (TopicPartition partition : partitions) {
      answers.put(
          partition,
          result
              .partitionResult(partition)
              .toCompletionStage()
              .toCompletableFuture()
              .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset));
    }
    return answers;
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ofSeconds(1));
    questions.close();
  }
}
