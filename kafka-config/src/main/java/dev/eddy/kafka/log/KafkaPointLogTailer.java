package dev.eddy.kafka.log;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.client.EndOffsets;
import dev.eddy.kafka.client.TopicIds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The point log's tailer on Kafka: two consumers on a thread each.
 *
 * <p>A fetch makes the broker look at every partition of the consumer, and a new one has to wait
 * until the fetch before has ended. So one reader asks often, for the partitions that are new or
 * have data all the time, and the other one seldom, for those that are quiet. One that goes from
 * one to the other is read by both for a while, and its sink gets everything once.
 *
 * <p>A topic is looked up by id before its first record is delivered and every few seconds from
 * then on, so a topic that was deleted and made again is never read as the old one.
 */
public final class KafkaPointLogTailer implements PointLogTailer {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaPointLogTailer.class);
  private static final Duration LOOKUP_RETRY = Duration.ofMillis(100);
  private static final int LOOKUP_MISSES_MAX = 30;

  /** In a fifth of a second: so often there is data only where somebody streams. */
  private static final int LIVELY_READS = 3;

  private final EndOffsets endOffsets;
  private final TopicIds topicIds;
  private final Executor lookupRetry =
      CompletableFuture.delayedExecutor(LOOKUP_RETRY.toMillis(), TimeUnit.MILLISECONDS);
  private final Map<TopicPartition, Tail> assigned = new ConcurrentHashMap<>();
  private final TailReader lively;
  private final TailReader resting;
  private volatile boolean isClosed;

  public KafkaPointLogTailer(ClientPresets presets, TailerSettings settings) {
    String role = settings.role();
    long quietNanos = settings.quiet().toNanos();
    Owning owner = new Owning();
    this.endOffsets = new EndOffsets(presets, role + "-ends");
    this.topicIds = new TopicIds(presets, role + "-topics");
    this.lively =
        new TailReader(
            role + "-lively",
            settings.livelyWait(),
            settings.overlap(),
            presets,
            (reads, quiet) -> quiet >= quietNanos,
            owner);
    this.resting =
        new TailReader(
            role + "-resting",
            settings.restingWait(),
            settings.overlap(),
            presets,
            (reads, quiet) -> reads >= LIVELY_READS,
            owner);
  }

  @Override
  public void assign(LogPartition partition, long fromOffset, int leaderEpoch, PartitionSink sink) {
    if (fromOffset < 0) {
      throw new IllegalArgumentException("fromOffset must not be negative, got " + fromOffset);
    }
    Tail tail = new Tail(partition, fromOffset, leaderEpoch, sink);
    if (assigned.putIfAbsent(tail.kafkaPartition(), tail) != null) {
      throw new IllegalStateException("partition " + partition + " is assigned already");
    }
    lookUp(tail);
  }

  private void lookUp(Tail tail) {
    topicIds
        .exists(tail.partition().topicId())
        .whenComplete(
            (exists, failure) -> lookedUp(tail, failure == null, Boolean.TRUE.equals(exists)));
  }

  private void lookedUp(Tail tail, boolean isAnswered, boolean exists) {
    if (tail.isCancelled() || isClosed) {
      return;
    }
    if (exists) {
      OffsetAndMetadata from = tail.position();
      LOG.info(
          "event=assigned partition={} offset={} epoch={}",
          tail.partition(),
          from.offset(),
          from.leaderEpoch().orElse(-1));
      lively.add(List.of(tail));
      return;
    }
    // A topic that was just made may not be known everywhere; a broker that does not answer says
    // nothing about the topic.
    if (tail.countMiss(isAnswered) < LOOKUP_MISSES_MAX) {
      lookupRetry.execute(() -> lookUp(tail));
    } else if (tail.cancel()) {
      assigned.remove(tail.kafkaPartition(), tail);
      tail.sink().logGone(tail.partition().topicId());
    }
  }

  @Override
  public CompletableFuture<Void> unassign(LogPartition partition) {
    Tail tail = assigned.get(new TopicPartition(partition.topic(), partition.partition()));
    if (tail == null || !tail.partition().equals(partition)) {
      return CompletableFuture.completedFuture(null);
    }
    var _ = tail.cancel();
    return CompletableFuture.allOf(lively.remove(tail), resting.remove(tail))
        .thenRun(() -> {
          assigned.remove(tail.kafkaPartition(), tail);
          LOG.info("event=revoked partition={}", tail.partition());
        });
  }

  @Override
  public CompletableFuture<Long> endOffset(LogPartition partition) {
    return endOffsets.latest(partition.topic(), partition.partition());
  }

  @Override
  public OptionalLong cachedEndOffset(LogPartition partition) {
    Tail tail = assigned.get(new TopicPartition(partition.topic(), partition.partition()));
    return tail == null || tail.endOffset() < 0
        ? OptionalLong.empty()
        : OptionalLong.of(tail.endOffset());
  }

  @Override
  public void close() {
    isClosed = true;
    lively.close();
    resting.close();
    lively.awaitEnd();
    resting.awaitEnd();
    topicIds.close();
    endOffsets.close();
  }

  /** What the readers ask. */
  private final class Owning implements TailReader.Owner {
    @Override
    public void handOver(TailReader from, List<Tail> tails) {
      (from == lively ? resting : lively).add(tails);
    }

    @Override
    public void forget(Tail tail) {
      // Before it can be assigned again: each reader takes its commands in turn.
      var _ = lively.remove(tail);
      var _ = resting.remove(tail);
      assigned.remove(tail.kafkaPartition(), tail);
    }

    @Override
    public CompletableFuture<Long> endOffset(LogPartition partition) {
      return KafkaPointLogTailer.this.endOffset(partition);
    }

    @Override
    public CompletableFuture<Map<UUID, Boolean>> exist(Collection<UUID> ids) {
      return topicIds.exists(ids);
    }
  }
}
