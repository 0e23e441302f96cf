package dev.eddy.model.cluster;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The contract's numbers for nodes. */
public final class PeerId {
  private PeerId() {}

  /** A node's id as an unsigned number: stable, and never 0. */
  public static long of(String nodeId) {
    UUID hash = UUID.nameUUIDFromBytes(nodeId.getBytes(StandardCharsets.UTF_8));
    // 53 bits survive every JSON parser.
    return Math.max(1, hash.getMostSignificantBits() >>> 11);
  }
}
