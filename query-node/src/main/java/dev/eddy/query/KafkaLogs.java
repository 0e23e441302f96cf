package dev.eddy.query;

import static java.util.Objects.requireNonNull;

import dev.eddy.kafka.log.AppendOutcomeUnknownException;
import dev.eddy.kafka.log.LogBusyException;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogException;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.RecordTooLargeForLogException;
import dev.eddy.kafka.log.TopicGoneException;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.query.fanout.LogEnds;
import dev.eddy.query.write.LogAppender;
import dev.eddy.query.write.LogDroppedException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The core's two ports to the logs, over Kafka. */
final class KafkaLogs implements LogAppender, LogEnds {
  private final PointLogWriter writer;
  private final Function<LogPartition, CompletableFuture<Long>> ends;

  KafkaLogs(PointLogWriter writer, Function<LogPartition, CompletableFuture<Long>> ends) {
    this.writer = requireNonNull(writer, "writer");
    this.ends = requireNonNull(ends, "ends");
  }

  @Override
  public CompletableFuture<Long> append(Generation generation, int shard, byte[] record) {
    return writer
        .append(partition(generation, shard), record)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translate(failure)));
  }

  @Override
  public CompletableFuture<Long> endOf(Generation generation, int shard) {
    return ends.apply(partition(generation, shard));
  }

  private static LogPartition partition(Generation generation, int shard) {
    UUID topicId = generation.topicId();
    if (topicId == null) {
      throw new EddyException(
          ErrorCode.UNAVAILABLE,
          "Unavailable: collection `" + generation.name() + "` has no log yet");
    }
    return new LogPartition(topicId, generation.topic(), shard);
  }

  private static Throwable translate(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (!(cause instanceof PointLogException logFailure)) {
      return cause;
    }
    return switch (logFailure) {
      case TopicGoneException gone ->
          new LogDroppedException(String.valueOf(gone.getMessage()), gone);
      case LogBusyException busy ->
          new EddyException(ErrorCode.OVERLOADED, "Overloaded: " + busy.getMessage(), busy);
      case RecordTooLargeForLogException large ->
          new EddyException(
              ErrorCode.PAYLOAD_TOO_LARGE, "Payload too large: " + large.getMessage(), large);
      case AppendOutcomeUnknownException unknown ->
          new EddyException(
              ErrorCode.OUTCOME_UNKNOWN,
              "Service internal error: the write's outcome is unknown, it may be applied: "
                  + unknown.getMessage(),
              unknown);
    };
  }
}
