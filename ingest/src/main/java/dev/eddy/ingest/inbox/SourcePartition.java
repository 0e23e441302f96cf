package dev.eddy.ingest.inbox;

import dev.eddy.ingest.deadletter.DeadLetter;
import dev.eddy.ingest.deadletter.DeadLetterSink;
import dev.eddy.ingest.inbox.InboxRecords.Judgement;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.FullMemory;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.log.LogRecordCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the inbox: its chain, and what of it is on its way.
 *
 * <p>Threading: owned by the pipeline's thread.
 *
 * <p>Invariant: everything below {@link #delivered()} is acknowledged by a log, a dead letter, or
 * discarded with its generation; nothing else is ever committed.
 */
final class SourcePartition {
  /**
   * What records are judged by, and where they go from there.
   *
   * @param fullNodes whose shards take no more data for now
   */
  record Desk(
      ClusterState state,
      Set<String> fullNodes,
      InboxRecords judge,
      LogOutbox outbox,
      DeadLetterSink deadLetters) {
    private boolean isHeldUp(Generation generation) {
      return FullMemory.isAmong(fullNodes, generation, state);
    }

    /** Whether it judges as another one did. */
    private boolean isLike(Desk other) {
      return state.position() == other.state.position() && fullNodes.equals(other.fullNodes);
    }
  }

  /** What one poll brought, delivered or failed as a whole. */
  private static final class Unit {
    private final long end;
    private final long bytes;
    private final List<CompletableFuture<LogOutbox.Sent>> sent = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    private List<ConsumerRecord<byte[], byte[]>> undecided;
    private int discarded;

    /** Everything sent and all letters; null while a record here or before is undecided. */
    private @Nullable CompletableFuture<?> done;

    private Unit(List<ConsumerRecord<byte[], byte[]>> records, long end, long bytes) {
      this.undecided = records;
      this.end = end;
      this.bytes = bytes;
    }

    private boolean isDone() {
      return done != null && done.isDone();
    }

    private boolean hasFailed() {
      return done != null && done.isCompletedExceptionally()
          || sent.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }
  }

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

  /** That before which records wait for room on a node; null = none do. */
  private @Nullable Desk waitingAt;

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

  /** Whether records wait until a node has room for them. */
  boolean isWaiting() {
    return waitingAt != null;
  }

  boolean isIdle() {
    return units.isEmpty();
  }

  /** Sends records on their way; they are consecutive and follow those of the last call. */
  void take(List<ConsumerRecord<byte[], byte[]>> records, long end, Desk desk) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
    units.add(new Unit(records, end, bytes));
    inFlightBytes += bytes;
    decide(desk);
  }

  /**
   * Judges what is undecided by the newest metadata, oldest first. To be called before {@link
   * #take} with the same desk, so that records of one collection are sent in their order: all of
   * them wait for a full node, deletions too.
   */
  void decide(Desk desk) {
    if (waitingAt != null && waitingAt.isLike(desk)) {
      return; // It would read the same records with the same outcome, many times a second.
    }
    waitingAt = null;
    for (Unit unit : units) {
      if (!unit.undecided.isEmpty()) {
        judge(unit, desk);
      }
    }
    for (Unit unit : units) {
      if (!unit.undecided.isEmpty()) {
        // Letters are written in the order of the inbox: reading them back relies on it.
        return;
      }
      if (unit.done == null) {
        List<CompletableFuture<?>> all = new ArrayList<>(unit.sent);
        if (!unit.letters.isEmpty()) {
          unit.letters.sort(Comparator.comparingLong(DeadLetter::offset));
          all.add(desk.deadLetters.write(partition, delivered, unit.letters));
        }
        unit.done = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
      }
    }
  }

  private void judge(Unit unit, Desk desk) {
    Map<ShardId, Bundle> open = new LinkedHashMap<>();
    List<ConsumerRecord<byte[], byte[]>> undecided = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : unit.undecided) {
      switch (desk.judge.judge(record, desk.state)) {
        case Judgement.Admitted admitted when desk.isHeldUp(admitted.generation()) -> {
          undecided.add(record);
          waitingAt = desk;
        }
        case Judgement.Admitted admitted -> {
          add(admitted, record.offset(), open, unit.sent, desk.outbox);
          counters.accepted.incrementAndGet();
        }
        case Judgement.Discarded ignored -> unit.discarded++;
        case Judgement.Dead(DeadLetter letter) -> unit.letters.add(letter);
        case Judgement.Undecided ignored -> undecided.add(record);
      }
    }
    open.values().forEach(bundle -> unit.sent.add(send(bundle, desk.outbox)));
    unit.undecided = undecided;
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
    for (Unit unit = units.peek(); unit != null && unit.isDone(); unit = units.peek()) {
      if (unit.hasFailed()) {
        return true;
      }
      units.remove();
      delivered = unit.end;
      inFlightBytes -= unit.bytes;
      counters.deadLetters.addAndGet(unit.letters.size());
      counters.discarded.addAndGet(
          unit.discarded
              + unit.sent.stream().filter(s -> s.join() == LogOutbox.Sent.DISCARDED).count());
    }
    // A failure further back dooms everything behind it: no use in waiting for the front.
    return units.stream().anyMatch(Unit::hasFailed);
  }

  /** Forgets what is on its way; the next record will be the one at {@link #delivered()}. */
  void reposition() {
    chain = new OriginChain();
    units.clear();
    inFlightBytes = 0;
    waitingAt = null;
    counters.repositioned.incrementAndGet();
  }
}
