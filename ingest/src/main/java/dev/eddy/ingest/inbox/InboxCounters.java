package dev.eddy.ingest.inbox;

import java.util.concurrent.atomic.AtomicLong;

/** What the pipeline has done since its process started. Safe from any thread. */
public final class InboxCounters {
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong deadLetters = new AtomicLong();
  final AtomicLong discarded = new AtomicLong();
  final AtomicLong declaredLosses = new AtomicLong();
  final AtomicLong repositioned = new AtomicLong();

  /** Records handed to a log. */
  public long accepted() {
    return accepted.get();
  }

  /** Records that were refused; each is a dead letter. */
  public long deadLetters() {
    return deadLetters.get();
  }

  /** Records whose generation was dropped since they arrived. */
  public long discarded() {
    return discarded.get();
  }

  /** Chains that stayed broken although the inbox had counted their records as delivered. */
  public long declaredLosses() {
    return declaredLosses.get();
  }

  /** How often a source partition was started again from what was surely delivered. */
  public long repositioned() {
    return repositioned.get();
  }
}
