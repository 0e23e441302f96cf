package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Numbers the changes that one node asks for: as many slots as ever were under way at once, so that
 * what is kept of their outcomes stays that small. Safe from any thread.
 */
final class ChangeSlots {
  private final String nodeId;
  private final long incarnation;
  private final List<Long> sequences = new ArrayList<>(); // guarded by this; by slot, the last
  private final PriorityQueue<Integer> free = new PriorityQueue<>(); // guarded by this

  ChangeSlots(String nodeId, long incarnation) {
    this.nodeId = nodeId;
    this.incarnation = incarnation;
  }

  /** A new id; its slot is taken until it is released. */
  synchronized ChangeId take() {
    Integer slot = free.poll();
    if (slot == null) {
      slot = sequences.size();
      sequences.add(0L);
    }
    long sequence = sequences.get(slot) + 1;
    sequences.set(slot, sequence);
    return new ChangeId(nodeId, incarnation, slot, sequence);
  }

  /** Nobody waits for this change any more. */
  synchronized void release(ChangeId id) {
    free.add(id.slot());
  }
}
