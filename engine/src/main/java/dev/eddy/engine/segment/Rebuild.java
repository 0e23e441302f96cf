package dev.eddy.engine.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final VectorFieldSettings settings;
  private final SegmentResources resources;
  private final FileNames names;
  private final List<SegmentView> sources;
  private final boolean isSealing;
  private final HeapSegment built;
  private final boolean isCopied;

  private Step step;
  private CompletableFuture<@Nullable SealedSegment> work;
  private @Nullable SealedSegment sealed;
  private volatile boolean isCancelled;

  private Rebuild(
      VectorFieldSettings settings,
      SegmentResources resources,
      FileNames names,
      List<SegmentView> sources,
      boolean isSealing,
      HeapSegment built,
      boolean isCopied) {
    this.settings = settings;
    this.resources = resources;
    this.names = names;
    this.sources = List.copyOf(sources);
    this.isSealing = isSealing;
    this.built = built;
    this.isCopied = isCopied;
    this.step = Step.LINKING;
    this.work = CompletableFuture.completedFuture(null);
    for (SegmentView source : sources) {
      source.segment().retain();
    }
  }

  /** Writes a heap segment that no longer grows to a sealed file, as it is. */
  static Rebuild seal(
      VectorFieldSettings settings,
      SegmentResources resources,
      FileNames names,
      HeapSegment source) {
    return new Rebuild(
        settings, resources, names, List.of(SegmentView.of(source)), true, source, false);
  }

  /**
   * Copies the live rows of the sources into a new segment, sealed or on the heap. Liveness is
   * asked before this returns.
   */
  static Rebuild copy(
      VectorFieldSettings settings,
      SegmentResources resources,
      FileNames names,
      List<? extends Segment> segments,
      boolean isSealing,
      LiveSlots live,
      HeapSegment empty) {
    List<SegmentView> views = new ArrayList<>();
    List<int[]> ordinals = new ArrayList<>();
    for (Segment segment : segments) {
      SegmentView view = SegmentView.of(segment);
      views.add(view);
      ordinals.add(liveOrdinals(view, live));
    }
    Rebuild rebuild = new Rebuild(settings, resources, names, views, isSealing, empty, true);
    rebuild.step = Step.COPYING;
    rebuild.start(() -> rebuild.copyRows(ordinals));
    return rebuild;
  }

  private static int[] liveOrdinals(SegmentView view, LiveSlots live) {
    int[] ordinals = new int[view.rowCount()];
    int count = 0;
    for (int i = 0; i < view.rowCount(); i++) {
      if (live.isLive(view.slots()[i])) {
        ordinals[count++] = i;
      }
    }
    return Arrays.copyOf(ordinals, count);
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
        resources
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

  private @Nullable SealedSegment copyRows(List<int[]> ordinals) {
    float[] vector = new float[settings.dimension()];
    for (int i = 0; i < sources.size(); i++) {
      SegmentView source = sources.get(i);
      for (int ordinal : ordinals.get(i)) {
        if (isCancelled) {
          return null;
        }
        source.segment().rows().copy(ordinal, vector);
        built.append(source.slots()[ordinal], vector);
      }
    }
    return null;
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
    if (step == Step.LINKING && built.isFullyLinked()) {
      boolean hasFile = isSealing && built.rowCount() > 0;
      step = hasFile ? Step.WRITING : Step.CODING;
      if (hasFile) {
        String name = names.next("segment");
        start(() -> write(name));
        return false;
      }
    }
    if (step == Step.CODING && isCoded(codes)) {
      step = Step.DONE;
    }
    return step == Step.DONE;
  }

  /** A copy is not to be searched more slowly than its sources; what is no copy takes over. */
  private boolean isCoded(@Nullable CodeSettings codes) {
    Segment made = result();
    if (made == null || !isCopied) {
      return true;
    }
    made.code(codes);
    made.maintain();
    return !made.isBusy();
  }

  private SealedSegment write(String name) throws IOException {
    Path file = resources.liveFolder().resolve(name);
    try {
      FilePart part =
          SealedFile.write(
              file,
              settings,
              built.rows(),
              built.slots(),
              built.rowCount(),
              built.graph() == null ? null : built.heapLinks());
      return SealedFile.open(resources, names, part, settings, -1);
    } catch (IOException failure) {
      FileNames.discard(file, failure);
      throw failure;
    }
  }

  /** The segments to be replaced. */
  List<SegmentView> sources() {
    return sources;
  }

  /** The replacement; null when no row was live. The caller takes over the reference. */
  @Nullable Segment result() {
    return isSealing ? sealed : built;
  }

  /** Whether the replacement has the live rows only, so that ordinals are others. */
  boolean isCopied() {
    return isCopied;
  }

  boolean isSealing() {
    return isSealing;
  }

  /** Gives back what the replacement does not need. Call once, when done. */
  void finish() {
    releaseSources();
    if (isSealing && isCopied) {
      built.release();
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
    if (isCopied) {
      built.stop();
    }
    SealedSegment result = work.exceptionally(failure -> null).join();
    if (result != null) {
      result.stop();
      result.release();
    }
    releaseSources();
    if (isCopied) {
      built.release();
    }
  }
}
