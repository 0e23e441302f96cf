package dev.eddy.engine.segment;

import dev.eddy.model.shard.MemoryUse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Replaces neighbouring segments by one: copies the live rows, links them, writes them to a sealed
 * file where asked, and makes what they are searched by. The long steps run in the build pool; the
 * writer moves it along with {@link #advance}.
 *
 * <p>Threading: owned by the writer; each background step ends before the writer starts the next.
 */
final class Rebuild {
  private enum Step {
    COPYING,
    LINKING,
    WRITING,
    CODING,
    DONE
  }

  private final SegmentMaker maker;
  private final List<SegmentView> sources;
  private final boolean isSealing;
  private final boolean isCopied;

  /** What a copy takes of the node's memory; null = nothing is copied. */
  private final MemoryBudget.@Nullable Reservation room;

  /** Set by the background step that copies, which ends before the writer looks. */
  private @Nullable HeapSegment built;

  private Step step;
  private CompletableFuture<@Nullable SealedSegment> work;
  private @Nullable Sealing sealing;
  private @Nullable SealedSegment sealed;
  private volatile boolean isCancelled;

  private Rebuild(
      SegmentMaker maker,
      List<SegmentView> sources,
      boolean isSealing,
      @Nullable HeapSegment built,
      MemoryBudget.@Nullable Reservation room) {
    this.maker = maker;
    this.sources = List.copyOf(sources);
    this.isSealing = isSealing;
    this.isCopied = built == null;
    this.built = built;
    this.room = room;
    this.step = Step.LINKING;
    this.work = CompletableFuture.completedFuture(null);
    for (SegmentView source : sources) {
      source.segment().retain();
    }
  }

  /** Writes a heap segment that no longer grows to a sealed file, with all its rows and links. */
  static Rebuild seal(SegmentMaker maker, HeapSegment source) {
    return new Rebuild(maker, List.of(SegmentView.of(source)), true, source, null);
  }

  /**
   * Copies the live rows of the sources into a new segment, sealed or on the heap. Liveness is
   * asked before this returns.
   *
   * @param room that the copy takes, given back at the end, whatever that is
   */
  static Rebuild copy(
      SegmentMaker maker,
      List<? extends Segment> segments,
      boolean isSealing,
      LiveSlots live,
      MemoryBudget.Reservation room) {
    List<SegmentView> views = segments.stream().map(SegmentView::of).toList();
    Rebuild rebuild = new Rebuild(maker, views, isSealing, null, room);
    LiveCopy copy = new LiveCopy(maker, views, live, () -> rebuild.isCancelled);
    rebuild.step = Step.COPYING;
    rebuild.start(() -> {
      rebuild.built = copy.make();
      return null;
    });
    return rebuild;
  }

  /** A background step. */
  @FunctionalInterface
  private interface Work {
    @Nullable SealedSegment run() throws IOException;
  }

  private void start(Work task) {
    CompletableFuture<@Nullable SealedSegment> future = new CompletableFuture<>();
    work = future;
    boolean isQueued =
        maker
            .resources()
            .buildPool()
            .submit(() -> {
              try {
                future.complete(task.run());
              } catch (Throwable failure) {
                future.completeExceptionally(failure);
              }
            });
    if (!isQueued) {
      future.completeExceptionally(new IllegalStateException("build pool is closed"));
    }
  }

  /**
   * Goes on to the next step when the present one has ended.
   *
   * @param codes that the field's rows are to have
   * @return whether all is done
   * @throws CompletionException when a step has failed
   */
  boolean advance(@Nullable CodeSettings codes) throws IOException {
    if (!work.isDone()) {
      return false;
    }
    SealedSegment result = work.join();
    switch (step) {
      case COPYING -> step = Step.LINKING;
      case WRITING -> {
        sealed = result;
        step = Step.CODING;
      }
      case LINKING, CODING, DONE -> {}
    }
    HeapSegment linked = built;
    if (step == Step.LINKING && linked != null && isLinkedEnough(linked)) {
      boolean hasFile = isSealing && linked.rowCount() > 0;
      step = hasFile ? Step.WRITING : Step.CODING;
      if (hasFile) {
        seal(linked);
        return false;
      }
    }
    if (step == Step.CODING && isCoded(codes)) {
      step = Step.DONE;
    }
    return step == Step.DONE;
  }

  /**
   * Whether linking has come to its end. A copy that can't be linked is given up; what is sealed as
   * it is goes to its file without a graph if it can't be linked and memory is short.
   */
  private boolean isLinkedEnough(HeapSegment linked) {
    RuntimeException failure = isCopied ? linked.linker().takeFailure() : null;
    if (failure != null) {
      throw new CompletionException(failure);
    }
    return linked.isFullyLinked()
        || (!isCopied && linked.linker().isBehind() && maker.resources().memory().isShort());
  }

  /** Whether this waits for links of a segment that can't be linked for now. */
  boolean isHeldUp() {
    return step == Step.LINKING && !isCopied && built != null && isHeldUp(maker, built);
  }

  /** Whether a segment is not sealed as it is until its linking gets on. */
  static boolean isHeldUp(SegmentMaker maker, HeapSegment source) {
    return source.linker().isBehind() && !maker.resources().memory().isShort();
  }

  /** It is not to be searched more slowly than its sources; what is as they were takes over. */
  private boolean isCoded(@Nullable CodeSettings codes) {
    Segment made = result();
    if (made == null || isAsItWas()) {
      return true;
    }
    made.code(codes);
    made.maintain();
    return !made.isBusy();
  }

  /**
   * Where searches will walk the links of a copy, empty places are filled for them. What is sealed
   * as it is has what was filled at rest: it frees memory, and others wait behind it.
   */
  private void seal(HeapSegment linked) {
    long freed = sources.stream().mapToLong(source -> source.segment().optionalBytes()).sum();
    FusedPolicy fused = maker.resources().fused();
    boolean isFilled = isCopied && !fused.hasRoomFor(linked.settings(), linked.rowCount(), freed);
    Sealing begun = new Sealing(maker, linked, isFilled, () -> isCancelled);
    sealing = begun;
    start(begun::write);
  }

  /** The segments to be replaced. */
  List<SegmentView> sources() {
    return sources;
  }

  /** The replacement; null when no row was live. The caller takes over the reference. */
  @Nullable Segment result() {
    return isSealing ? sealed : built;
  }

  /** Whether all that this replaces is in files. */
  boolean isOfFiles() {
    return sources.stream().allMatch(SegmentView::isInFile);
  }

  /** Whether this writes a heap segment to a file as it is. */
  boolean seals(HeapSegment segment) {
    return isSealing && !isCopied && built == segment;
  }

  /**
   * Whether the replacement is what its source was: the same rows in the same order, to be searched
   * in the same way.
   */
  boolean isAsItWas() {
    Segment source = sources.getFirst().segment();
    SealedSegment made = sealed;
    return !isCopied
        && sealing != null
        && !sealing.isMoved()
        && maker.hasSamePolicy(source)
        && made != null
        && (made.graph() == null) == (source.graph() == null);
  }

  /** What is being made on the heap; null before there are its rows, and once it is done. */
  @Nullable HeapSegment unfinishedCopy() {
    return isCopied && step != Step.COPYING && step != Step.DONE ? built : null;
  }

  /** Adds what is on the heap until this is done. */
  void addTo(VectorFieldStats.Sum sum) {
    HeapSegment copy = unfinishedCopy();
    if (copy == null) {
      return;
    }
    MemoryUse.Sum held = new MemoryUse.Sum();
    copy.addTo(held);
    MemoryUse use = held.done();
    long optional = copy.optionalBytes();
    long reserved = room == null ? 0 : room.bytes();
    sum.add(use, optional + Math.min(reserved, use.heapBytes() - optional));
  }

  /** Gives back what the replacement does not need. Call once, when done. */
  void finish() {
    releaseSources();
    HeapSegment copy = built;
    if (isSealing && isCopied && copy != null) {
      copy.release();
    }
    giveRoomBack();
  }

  private void giveRoomBack() {
    if (room != null) {
      room.close();
    }
  }

  private void releaseSources() {
    for (SegmentView source : sources) {
      source.segment().release();
    }
  }

  /** Gives up: waits for a running step to notice, and frees what was built. */
  void cancel() {
    isCancelled = true;
    SealedSegment result = work.exceptionally(failure -> null).join();
    HeapSegment copy = built;
    if (isCopied && copy != null) {
      copy.stop();
    }
    if (result != null) {
      result.stop();
      result.release();
    }
    releaseSources();
    if (isCopied && copy != null) {
      copy.release();
    }
    giveRoomBack();
  }
}
