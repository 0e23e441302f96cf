package dev.eddy.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.kafka.log.AppendOutcomeUnknownException;
import dev.eddy.kafka.log.LogBusyException;
import dev.eddy.kafka.log.LogHeader;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.RecordTooLargeForLogException;
import dev.eddy.kafka.log.TopicGoneException;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.query.write.LogDroppedException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaLogsTest {
  private static final UUID TOPIC_ID = UUID.randomUUID();
  private static final LogPartition PARTITION = new LogPartition(TOPIC_ID, "eddy.c.g1.log", 2);

  @Test
  void aShardIsItsPartition() {
    FailingWriter writer = new FailingWriter(null);
    assertThat(logs(writer).append(generation(TOPIC_ID), 2, new byte[1]).join()).isEqualTo(41);
    assertThat(writer.asked).isEqualTo(PARTITION);
    assertThat(logs(writer).endOf(generation(TOPIC_ID), 2).join()).isEqualTo(42);
  }

  @Test
  void everyFailureOfTheLogHasItsCode() {
    assertThat(failure(new TopicGoneException(PARTITION))).isInstanceOf(LogDroppedException.class);
    assertThat(code(new LogBusyException(1, 2, 3))).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(code(new RecordTooLargeForLogException(2, 1)))
        .isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(code(new AppendOutcomeUnknownException(PARTITION, null)))
        .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    assertThat(failure(new IllegalStateException("closed")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCollectionWithoutATopicIsUnavailable() {
    EddyException failure =
        catchThrowableOfType(
            EddyException.class,
            () -> logs(new FailingWriter(null)).append(generation(null), 0, new byte[1]));
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  private static ErrorCode code(RuntimeException failure) {
    return ((EddyException) failure(failure)).code();
  }

  private static Throwable failure(RuntimeException failure) {
    ExecutionException told =
        catchThrowableOfType(
            ExecutionException.class,
            () ->
                logs(new FailingWriter(failure))
                    .append(generation(TOPIC_ID), 0, new byte[1])
                    .get());
    return Objects.requireNonNull(told.getCause());
  }

  private static KafkaLogs logs(PointLogWriter writer) {
    return new KafkaLogs(writer, partition -> CompletableFuture.completedFuture(42L));
  }

  private static Generation generation(@Nullable UUID topicId) {
    return new Generation(
        UUID.randomUUID(),
        "c",
        1,
        Generation.State.ACTIVE,
        CollectionSpec.of(Map.of()),
        "eddy.c.g1.log",
        topicId,
        new InboxEnds(UUID.randomUUID(), List.of()),
        null,
        0);
  }

  private static final class FailingWriter implements PointLogWriter {
    private final @Nullable RuntimeException failure;
    private @Nullable LogPartition asked;

    FailingWriter(@Nullable RuntimeException failure) {
      this.failure = failure;
    }

    @Override
    public CompletableFuture<Long> append(
        LogPartition partition, byte[] value, List<LogHeader> headers) {
      asked = partition;
      return failure == null
          ? CompletableFuture.completedFuture(41L)
          : CompletableFuture.failedFuture(failure);
    }

    @Override
    public void logDropped(UUID topicId) {}

    @Override
    public void close() {}
  }
}
