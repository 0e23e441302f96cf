package dev.eddy.engine.segment;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Background work on a segment's rows, slice by slice, each behind what others have queued in the
 * build pool meanwhile. It holds a reference to the segment until it ends. The writer starts it,
 * asks whether it is done, and may cancel it.
 */
final class SlicedWork<T> {
  private final BuildPool pool;
  private final Segment segment;
  private final Slices<T> slices;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /** What is done in slices; closed at the end, whatever the end is. */
  interface Slices<T> {
    /** Does the next slice; the result after the last one, null before. */
    @Nullable T next() throws IOException;

    default void close() throws IOException {}
  }

  private SlicedWork(BuildPool pool, Segment segment, Slices<T> slices) {
    this.pool = pool;
    this.segment = segment;
    this.slices = slices;
  }

  /** Begins. */
  static <T> SlicedWork<T> start(BuildPool pool, Segment segment, Slices<T> slices) {
    SlicedWork<T> work = new SlicedWork<>(pool, segment, slices);
    segment.retain();
    work.queue();
    return work;
  }

  private void queue() {
    if (!pool.submit(this::run)) {
      end(new IllegalStateException("build pool is closed"));
    }
  }

  private synchronized void run() {
    if (isDone()) {
      return; // Cancelled while it was queued.
    }
    pool.builderStarted();
    try {
      T found = slices.next();
      if (found == null) {
        queue();
      } else {
        slices.close();
        segment.release();
        result.complete(found);
      }
    } catch (Throwable failure) {
      end(failure);
    } finally {
      pool.builderFinished();
    }
  }

  /**
   * Ends it; waits for a running slice, not for what is queued before the next.
   *
   * @return the result where it has one already; null otherwise
   */
  synchronized @Nullable T cancel() {
    if (!isDone()) {
      end(new IllegalStateException("given up"));
    }
    return result.isCompletedExceptionally() ? null : result.join();
  }

  private void end(Throwable failure) {
    try {
      slices.close();
    } catch (IOException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
    segment.release();
    result.completeExceptionally(failure);
  }

  /** Whether it has ended, for whatever reason. */
  boolean isDone() {
    return result.isDone();
  }

  /**
   * The result, once done.
   *
   * @throws CompletionException with what ended it otherwise
   */
  T join() {
    return result.join();
  }
}
