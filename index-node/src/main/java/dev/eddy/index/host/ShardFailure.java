package dev.eddy.index.host;

import org.jspecify.annotations.Nullable;

/**
 * Why a shard stopped.
 *
 * @param isHalted nothing changes by opening it again; somebody has to look
 */
record ShardFailure(String reason, boolean isHalted, @Nullable Throwable cause) {
  static ShardFailure halted(String reason, @Nullable Throwable cause) {
    return new ShardFailure(reason, true, cause);
  }

  static ShardFailure retried(String reason, @Nullable Throwable cause) {
    return new ShardFailure(reason, false, cause);
  }
}
