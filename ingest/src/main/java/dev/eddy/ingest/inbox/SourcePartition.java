package dev.eddy.ingest.inbox;

import dev.eddy.ingest.deadletter.DeadLetter;
import dev.eddy.ingest.deadletter.DeadLetterSink;
import dev.eddy.ingest.inbox.InboxRecords.Judgement;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.log.LogRecordCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One partition of the inbox: its chain, and what of it is on its way.
 *
 * <p>Threading: owned by the pipeline's thread.
 *
 * <p>Invariant: everything below {@link #delivered()} is acknowledged by a log, a dead letter, or
 * discarded with its generation; nothing else is ever committed.
 */
final class SourcePartition {
  /** What one poll brought, delivered or failed as a whole. */
  private record Unit(
      long end,
      long bytes,
      CompletableFuture<?> done,
      List<CompletableFuture<LogOutbox.Sent>> sent,
      int letters,
      int discarded) {}

  private static final class Bundle {
    private final Generation generation;
    private final int shard;
    private final List<InboxChange> changes = new ArrayList<>();
    private int bytes;

    private Bundle(Generation generation, int shard) {
      this.generation = generation;
      this.shard = shard;
    }
  }

  private final UUID inboxTopicId;
  private final int partition;
  private final InboxSettings settings;
  private final InboxCounters counters;
  private final ArrayDeque<Unit> units = new ArrayDeque<>();
  private OriginChain chain = new OriginChain();
  private long delivered;
  private long inFlightBytes;

  SourcePartition(
      UUID inboxTopicId,
      int partition,
      long position,
      InboxSettings settings,
      InboxCounters counters) {
    this.inboxTopicId = inboxTopicId;
    this.partition = partition;
    this.delivered = position;
    this.settings = settings;
    this.counters = counters;
  }

  /** Offset below which everything is delivered. */
  long delivered() {
    return delivered;
  }

  boolean isFull() {
    return inFlightBytes > settings.inFlightBytesMax();
  }

  boolean isIdle() {
    return units.isEmpty();
  }

  /** Sends records on their way; they are consecutive and follow those of the last call. */
  void take(
      List<ConsumerRecord<byte[], byte[]>> records,
      long end,
      ClusterState state,
      InboxRecords judge,
      LogOutbox outbox,
      DeadLetterSink deadLetters) {
    Map<ShardId, Bundle> open = new LinkedHashMap<>();
    List<CompletableFuture<LogOutbox.Sent>> sent = new ArrayList<>();
    List<DeadLetter> letters = new ArrayList<>();
    int discarded = 0;
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      switch (judge.judge(record, state)) {
        case Judgement.Admitted admitted -> add(admitted, record.offset(), open, sent, outbox);
        case Judgement.Discarded ignored -> discarded++;
        case Judgement.Dead(DeadLetter letter) -> letters.add(letter);
      }
    }
    open.values().forEach(bundle -> sent.add(send(bundle, outbox)));
    List<CompletableFuture<?>> all = new ArrayList<>(sent);
    if (!letters.isEmpty()) {
      all.add(deadLetters.write(partition, delivered, letters));
    }
    CompletableFuture<?> done = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    counters.accepted.addAndGet(records.size() - letters.size() - discarded);
    units.add(new Unit(end, bytes, done, sent, letters.size(), discarded));
    inFlightBytes += bytes;
  }

  private void add(
      Judgement.Admitted admitted,
      long offset,
      Map<ShardId, Bundle> open,
      List<CompletableFuture<LogOutbox.Sent>> sent,
      LogOutbox outbox) {
    ShardId shard = admitted.generation().shard(admitted.shard());
    InboxChange change =
        admitted.change(inboxTopicId, partition, offset, chain.next(shard, offset));
    int size = LogRecordCodec.sizeInBundle(change);
    Bundle bundle = open.get(shard);
    if (bundle != null && bundle.bytes + size > settings.bundleBytes()) {
      sent.add(send(bundle, outbox));
      bundle = null;
    }
    if (bundle == null) {
      bundle = new Bundle(admitted.generation(), admitted.shard());
      open.put(shard, bundle);
    }
    bundle.changes.add(change);
    bundle.bytes += size;
  }

  private static CompletableFuture<LogOutbox.Sent> send(Bundle bundle, LogOutbox outbox) {
    return outbox.send(
        bundle.generation,
        bundle.shard,
        LogRecordCodec.encode(new Update.FromInbox(bundle.changes)));
  }

  /**
   * Counts what has been delivered since.
   *
   * @return whether something failed: the partition must be positioned again
   */
  boolean hasFailed() {
    for (Unit unit = units.peek(); unit != null && unit.done.isDone(); unit = units.peek()) {
      if (unit.done.isCompletedExceptionally()) {
        return true;
      }
      units.remove();
      delivered = unit.end;
      inFlightBytes -= unit.bytes;
      counters.deadLetters.addAndGet(unit.letters);
      counters.discarded.addAndGet(
          unit.discarded
              + unit.sent.stream().filter(s -> s.join() == LogOutbox.Sent.DISCARDED).count());
    }
    // A failure further back dooms everything behind it: no use in waiting for the front.
    return units.stream().anyMatch(unit -> unit.done.isCompletedExceptionally());
  }

  /** Forgets what is on its way; the next record will be the one at {@link #delivered()}. */
  void reposition() {
    chain = new OriginChain();
    units.clear();
    inFlightBytes = 0;
    counters.repositioned.incrementAndGet();
  }
}
