package dev.eddy.ingest.inbox;

import static java.util.Objects.requireNonNull;

import dev.eddy.ingest.deadletter.DeadLetterSink;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.cluster.FullMemory;
import dev.eddy.model.error.EddyException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop from the inbox to the logs: poll, verify the metadata, judge, send, and commit what is
 * delivered.
 *
 * <p>Every failure of a send ends in the same place: the source partition is positioned again at
 * what was surely delivered, with a new origin chain, so that shards apply each record exactly once
 * whatever is sent twice.
 *
 * <p>Threading: {@link #run} owns everything; {@link #stop}, {@link #positions} and the counters
 * are safe from any thread.
 */
public final class InboxPipeline implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxPipeline.class);
  private static final Duration META_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final InboxRecords judge;
  private final LogOutbox outbox;
  private final DeadLetterSink deadLetters;
  private final ClusterView view;
  private final InboxSettings settings;
  private final InboxCounters counters;
  private final LongSupplier nanoClock;
  private final UUID topicId;
  private final BrokenChainWatch brokenChains;

  private final Map<Integer, SourcePartition> sources = new HashMap<>();
  private final Map<Integer, Long> heldUntilNanos = new HashMap<>();
  private Set<String> fullNodes = Set.of();
  private long nextCommitNanos;
  private volatile Map<Integer, Long> positions = Map.of();
  private volatile boolean stopped;

  /** What the pipeline stands between. */
  public record Ends(
      Consumer<byte[], byte[]> consumer,
      PointLogWriter writer,
      DeadLetterSink deadLetters,
      ClusterView view) {}

  /**
   * A pipeline that has not started.
   *
   * @param checks runs blocking looks at the metadata
   * @param nanoClock monotonic
   */
  public InboxPipeline(
      Ends ends,
      String topic,
      UUID topicId,
      InboxSettings settings,
      InboxCounters counters,
      Executor checks,
      LongSupplier nanoClock) {
    this.consumer = requireNonNull(ends.consumer, "consumer");
    this.topic = requireNonNull(topic, "topic");
    this.topicId = requireNonNull(topicId, "topicId");
    this.judge = new InboxRecords(topicId, settings.recordBytesMax());
    this.outbox = new LogOutbox(ends.writer, ends.view, checks);
    this.deadLetters = requireNonNull(ends.deadLetters, "deadLetters");
    this.view = requireNonNull(ends.view, "view");
    this.settings = requireNonNull(settings, "settings");
    this.counters = requireNonNull(counters, "counters");
    this.nanoClock = requireNonNull(nanoClock, "nanoClock");
    this.brokenChains = new BrokenChainWatch(topicId, settings.brokenChainPatience());
  }

  /** Delivered offset per inbox partition that this process has. */
  public Map<Integer, Long> positions() {
    return positions;
  }

  /** Lets {@link #run} return after a last commit. */
  public void stop() {
    stopped = true;
    consumer.wakeup();
  }

  @Override
  public void run() {
    consumer.subscribe(List.of(topic), new Assignment());
    try {
      while (!stopped) {
        turn();
      }
    } finally {
      drain();
      consumer.close();
    }
  }

  /**
   * One turn of the loop; an error of the broker or of the metadata costs a pause, never the
   * thread.
   */
  private void turn() {
    try {
      step();
    } catch (WakeupException e) {
      LOG.debug("event=inbox-woken");
    } catch (OffsetOutOfRangeException e) {
      declareTrimmed(e);
    } catch (KafkaException | EddyException e) {
      LOG.warn("event=inbox-step-failed reason=\"{}\"", e.getMessage());
      sources.keySet().forEach(this::reposition);
    }
  }

  /** Visible to tests: one poll and what follows from it. */
  void step() {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(settings.pollTimeout());
    settle();
    decide(desk(view.state()));
    if (!records.isEmpty()) {
      // As new as the arrival of everything in this poll: a drop or a creation that came before is
      // known.
      SourcePartition.Desk desk = desk(view.readToEnd(META_TIMEOUT));
      decide(desk);
      for (TopicPartition partition : records.partitions()) {
        take(partition.partition(), records.records(partition), desk);
      }
      settle();
    }
    healChains();
    throttle();
    commitDelivered();
  }

  private SourcePartition.Desk desk(ClusterState state) {
    Set<String> full = FullMemory.nodeIds(view.liveNodes());
    if (!full.equals(fullNodes)) {
      fullNodes = full;
      LOG.info("event=inbox-full-nodes nodes={} effect=\"what is for them waits\"", full);
    }
    return new SourcePartition.Desk(state, full, judge, outbox, deadLetters);
  }

  /** Takes a newer state over: what waited to know where it belongs goes on its way. */
  private void decide(SourcePartition.Desk desk) {
    outbox.adopt(desk.state());
    sources.values().forEach(source -> source.decide(desk));
  }

  private void take(
      int partition, List<ConsumerRecord<byte[], byte[]>> records, SourcePartition.Desk desk) {
    SourcePartition source = sources.get(partition);
    if (source != null && !heldUntilNanos.containsKey(partition)) {
      long end = records.getLast().offset() + 1;
      source.take(records, end, desk);
    }
  }

  /** Counts what arrived and starts again what failed. */
  private void settle() {
    List<Integer> failed =
        sources.entrySet().stream()
            .filter(entry -> entry.getValue().hasFailed())
            .map(Map.Entry::getKey)
            .toList();
    failed.forEach(this::reposition);
  }

  private void reposition(int partition) {
    SourcePartition source = sources.get(partition);
    if (source == null) {
      return;
    }
    source.reposition();
    deadLetters.reposition(partition);
    consumer.seek(new TopicPartition(topic, partition), source.delivered());
    heldUntilNanos.put(partition, nanoClock.getAsLong() + settings.retryBackoff().toNanos());
    LOG.info("event=inbox-repositioned partition={} offset={}", partition, source.delivered());
  }

  private void healChains() {
    for (BrokenChainWatch.Break found :
        brokenChains.due(view.liveNodes(), sources.keySet(), nanoClock.getAsLong())) {
      SourcePartition source = sources.get(found.chain().partition());
      if (source == null) {
        continue;
      }
      if (found.chain().before() < source.delivered()) {
        counters.declaredLosses.incrementAndGet();
        LOG.error(
            "event=declared-loss shard={} source_partition={} from={} to={}"
                + " remedy=\"the log lost records that it had acknowledged; write these inbox offsets again\"",
            found.shard(),
            found.chain().partition(),
            found.chain().last() + 1,
            found.chain().before());
      }
      reposition(found.chain().partition());
    }
  }

  /** Pauses what is full or backing off, resumes the rest. */
  private void throttle() {
    long now = nanoClock.getAsLong();
    heldUntilNanos.values().removeIf(until -> until - now <= 0);
    for (Map.Entry<Integer, SourcePartition> entry : sources.entrySet()) {
      List<TopicPartition> partition = List.of(new TopicPartition(topic, entry.getKey()));
      if (entry.getValue().isFull()
          || entry.getValue().isWaiting()
          || heldUntilNanos.containsKey(entry.getKey())) {
        consumer.pause(partition);
      } else {
        consumer.resume(partition);
      }
    }
  }

  private void commitDelivered() {
    if (nanoClock.getAsLong() - nextCommitNanos >= 0) {
      nextCommitNanos = nanoClock.getAsLong() + settings.commitInterval().toNanos();
      Map<Integer, Long> delivered = delivered();
      if (!delivered.equals(positions)) {
        positions = delivered;
        consumer.commitAsync(offsets(delivered), null);
      }
    }
  }

  private Map<Integer, Long> delivered() {
    Map<Integer, Long> delivered = new TreeMap<>();
    sources.forEach((partition, source) -> delivered.put(partition, source.delivered()));
    return delivered;
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Integer, Long> delivered) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    delivered.forEach((partition, offset) ->
        offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
    return offsets;
  }

  private void drain() {
    try {
      long deadline = nanoClock.getAsLong() + META_TIMEOUT.toNanos();
      settleQuietly();
      while (sources.values().stream().anyMatch(source -> !source.isIdle())
          && nanoClock.getAsLong() < deadline) {
        Thread.sleep(5);
        settleQuietly();
      }
      consumer.commitSync(offsets(delivered()), META_TIMEOUT);
    } catch (KafkaException e) {
      LOG.warn("event=inbox-last-commit-failed reason=\"{}\"", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void settleQuietly() {
    sources.values().removeIf(SourcePartition::hasFailed);
  }

  /** The inbox's retention passed what was delivered: said aloud, then on from what is left. */
  private void declareTrimmed(OffsetOutOfRangeException e) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(e.partitions());
    for (TopicPartition partition : e.partitions()) {
      long start = starts.getOrDefault(partition, 0L);
      counters.declaredLosses.incrementAndGet();
      LOG.error(
          "event=declared-loss source_partition={} to={} reason=\"the inbox's retention removed records before they"
              + " were taken\"",
          partition.partition(),
          start - 1);
      adopt(partition.partition(), start);
      consumer.seek(partition, start);
    }
  }

  private void adopt(int partition, long position) {
    deadLetters.reposition(partition);
    sources.put(partition, new SourcePartition(topicId, partition, position, settings, counters));
  }

  private final class Assignment implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      if (assigned.isEmpty()) {
        return;
      }
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(assigned));
      Map<TopicPartition, Long> starts = consumer.beginningOffsets(assigned);
      for (TopicPartition partition : assigned) {
        OffsetAndMetadata found = committed.get(partition);
        long position = found != null ? found.offset() : starts.getOrDefault(partition, 0L);
        adopt(partition.partition(), position);
        consumer.seek(partition, position);
        LOG.info("event=inbox-assigned partition={} offset={}", partition.partition(), position);
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      settleQuietly();
      Map<Integer, Long> delivered = delivered();
      delivered.keySet().retainAll(revoked.stream().map(TopicPartition::partition).toList());
      if (!delivered.isEmpty()) {
        consumer.commitSync(offsets(delivered), META_TIMEOUT);
      }
      onPartitionsLost(revoked);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      for (TopicPartition partition : lost) {
        sources.remove(partition.partition());
        heldUntilNanos.remove(partition.partition());
        deadLetters.reposition(partition.partition());
      }
    }
  }
}
