package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HeapRows;
import java.util.Arrays;

/** Rows with their slots while they are read from files. Not thread-safe. */
final class SlotRows {
  private final HeapRows rows;
  private int[] slots;
  private int lastSlot = -1;

  /** Empty, with slots above {@code lastSlot} to come. */
  SlotRows(VectorFieldSettings settings, int expectedRows, int lastSlot) {
    this.rows = settings.newRows();
    this.slots = new int[Math.max(16, expectedRows)];
    this.lastSlot = lastSlot;
  }

  void append(int slot, float[] vector) {
    int ordinal = rows.count();
    if (ordinal == slots.length) {
      slots = Arrays.copyOf(slots, ordinal + Math.max(16, ordinal >> 1));
    }
    slots[ordinal] = slot;
    rows.append(vector);
    lastSlot = slot;
  }

  HeapRows rows() {
    return rows;
  }

  int[] slots() {
    return slots;
  }

  int lastSlot() {
    return lastSlot;
  }
}
