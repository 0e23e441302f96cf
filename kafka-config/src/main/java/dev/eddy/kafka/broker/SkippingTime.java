package dev.eddy.kafka.broker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The system's time, whose monotonic clock can be set ahead.
 *
 * <p>The quorum controller believes for a whole session timeout after a restart that the broker of
 * before kill -9 still lives, and refuses its successor. Here the data folder's lock proves that it
 * is dead, so the time is skipped instead of waited for.
 */
final class SkippingTime implements Time {
  private final AtomicLong skippedNanos = new AtomicLong();

  void skip(Duration duration) {
    skippedNanos.addAndGet(duration.toNanos());
  }

  @Override
  public long milliseconds() {
    return Time.SYSTEM.milliseconds();
  }

  @Override
  public long nanoseconds() {
    return Time.SYSTEM.nanoseconds() + skippedNanos.get();
  }

  @Override
  public void sleep(long ms) {
    Time.SYSTEM.sleep(ms);
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs)
      throws InterruptedException {
    Time.SYSTEM.waitObject(object, condition, deadlineMs);
  }
}
