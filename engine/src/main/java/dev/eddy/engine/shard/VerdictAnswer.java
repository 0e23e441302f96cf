package dev.eddy.engine.shard;

import dev.eddy.model.update.Verdict;

/** What a shard can say about the verdict on an offset. */
public sealed interface VerdictAnswer {
  /** Published and remembered. */
  record Known(Verdict verdict) implements VerdictAnswer {}

  /** The published position is not above the offset. */
  enum NotYet implements VerdictAnswer {
    NOT_YET
  }

  /** Published too long ago: it may have been refused, so it must not be called completed. */
  enum Unknown implements VerdictAnswer {
    UNKNOWN
  }
}
