package dev.eddy.engine.shard;

import dev.eddy.engine.search.ShardView;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.StorageBytes;
import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of one shard: a fold over its log partition.
 *
 * <p>Threading: {@link #apply}, {@link #advance}, {@link #publish}, {@link #maintain}, {@link
 * #isWritable}, {@link #beginCheckpoint}, {@link #hasUnsavedWork}, {@link #checkpoint}, {@link
 * #takeBrokenChains} and {@link #close} belong to the shard's writer, one thread at a time;
 * everything else is safe from any thread.
 *
 * <p>Invariants: the position never decreases; readers see only what was published, all of it at
 * one position; applying depends on the state, the update and its offset, and on nothing else.
 *
 * <p>It does not read the log and does not decide when to publish or to checkpoint. After an
 * exception other than an {@code IOException} it must be closed: its state may be half changed.
 */
public final class Shard implements AutoCloseable {
  /** Counting costs some ten microseconds; memory fills by some ten megabytes meanwhile. */
  private static final long COUNTING_NANOS = 100_000_000;

  /** Replaced by the writer, by one that has the same. */
  private volatile ShardState state;

  private final Checkpointer checkpointer;
  private final Renumberer renumberer;
  private final BuildPool buildPool;
  private final MemoryBudget memory;
  private final MemoryBudget.Account account;

  /** The writer's: when the budget was told last. */
  private long countedNanos;

  /** Of the memory, as of the last maintenance. */
  private volatile long memoryTurns;

  /** Of vectors, as of the last maintenance. */
  private volatile int damagedFiles;

  private volatile @Nullable Published published;
  private volatile VectorFieldStats vectorNumbers;
  private volatile boolean isOptimizing;
  private volatile long position;
  private volatile @Nullable String problem;
  private volatile @Nullable String delay;

  private Shard(
      ShardState state,
      Checkpointer checkpointer,
      Renumberer renumberer,
      EngineResources resources) {
    this.state = state;
    this.checkpointer = checkpointer;
    this.renumberer = renumberer;
    this.buildPool = resources.buildPool();
    this.memory = resources.memory();
    this.account = memory.open();
    this.memoryTurns = memory.turns();
    this.vectorNumbers = counted();
    this.position = state.position();
    publish();
  }

  /**
   * Opens the newest checkpoint below the folder whose checksums hold, else the one before, else an
   * empty state at position 0. Damaged checkpoints are put aside as {@code *.corrupt}.
   *
   * @param logTopicId of the log that the shard follows
   * @param folder of this shard alone
   * @throws LogMismatchException when the folder belongs to another log or shard
   */
  public static Shard open(
      ShardId id, UUID logTopicId, Path folder, EngineResources resources, ShardSettings settings)
      throws IOException {
    Recovery recovery = new Recovery(id, logTopicId, folder, resources, settings);
    ShardState state = recovery.open();
    return new Shard(state, recovery.checkpointer(), recovery.renumberer(), resources);
  }

  /** The next offset to apply, published or not. */
  public long position() {
    return position;
  }

  /** Leader epoch of what was applied last; -1 when unknown. */
  public int leaderEpoch() {
    return state.leaderEpoch();
  }

  /**
   * Applies the update at an offset. One below the position is part of the state already: nothing
   * happens and the answer is "applied", whatever the verdict was.
   */
  public Verdict apply(long offset, Update update) {
    if (offset < position) {
      return Verdict.Applied.APPLIED;
    }
    if (update instanceof Update.Configure) {
      renumberer.abandon(); // Begun again, as the collection is then.
    }
    Verdict verdict = state.apply(offset, update);
    position = state.position();
    return verdict;
  }

  /** Passes over offsets without updates: all below the new position is covered. */
  public void advance(long newPosition, int leaderEpoch) {
    state.advance(newPosition, leaderEpoch);
    position = state.position();
  }

  /** Makes everything applied visible to new leases. */
  public void publish() {
    Published former = published;
    isOptimizing = vectorNumbers.unlinkedRows() > 0 || state.isOptimizing();
    published = state.publish(former);
    if (former != null) {
      former.release();
    }
    if (buildPool.nanoClock().getAsLong() - countedNanos >= COUNTING_NANOS) {
      var _ = counted();
    }
  }

  /**
   * Takes over finished background work and starts what is due. Call it after each batch, and from
   * time to time without.
   *
   * @return whether background work goes on or something was done, after which more may be due, so
   *     that it is to be called again soon
   */
  public boolean maintain() {
    memoryTurns = memory.turns();
    damagedFiles = state.damagedFiles();
    boolean hasChanged = state.maintain();
    if (hasChanged && state.isWritable()) {
      publish();
    }
    hasChanged |= renumber();
    vectorNumbers = counted();
    isOptimizing = vectorNumbers.unlinkedRows() > 0 || state.isOptimizing();
    problem = state.problem().or(renumberer::problem).orElse(null);
    delay = state.delay().or(renumberer::delay).orElse(null);
    return hasChanged || vectorNumbers.unlinkedRows() > 0 || state.isBusy();
  }

  /** Goes on giving points new slots, if they are to have some; whether there is more to do. */
  private boolean renumber() {
    ShardState former = state;
    ShardState successor = renumberer.step(former);
    if (successor != null) {
      state = successor;
      damagedFiles = successor.damagedFiles();
      renumberer.took(former);
      try {
        publish();
      } finally {
        former.close();
      }
    }
    return renumberer.isBusy();
  }

  /**
   * Whether {@link #maintain} should be called though nothing was applied: the node's memory has
   * become short, or has room again, or damage was found. Safe from any thread.
   */
  public boolean isMaintenanceDue() {
    return memory.turns() != memoryTurns
        || state.damagedFiles() != damagedFiles
        || state.points().store().isDamaged();
  }

  /** What is there, which the node's budget is told, but for what takes its part itself. */
  private VectorFieldStats counted() {
    countedNanos = buildPool.nanoClock().getAsLong();
    VectorFieldStats stats = state.vectorStats();
    account.set(stats.memory().heapBytes() - stats.optionalBytes());
    return stats;
  }

  /**
   * Whether the disk takes what was applied. While it does not, for being full or failing, nothing
   * more may be applied or published; what was published stays readable.
   */
  public boolean isWritable() {
    boolean isWritable = state.isWritable();
    if (!isWritable) {
      problem = state.problem().orElse(null);
    }
    return isWritable;
  }

  /** What background work or the disk can't get done, as of the last maintenance. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * What background work waits for that is only put off, such as memory, as of the last
   * maintenance.
   */
  public Optional<String> delay() {
    return Optional.ofNullable(delay);
  }

  /**
   * Takes everything at the present position, to be written beside the writer. Short. At most one
   * is open at a time; the caller closes it.
   *
   * @param isFinal whether the shard closes next: then everything is saved, also what could be
   *     computed again
   * @throws IOException when the disk refuses; nothing is changed
   */
  public ShardCheckpoint beginCheckpoint(boolean isFinal) throws IOException {
    return checkpointer.begin(state, isFinal);
  }

  /**
   * Whether a checkpoint would save more of what took computing than the last one did, though
   * nothing was applied since.
   *
   * @param isFinal as in {@link #beginCheckpoint}
   */
  public boolean hasUnsavedWork(boolean isFinal) {
    return state.hasUnsavedWork(isFinal);
  }

  /** Writes everything at the present position durably. A failure changes nothing. */
  public CheckpointInfo checkpoint() throws IOException {
    try (ShardCheckpoint begun = beginCheckpoint(false)) {
      return begun.write();
    }
  }

  /**
   * What was published last; close it soon, it holds memory and files.
   *
   * @throws ShardException {@code NOT_SERVING} after {@link #close}
   */
  public ShardLease lease() {
    while (true) {
      Published current = published;
      if (current == null) {
        throw new ShardException(ShardException.Reason.NOT_SERVING, "shard is closed");
      }
      if (current.tryRetain()) {
        return new ShardLease(current, buildPool);
      }
      Thread.onSpinWait();
    }
  }

  /** The verdict on an offset, as far as it is published and still known. */
  public VerdictAnswer verdictAt(long offset) {
    Published current = published;
    if (current == null || offset >= current.position()) {
      return VerdictAnswer.NotYet.NOT_YET;
    }
    Optional<Verdict> verdict = state.verdicts().verdictAt(offset);
    return verdict.isPresent()
        ? new VerdictAnswer.Known(verdict.get())
        : VerdictAnswer.Unknown.UNKNOWN;
  }

  /** Inbox chains found broken since the last call, the first per source partition. */
  public List<BrokenChain> takeBrokenChains() {
    return state.takeBrokenChains();
  }

  /** The few of {@link #stats} that other nodes are told all the time; cheap. */
  public ShardSummary summary() {
    try (ShardLease held = lease()) {
      Published current = held.published();
      ShardView view = current.view();
      return new ShardSummary(
          current.position(), view == null ? 0 : view.points(), current.contentHash());
    }
  }

  public ShardStats stats() {
    try (ShardLease held = lease()) {
      Published current = held.published();
      ShardView view = current.view();
      VectorFieldStats vectors = vectorNumbers;
      return new ShardStats(
          current.position(),
          view == null ? 0 : view.points(),
          vectors.linkedRows(),
          vectors.unlinkedRows(),
          vectors.segments(),
          isOptimizing,
          current.contentHash(),
          current.ignoredRepeats(),
          current.brokenChains(),
          new StorageBytes(vectors.dataBytes(), view == null ? 0 : view.payloadBytes()),
          current.fieldPoints(),
          vectors.forms(),
          MemoryUse.sum(
              List.of(vectors.memory(), view == null ? MemoryUse.NONE : view.payloadMemory())));
    }
  }

  /** Recomputes the content hash from everything stored: for tests and for doubts. Slow. */
  public String audit() {
    return state.audit();
  }

  /** Slots that were given to present and former forms of points: for tests. */
  int slots() {
    return state.points().slots().slots();
  }

  /** Payloads that were read to make indexes, since it was opened: for tests. */
  long payloadsRead() {
    return state.points().indexes().payloadsRead();
  }

  /** Gives up files and memory, without a checkpoint; leases that are out stay readable. */
  @Override
  public void close() {
    Published last = published;
    published = null;
    if (last != null) {
      last.release();
    }
    renumberer.close();
    state.close();
    account.close();
  }
}
