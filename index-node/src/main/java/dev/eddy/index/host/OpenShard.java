package dev.eddy.index.host;

import dev.eddy.kafka.log.LogBatch;
import dev.eddy.kafka.log.LogRecord;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  /** Without changes: what was put off for want of disk is tried again then. */
  private static final long IDLE_TEND_NANOS = 60_000_000_000L;

  private final ShardId id;
  private final HostEnvironment host;
  private final FoldHandle handle;
  private final ShardFold fold;
  private final ShardVitals vitals;
  private final PositionGate gate;
  private final Mailbox mailbox;
  private final ShardCheckpoints checkpoints;

  /** A batch that the disk stopped in its middle. */
  private @Nullable LogBatch held;

  private long publishedNanos;
  private volatile boolean isWaitingForDisk;
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

  /** What can't be done for now though the shard serves. Safe from any thread. */
  Optional<String> problem() {
    return handle.use(ShardFold::problem).or(checkpoints::problem);
  }

  /** What is only put off, which is no reason to worry. Safe from any thread. */
  Optional<String> delay() {
    return handle.use(ShardFold::delay);
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

  /** One turn; returns whether more batches wait and can be applied. */
  boolean turn() {
    LogBatch batch = nextBatch();
    if (batch == null) {
      return false;
    }
    for (int i = 1; batch != null; i++) {
      if (!apply(batch)) {
        held = batch;
        break;
      }
      if (mailbox.isEmpty() || isPublishDue()) {
        publish();
      }
      batch = i < BATCHES_PER_TURN ? mailbox.poll() : null;
    }
    publish();
    tend();
    return held == null && !mailbox.isEmpty();
  }

  private @Nullable LogBatch nextBatch() {
    LogBatch batch = held;
    held = null;
    return batch != null ? batch : mailbox.poll();
  }

  /** Shows what is applied already, before the first batch. */
  void start() {
    fold.publish();
    gate.advance(fold.position());
  }

  /** Whether {@link #tend} has something to do. Safe from any thread. */
  boolean needsTending(long nowNanos) {
    return hasBackgroundWork
        || isWaitingForDisk
        || fold.isMaintenanceDue()
        || checkpoints.isDue(nowNanos)
        || nowNanos - tendedNanos
            >= (nowNanos - appliedNanos < SETTLING_NANOS ? TEND_NANOS : IDLE_TEND_NANOS);
  }

  /** Time-driven work: background results, and the checkpoint when its time has come. */
  void tend() {
    hasBackgroundWork = fold.maintain();
    if (isWaitingForDisk) {
      publish();
    }
    long now = host.nanoClock().getAsLong();
    tendedNanos = now;
    if (!hasBackgroundWork) {
      checkpoints.noteIdle(now);
    }
    checkpoints.beginIfDue(now);
  }

  /**
   * Whether all of the batch is applied; if not, it is to be applied again from where it stopped.
   */
  private boolean apply(LogBatch batch) {
    for (LogRecord record : batch.records()) {
      if (record.offset() < fold.position()) {
        continue; // Replay: it is part of the state already.
      }
      if (!fold.isWritable()) {
        waitForDisk();
        return false;
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
    return true;
  }

  private void waitForDisk() {
    if (!isWaitingForDisk) {
      isWaitingForDisk = true;
      LOG.error(
          "event=applying-waits-for-disk shard={} position={} reason=\"{}\"",
          id,
          fold.position(),
          fold.problem().orElse("unknown"));
    }
  }

  private boolean isPublishDue() {
    return host.nanoClock().getAsLong() - publishedNanos
        >= host.settings().publishInterval().toNanos();
  }

  /** Shows what was applied since the last time, if the disk has taken it. */
  private void publish() {
    if (fold.position() == gate.position()) {
      return;
    }
    if (!fold.isWritable()) {
      waitForDisk();
      return;
    }
    if (isWaitingForDisk) {
      isWaitingForDisk = false;
      LOG.info("event=applying-goes-on shard={} position={}", id, fold.position());
    }
    fold.publish();
    gate.advance(fold.position());
    publishedNanos = host.nanoClock().getAsLong();
  }
}
