package dev.eddy.kafka.log;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes on their way to the log. Safe from any thread. */
final class InFlightBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  InFlightBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes the bytes, or takes nothing and answers false. */
  boolean tryTake(long bytes) {
    long used = usedBytes.get();
    while (used + bytes <= limitBytes) {
      long witness = usedBytes.compareAndExchange(used, used + bytes);
      if (witness == used) {
        return true;
      }
      used = witness;
    }
    return false;
  }

  void giveBack(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  long usedBytes() {
    return usedBytes.get();
  }

  long limitBytes() {
    return limitBytes;
  }
}
