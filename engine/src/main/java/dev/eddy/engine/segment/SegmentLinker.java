package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphBuilder;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.SearchScratch;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Links the rows of a growing segment in the background, by threads of the build pool, once it has
 * begun to; without room for links it never does.
 *
 * <p>Threading: beginning, offering, waiting and resuming by the writer, all else from any thread.
 */
final class SegmentLinker {
  private static final int CHUNK_ROWS = 32;
  private static final long WAIT_NANOS = 200_000;

  /** Waits of a writer without progress before it links rows itself: some linkers' chunks. */
  private static final int WAITS_MAX = 40;

  /** Rows that a writer links at once. */
  private static final int HELP_CHUNK_ROWS = 8;

  /** Rows that are linked of a backlog before the writer goes on. */
  private static final int HELD_BACK_ROWS = 64;

  private final Supplier<VectorFieldSettings> settings;
  private final BuildPool pool;
  private final HeapRows rows;
  private final @Nullable HeapLinks links;
  private final Consumer<Throwable> onFailure;
  private final LinkProgress progress;
  private final AtomicInteger active = new AtomicInteger();
  private final ConcurrentLinkedQueue<GraphBuilder> idleBuilders = new ConcurrentLinkedQueue<>();

  /** Why linking has stopped, until the writer has seen it. */
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /** The writer waits for linking: it comes before searches then. */
  private volatile boolean isHeldBack;

  /** Set once by the writer. */
  private volatile boolean isBegun;

  /**
   * Of rows of which the first are linked.
   *
   * @param settings as they are by now; their graph stays the same
   * @param onFailure told of an error that linking ends with, from the build pool's thread
   */
  SegmentLinker(
      Supplier<VectorFieldSettings> settings,
      BuildPool pool,
      HeapRows rows,
      @Nullable HeapLinks links,
      int linked,
      Consumer<Throwable> onFailure) {
    this.settings = settings;
    this.pool = pool;
    this.rows = rows;
    this.links = links;
    this.progress = new LinkProgress(linked);
    this.onFailure = onFailure;
  }

  /** The rows have outgrown scanning: so many may be linked, and those that are offered later. */
  void begin(int count) {
    if (links != null) {
      links.reserve(count);
      progress.offer(count);
      isBegun = true;
    }
  }

  boolean isBegun() {
    return isBegun;
  }

  /** Makes room for links of so many rows, before the row count covers them. */
  void reserve(int count) {
    if (isBegun && links != null) {
      links.reserve(count);
    }
  }

  /** So many rows may be linked. */
  void offer(int count) {
    progress.offer(count);
  }

  /** Rows that wait for linking; 0 before it has begun. */
  int unlinkedRows() {
    return isBegun ? rows.count() - progress.watermark() : 0;
  }

  int linkedRows() {
    return progress.watermark();
  }

  /** Threads of the pool that link rows, or are about to. */
  int active() {
    return active.get();
  }

  private int activeMost() {
    int asked = settings.get().maxIndexingThreads();
    return asked == 0 ? pool.threads() : Math.min(pool.threads(), asked);
  }

  /**
   * Has threads link what may be, one for each waiting chunk: a trickle keeps one busy, not all.
   */
  void wake() {
    int most = activeMost();
    int before = active.get();
    while (before < most && progress.unclaimed() > before * CHUNK_ROWS) {
      if (active.compareAndSet(before, before + 1)) {
        if (!pool.submit(this::linkSlice)) {
          active.decrementAndGet();
        }
        return;
      }
      before = active.get();
    }
  }

  /** One turn of a linker; queues the next one behind other segments' turns. */
  private void linkSlice() {
    boolean hasMore = false;
    pool.builderStarted();
    try {
      hasMore = linkChunk(CHUNK_ROWS, true);
    } catch (Error error) {
      progress.close();
      onFailure.accept(error);
    } finally {
      pool.builderFinished();
    }
    if (hasMore && active.get() <= activeMost()) {
      wake();
      if (pool.submit(this::linkSlice)) {
        return;
      }
    }
    active.decrementAndGet();
    wake();
  }

  /** Links one chunk on the calling thread; false when there was nothing to claim. */
  private boolean linkChunk(int most, boolean isInBackground) {
    long range = progress.claim(most);
    if (range == LinkProgress.NONE || links == null) {
      return false;
    }
    GraphBuilder builder = idleBuilders.poll();
    if (builder == null) {
      builder = new GraphBuilder(rows, links, settings.get().graph());
    }
    SearchScratch scratch = pool.scratchPool().acquire();
    int from = (int) (range >>> 32);
    int to = (int) range;
    int node = from;
    try {
      for (; node < to; node++) {
        if (isInBackground && givesWay()) {
          pool.giveWay();
        }
        if (node == from && progress.isAgain(node)) {
          builder.insertAgain(node, scratch);
        } else {
          builder.insert(node, scratch);
        }
      }
    } catch (RuntimeException stopped) {
      // Builder and scratch are left to the collector: they may be in the middle of something.
      failure.compareAndSet(null, stopped);
      progress.fail(from, node, to);
      return false;
    }
    pool.scratchPool().release(scratch);
    idleBuilders.add(builder);
    progress.complete(from, to);
    return true;
  }

  /**
   * Whether linkers let searches go first: not while the writer waits for them, nor while so many
   * rows wait, after a load that nobody searched beside, that scanning them is what makes each
   * search slow.
   */
  boolean givesWay() {
    return !isHeldBack && unlinkedRows() <= settings.get().maxUnlinkedRows();
  }

  /**
   * Why linking has stopped since this was asked last; null = it has not. What it did not reach
   * stays scanned. Writer only.
   */
  @Nullable RuntimeException takeFailure() {
    return progress.isInFlight() ? null : failure.getAndSet(null);
  }

  /** Whether rows that could not be linked have not been since. */
  boolean isBehind() {
    return progress.isBehind();
  }

  /** Linking goes on where it has stopped. Writer only. */
  void resume() {
    if (failure.get() == null) {
      progress.resume();
      wake();
    }
  }

  /**
   * Back-pressure: while searches run the writer waits until no more than most rows wait, or some
   * have been linked: of a backlog a part goes with each row. Linkers do not give way to searches
   * meanwhile ({@link #givesWay}), but leave cores to them; where they get none for a while, the
   * writer links some.
   */
  void awaitBelow(int most) {
    int before = progress.watermark();
    isHeldBack = true;
    try {
      while (unlinkedRows() > most
          && (progress.watermark() - before < HELD_BACK_ROWS
              || unlinkedRows() <= most + HELD_BACK_ROWS)
          && pool.isSearched()) {
        wake();
        if (!awaitProgress() && !linkChunk(HELP_CHUNK_ROWS, false) && !progress.isInFlight()) {
          return;
        }
      }
    } finally {
      isHeldBack = false;
    }
  }

  /** Waits until another row is linked; not for long. */
  private boolean awaitProgress() {
    int before = progress.watermark();
    for (int i = 0; i < WAITS_MAX && progress.watermark() == before; i++) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
    return progress.watermark() > before;
  }

  /** No more rows are linked. */
  void stop() {
    progress.close();
  }
}
