package dev.eddy.model.cluster;

import static java.util.Objects.requireNonNull;

/**
 * Names one change of collections, so that whoever decides recognises it when it is sent again.
 *
 * <p>A node numbers its changes per slot, and uses a slot for one change at a time: what is asked
 * with a larger sequence or incarnation says that the answer to everything before it in that slot
 * is of no interest any more.
 *
 * @param nodeId of the node that was asked by the client
 * @param incarnation of that node
 * @param slot 0 or above, the smallest that is free
 * @param sequence larger for every change of the slot
 */
public record ChangeId(String nodeId, long incarnation, int slot, long sequence) {
  public ChangeId {
    requireNonNull(nodeId, "nodeId");
    if (slot < 0) {
      throw new IllegalArgumentException("slot must not be negative, got " + slot);
    }
  }

  /** Whether the other one of the same node and slot is asked for later than this one. */
  public boolean isBefore(ChangeId other) {
    return incarnation < other.incarnation
        || (incarnation == other.incarnation && sequence < other.sequence);
  }
}
