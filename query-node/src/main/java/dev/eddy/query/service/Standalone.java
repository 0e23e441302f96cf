package dev.eddy.query.service;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;

/** Operations on a cluster's peers, which clients have no hand in here. */
public final class Standalone {
  /** What {@code GET /cluster} calls the state of such a cluster. */
  public static final String CLUSTER_STATUS = "disabled";

  private Standalone() {}

  /** The contract's refusal of a single node. */
  public static EddyException refusal() {
    return new EddyException(ErrorCode.STANDALONE_MODE, "Qdrant is running in standalone mode");
  }
}
