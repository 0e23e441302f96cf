package dev.eddy.model.update;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;

/** What a shard decided about one update: the same on every replica and every replay. */
public sealed interface Verdict {

  /** Applied, or validly without effect. */
  enum Applied implements Verdict {
    APPLIED
  }

  /** Refused, at least from one point on; what came before in the same update stays applied. */
  record Rejected(ErrorCode code, String reason) implements Verdict {
    public EddyException exception() {
      return new EddyException(code, reason);
    }
  }
}
