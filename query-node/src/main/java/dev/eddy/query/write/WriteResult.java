package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.query.ReadToken;

/**
 * The receipt of a write that is in the log.
 *
 * @param operationId largest log offset over the shards it went to
 * @param token what a later read gives to see at least this write
 */
public record WriteResult(long operationId, Status status, ReadToken token) {

  /** How far it is known to have come. */
  public enum Status {
    /** In the log. */
    ACKNOWLEDGED,
    /** Applied at every replica that readers may ask. */
    COMPLETED,
    /** In the log, and will be applied; the wait for it ran out, or its verdict is forgotten. */
    WAIT_TIMEOUT
  }

  public WriteResult {
    requireNonNull(status, "status");
    requireNonNull(token, "token");
  }
}
