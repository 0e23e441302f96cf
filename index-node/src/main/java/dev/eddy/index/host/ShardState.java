package dev.eddy.index.host;

/** Where a hosted shard is in its life. */
public enum ShardState {
  /** The state is being opened from its newest sound checkpoint. */
  RESTORING,
  /** Applying what the log had when the shard was opened; writers wait for it, readers don't. */
  REPLAYING,
  SERVING,
  /** Stopped on an error of its own; may be opened again. */
  FAILED,
  /** Not hosted any more. */
  CLOSED;

  boolean canBecome(ShardState next) {
    return switch (this) {
      case RESTORING -> next == REPLAYING || next == FAILED || next == CLOSED;
      case REPLAYING -> next == SERVING || next == FAILED || next == CLOSED;
      case SERVING -> next == FAILED || next == CLOSED;
      case FAILED -> next == RESTORING || next == CLOSED;
      case CLOSED -> false;
    };
  }
}
