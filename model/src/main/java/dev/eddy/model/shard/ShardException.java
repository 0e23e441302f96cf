package dev.eddy.model.shard;

import java.io.Serial;

/** Why a shard did not answer. Never a user's mistake: those are {@code EddyException}s. */
public final class ShardException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** What the caller can do about it. */
  public enum Reason {
    /** This node does not host the shard (any more): ask another replica. */
    NOT_HOSTED,
    /** Not ready to serve: restoring or replaying. */
    NOT_SERVING,
    /** The floor was not reached in time. */
    STALE,
    /** The lease of a first trip is gone: run the shard's part again. */
    LEASE_LOST,
    /** A queue is full. */
    OVERLOADED,
    /** The time is up. */
    TIMEOUT,
    /** The node does not answer. */
    UNREACHABLE,
    /** The shard stopped on an error of its own. */
    FAILED
  }

  private final Reason reason;

  public ShardException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ShardException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether another replica may well answer. */
  public boolean isRetryable() {
    return switch (reason) {
      case NOT_HOSTED, NOT_SERVING, STALE, LEASE_LOST, OVERLOADED, UNREACHABLE, FAILED -> true;
      case TIMEOUT -> false;
    };
  }
}
