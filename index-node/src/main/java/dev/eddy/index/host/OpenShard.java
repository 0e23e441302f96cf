package dev.eddy.index.host;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogRecord;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of a shard's state: its mailbox, and the loop that applies, publishes, lets waiters
 * go and begins checkpoints.
 *
 * <p>Threading: owned by the shard's lane, except the mailbox and what is marked otherwise.
 *
 * <p>Invariants: the gate's position is that of the last published state and never ahead of it.
 *
 * <p>It does not decide about failures; whatever is thrown from here stops the shard.
 */
final class OpenShard {
  private static final Logger LOG = LoggerFactory.getLogger(OpenShard.class);

  /** Batches of one turn; then other shards get theirs. */
  private static final int BATCHES_PER_TURN = 8;

  /** After the last change background work may still be due; looked for this often. */
  private static final long SETTLING_NANOS = 60_000_000_000L;

  private static final long TEND_NANOS = 1_000_000_000L;

  private final ShardId id;
  private final HostEnvironment host;
  private final FoldHandle handle;
  private final ShardFold fold;
  private final ShardVitals vitals;
  private final PositionGate gate;
  private final Mailbox mailbox;
  private final ShardCheckpoints checkpoints;

  private long publishedNanos;
  private volatile long receivedPosition;
  private volatile boolean hasBackgroundWork;
  private volatile long appliedNanos;
  private volatile long tendedNanos;

  OpenShard(
      ShardId id, HostEnvironment host, ShardWorkers workers, ShardFold fold, ShardVitals vitals) {
    this.id = id;
    this.host = host;
    this.handle = new FoldHandle(fold, workers);
    this.fold = fold;
    this.vitals = vitals;
    this.gate = vitals.gate();
    this.mailbox = new Mailbox(host.settings().mailboxBytes(), workers.mailboxes());
    this.checkpoints = new ShardCheckpoints(id, host, workers, handle);
    this.receivedPosition = fold.position();
    this.appliedNanos = host.nanoClock().getAsLong();
    this.tendedNanos = appliedNanos;
  }

  /** Safe from any thread. */
  FoldHandle handle() {
    return handle;
  }

  long position() {
    return fold.position();
  }

  int leaderEpoch() {
    return fold.leaderEpoch();
  }

  /** Safe from any thread. */
  Mailbox mailbox() {
    return mailbox;
  }

  /** Position behind everything that the tailer delivered. Safe from any thread. */
  long receivedPosition() {
    return receivedPosition;
  }

  ShardCheckpoints checkpoints() {
    return checkpoints;
  }

  /** Takes a batch on the tailer's thread, or refuses it for want of room. */
  boolean offer(LogBatch batch) {
    if (!mailbox.offer(batch)) {
      return false;
    }
    receivedPosition = Math.max(receivedPosition, batch.nextPosition());
    if (!batch.records().isEmpty()) {
      vitals.staleness().received(batch.records().getLast().timestampMs());
    }
    return true;
  }

  /** One turn; returns whether more batches wait. */
  boolean turn() {
    LogBatch batch = mailbox.poll();
    if (batch == null) {
      return false;
    }
    for (int i = 1; batch != null; i++) {
      apply(batch);
      if (mailbox.isEmpty() || isPublishDue()) {
        publish();
      }
      batch = i < BATCHES_PER_TURN ? mailbox.poll() : null;
    }
    if (fold.position() > gate.position()) {
      publish();
    }
    tend();
    return !mailbox.isEmpty();
  }

  /** Shows what is applied already, before the first batch. */
  void start() {
    publish();
  }

  /** Whether {@link #tend} has something to do. Safe from any thread. */
  boolean needsTending(long nowNanos) {
    return hasBackgroundWork
        || checkpoints.isDue(nowNanos)
        || (nowNanos - appliedNanos < SETTLING_NANOS && nowNanos - tendedNanos >= TEND_NANOS);
  }

  /** Time-driven work: background results, and the checkpoint when its time has come. */
  void tend() {
    hasBackgroundWork = fold.maintain();
    long now = host.nanoClock().getAsLong();
    tendedNanos = now;
    if (!hasBackgroundWork) {
      checkpoints.noteIdle(now);
    }
    checkpoints.beginIfDue(now);
  }

  private void apply(LogBatch batch) {
    for (LogRecord record : batch.records()) {
      if (record.offset() < fold.position()) {
        continue; // Replay: it is part of the state already.
      }
      Update update = host.decoder().apply(record.value());
      long started = host.nanoClock().getAsLong();
      fold.apply(record.offset(), update);
      host.events().applied(update, host.nanoClock().getAsLong() - started);
      checkpoints.changed(record.value().length, started);
      vitals.staleness().applied(record.timestampMs());
    }
    fold.advance(batch.nextPosition(), batch.leaderEpoch());
    appliedNanos = host.nanoClock().getAsLong();
    List<BrokenChain> broken = fold.takeBrokenChains();
    if (!broken.isEmpty()) {
      LOG.warn("event=inbox-chain-broken shard={} chains={}", id, broken);
      vitals.chains().add(broken, host.nanoClock().getAsLong());
      host.events().chainsBroken(id, broken);
    }
  }

  private boolean isPublishDue() {
    return host.nanoClock().getAsLong() - publishedNanos
        >= host.settings().publishInterval().toNanos();
  }

  private void publish() {
    fold.publish();
    gate.advance(fold.position());
    publishedNanos = host.nanoClock().getAsLong();
  }
}
