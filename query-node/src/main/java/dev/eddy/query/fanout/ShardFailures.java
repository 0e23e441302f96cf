package dev.eddy.query.fanout;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.shard.ShardException;
import org.jspecify.annotations.Nullable;

/** What a client is told when a shard did not answer. */
final class ShardFailures {
  private ShardFailures() {}

  static EddyException translate(Generation generation, int shard, ShardException failure) {
    String where = "shard " + shard + " of collection `" + generation.name() + "`: ";
    String text = where + failure.getMessage();
    return switch (failure.reason()) {
      case TIMEOUT, STALE -> new EddyException(ErrorCode.TIMEOUT, "Timeout: " + text, failure);
      case OVERLOADED -> new EddyException(ErrorCode.OVERLOADED, "Overloaded: " + text, failure);
      case NOT_HOSTED, NOT_SERVING, LEASE_LOST, UNREACHABLE, FAILED ->
          new EddyException(ErrorCode.UNAVAILABLE, "Unavailable: " + text, failure);
    };
  }

  static EddyException noReplica(
      Generation generation, int shard, @Nullable ShardException lastFailure) {
    return lastFailure != null
        ? translate(generation, shard, lastFailure)
        : new EddyException(
            ErrorCode.UNAVAILABLE,
            "Unavailable: shard %d of collection `%s` has no usable replica"
                .formatted(shard, generation.name()));
  }
}
