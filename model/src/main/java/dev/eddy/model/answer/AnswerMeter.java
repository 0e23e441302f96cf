package dev.eddy.model.answer;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What one answer takes in memory while it is made: refuses it before the memory is gone. However
 * much a client asks for, only what is there counts. Safe from any thread.
 *
 * <p>Code that gathers an answer {@link #add}s to the meter of its own work, if there is one.
 */
public final class AnswerMeter implements AutoCloseable {
  /** What a hit takes while it is on its way from a search into an answer. */
  public static final int HIT_BYTES = 128;

  private static final long CLOSED = -1;
  private static final ScopedValue<AnswerMeter> CURRENT = ScopedValue.newInstance();

  private final long max;
  private final AtomicLong allAnswers;
  private final long allMax;

  /** So far, or {@link #CLOSED}. */
  private final AtomicLong bytes = new AtomicLong();

  private AnswerMeter(long max, AtomicLong allAnswers, long allMax) {
    this.max = max;
    this.allAnswers = allAnswers;
    this.allMax = allMax;
  }

  /** One for itself, of at most so many bytes. */
  public static AnswerMeter single(long max) {
    return new AnswerMeter(max, new AtomicLong(), Long.MAX_VALUE);
  }

  /** One of several that share memory. */
  public static AnswerMeter sharing(Limits limits, AtomicLong allAnswers) {
    return new AnswerMeter(limits.of(Limit.ANSWER), allAnswers, limits.of(Limit.ANSWERS));
  }

  /** Does work that this meters. */
  public <T> T metering(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The same task for another thread, metered as this thread's work is. */
  public static Runnable carried(Runnable task) {
    if (!CURRENT.isBound()) {
      return task;
    }
    ScopedValue.Carrier carrier = ScopedValue.where(CURRENT, CURRENT.get());
    return () -> carrier.run(task);
  }

  /** Counts more for the work that this thread does now, if that is metered; see {@link #add}. */
  public static void count(long more) {
    if (CURRENT.isBound()) {
      CURRENT.get().add(more);
    }
  }

  /** What a point takes, about. */
  public static long bytesOf(StoredPoint point) {
    long bytes = HIT_BYTES;
    if (point.payload() != null) {
      bytes += point.payload().json().length;
    }
    if (point.vectors() != null) {
      for (Vector vector : point.vectors().byName().values()) {
        bytes +=
            switch (vector) {
              case Vector.Dense(float[] values) -> 4L * values.length;
              case Vector.Sparse(int[] indices, float[] ignored) -> 8L * indices.length;
              case Vector.Multi(float[][] rows) ->
                  rows.length == 0 ? 0 : 4L * rows.length * rows[0].length;
            };
      }
    }
    return bytes;
  }

  /**
   * Counts more, unless this is closed: a replica that was late, or a shard of an answer that was
   * refused, takes no room from others, not even for a moment.
   *
   * @throws EddyException RATE_LIMITED when one answer alone is too large, OVERLOADED when all are
   */
  public void add(long more) {
    long before = bytes.getAndUpdate(counted -> counted == CLOSED ? CLOSED : counted + more);
    if (before == CLOSED) {
      return;
    }
    long now = before + more;
    // Closed since then, it has given these back already: that they come now makes it even.
    long all = allAnswers.addAndGet(more);
    if (now > max) {
      throw EddyException.rateLimited(
              "the answer takes more than %d bytes of memory, %d so far; ask for fewer points, for less of each, or with a filter for the values of fewer"
                  .formatted(max, now),
              0)
          .beyond(Limit.ANSWER);
    }
    if (all > allMax) {
      throw new EddyException(
              ErrorCode.OVERLOADED,
              "Rate limiting exceeded: the answers under way take more than %d bytes of memory"
                  .formatted(allMax))
          .beyond(Limit.ANSWERS);
    }
  }

  /** Bytes so far; 0 when closed. */
  public long bytes() {
    return Math.max(0, bytes.get());
  }

  /** Gives back what was counted. */
  @Override
  public void close() {
    long counted = bytes.getAndSet(CLOSED);
    if (counted != CLOSED) {
      allAnswers.addAndGet(-counted);
    }
  }
}
