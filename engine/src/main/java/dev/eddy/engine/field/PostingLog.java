package dev.eddy.engine.field;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
  private @Nullable Merge merge;

  private record Merge(PostingRun older, PostingRun newer, CompletableFuture<PostingRun> work) {}

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
          || isMerging(older)) {
        return;
      }
      runs.removeLast();
      runs.set(
          runs.size() - 1, PostingMerge.merge(older, newer, live, hasBase && runs.size() == 1));
    }
  }

  private boolean isMerging(PostingRun run) {
    return merge != null && (merge.older() == run || merge.newer() == run);
  }

  private static boolean isDue(PostingRun older, PostingRun newer) {
    return older.weight() < SIZE_RATIO * newer.weight();
  }

  /** Forgets everything; the base that comes holds it. */
  void startOver() {
    runs.clear();
    pending.clear();
    pendingReplaced = new RoaringBitmap();
    firstPendingSlot = Integer.MAX_VALUE;
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
   * Takes over a merge that is done and starts one that is due.
   *
   * @param live of this moment; asked from another thread
   * @return whether what {@link #freeze} gives is not as before
   */
  boolean maintain(Supplier<IntPredicate> live, Executor background) {
    boolean hasChanged = false;
    if (merge != null && merge.work().isDone()) {
      int at = runs.indexOf(merge.older());
      runs.set(at, merge.work().join());
      runs.remove(at + 1);
      merge = null;
      hasChanged = true;
    }
    if (merge == null) {
      start(live, background);
    }
    return hasChanged;
  }

  private void start(Supplier<IntPredicate> live, Executor background) {
    for (int i = 0; i + 1 < runs.size(); i++) {
      PostingRun older = runs.get(i);
      PostingRun newer = runs.get(i + 1);
      if (isDue(older, newer) && older.weight() + newer.weight() > mergedAtOnceMax) {
        boolean isOldest = hasBase && i == 0;
        IntPredicate liveNow = live.get();
        merge =
            new Merge(
                older,
                newer,
                CompletableFuture.supplyAsync(
                    () -> PostingMerge.merge(older, newer, liveNow, isOldest), background));
        return;
      }
    }
  }

  /** Whether it holds all that there is. */
  boolean hasBase() {
    return hasBase;
  }

  /** Whether a merge is under way. */
  boolean isBusy() {
    return merge != null;
  }

  long memoryBytes() {
    return frozen.memoryBytes();
  }
}
