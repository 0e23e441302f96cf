package dev.eddy.engine.field;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Takes postings in the order of the log and keeps them in runs of growing size, merging neighbours
 * so that there are few: small ones at once, large ones in the background. Owned by the writer.
 */
final class PostingLog {
  /** Postings up to which a merge is done at once: some hundred microseconds. */
  static final int MERGED_AT_ONCE_MAX = 1 << 14;

  /** A run is merged with the next one when it is not this many times as large. */
  private static final int SIZE_RATIO = 2;

  private final List<PostingRun> runs = new ArrayList<>();
  private final Pairs pending = new Pairs();
  private RoaringBitmap pendingReplaced = new RoaringBitmap();
  private Postings frozen = Postings.EMPTY;

  /** From here on, every slot that has postings has them in what is pending. */
  private int firstPendingSlot = Integer.MAX_VALUE;

  /**
   * Whether the first run holds all that there was before the second, so that no older one comes.
   */
  private boolean hasBase;

  private final int mergedAtOnceMax;

  /** Where large runs are to be. */
  private RunHome home = new RunHome.Heap();

  private @Nullable RunWork work;

  /**
   * @param hasBase whether there is nothing older than what will be added
   * @param mergedAtOnceMax postings up to which a merge is done at once
   */
  PostingLog(boolean hasBase, int mergedAtOnceMax) {
    this.hasBase = hasBase;
    this.mergedAtOnceMax = mergedAtOnceMax;
  }

  /**
   * Of runs that hold all that there was.
   *
   * @param restored oldest first
   */
  PostingLog(List<PostingRun> restored) {
    this(true, MERGED_AT_ONCE_MAX);
    runs.addAll(restored);
  }

  /** Says where large runs are to be from here on; those that are elsewhere move. */
  void settleAt(RunHome wanted) {
    home = wanted;
  }

  /** Begins to take the postings of a slot that is above all so far. */
  void beginNew(int slot) {
    firstPendingSlot = Math.min(firstPendingSlot, slot);
  }

  /** Begins to take all postings of a slot that may have had others. */
  void beginReplaced(int slot) {
    if (slot >= firstPendingSlot || pendingReplaced.contains(slot)) {
      seal();
    }
    pendingReplaced.add(slot);
  }

  void add(long key, int slot) {
    pending.add(key, slot);
  }

  private void seal() {
    if (pending.size() > 0 || !pendingReplaced.isEmpty()) {
      pending.sort();
      pendingReplaced.runOptimize();
      runs.add(PostingRun.of(pending, pendingReplaced));
      pending.clear();
      pendingReplaced = new RoaringBitmap();
    }
    firstPendingSlot = Integer.MAX_VALUE;
  }

  /** Everything so far. Merges what is small; cheap when nothing was added. */
  Postings freeze(IntPredicate live) {
    seal();
    mergeSmall(live);
    if (!frozen.runs().equals(runs)) {
      frozen = new Postings(runs);
    }
    return frozen;
  }

  private void mergeSmall(IntPredicate live) {
    while (runs.size() >= 2) {
      PostingRun newer = runs.getLast();
      PostingRun older = runs.get(runs.size() - 2);
      if (!isDue(older, newer)
          || older.weight() + newer.weight() > mergedAtOnceMax
          || isUnderWork(older)
          || isUnderWork(newer)) {
        return;
      }
      runs.removeLast();
      runs.set(
          runs.size() - 1, PostingMerge.merge(older, newer, live, hasBase && runs.size() == 1));
      older.release();
      newer.release();
    }
  }

  private boolean isUnderWork(PostingRun run) {
    return work != null && work.takes(run);
  }

  private static boolean isDue(PostingRun older, PostingRun newer) {
    return older.weight() < SIZE_RATIO * newer.weight();
  }

  /** Forgets everything; the base that comes holds it. */
  void startOver() {
    close();
    pending.clear();
    pendingReplaced = new RoaringBitmap();
    firstPendingSlot = Integer.MAX_VALUE;
  }

  /** Ends what is under way and gives all runs back. */
  void close() {
    if (work != null) {
      work.end();
      work = null;
    }
    runs.forEach(PostingRun::release);
    runs.clear();
    frozen = Postings.EMPTY;
  }

  /**
   * Puts the run of everything older below the others.
   *
   * @param base without slots to replace
   */
  void addBase(PostingRun base) {
    if (hasBase) {
      throw new IllegalStateException("there is a base");
    }
    runs.addFirst(base);
    hasBase = true;
  }

  /**
   * Takes over work that is done and starts what is due: a merge, or a run's move to where it is to
   * be.
   *
   * @param live of this moment; asked from another thread
   * @return whether what {@link #freeze} gives is not as before
   */
  boolean maintain(Supplier<IntPredicate> live, Executor background) {
    boolean hasChanged = false;
    RunWork done = work;
    if (done != null && done.isDone()) {
      work = null;
      hasChanged = takeOver(done);
    }
    if (work == null) {
      start(live, background);
    }
    return hasChanged;
  }

  private boolean takeOver(RunWork done) {
    PostingRun made = done.join();
    int at = runs.indexOf(done.runs().getFirst());
    if (runs.get(at) == made) {
      return false;
    }
    List<PostingRun> replaced = runs.subList(at, at + done.runs().size());
    replaced.forEach(PostingRun::release);
    replaced.clear();
    runs.add(at, made);
    return true;
  }

  private void start(Supplier<IntPredicate> live, Executor background) {
    for (int i = 0; i + 1 < runs.size(); i++) {
      PostingRun older = runs.get(i);
      PostingRun newer = runs.get(i + 1);
      if (isDue(older, newer) && older.weight() + newer.weight() > mergedAtOnceMax) {
        begin(List.of(older, newer), hasBase && i == 0, live.get(), background);
        return;
      }
    }
    for (int i = 0; i < runs.size(); i++) {
      if (home.isElsewhere(runs.get(i))) {
        begin(List.of(runs.get(i)), hasBase && i == 0, live.get(), background);
        return;
      }
    }
  }

  private void begin(
      List<PostingRun> of, boolean isOldest, IntPredicate live, Executor background) {
    work = RunWork.start(of, isOldest, live, home, background);
  }

  /**
   * Keys that slots have, or more: of those that some slot has lost, and of some that two runs
   * have.
   */
  long keysMost() {
    return runs.stream().mapToLong(PostingRun::keyCount).sum() + pending.size();
  }

  /** Whether it holds all that there is. */
  boolean hasBase() {
    return hasBase;
  }

  /** Whether work on runs is under way. */
  boolean isBusy() {
    return work != null;
  }

  long heapBytes() {
    return frozen.heapBytes();
  }

  long mappedBytes() {
    return frozen.mappedBytes();
  }
}
