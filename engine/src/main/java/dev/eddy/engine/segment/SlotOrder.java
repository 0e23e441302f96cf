package dev.eddy.engine.segment;

import java.lang.foreign.MemorySegment;

/**
 * The rows of a mapped file by their slots, where they lie in another order. Immutable; safe from
 * any thread while the segment is retained.
 */
final class SlotOrder {
  private final MemorySegment ordinals;
  private final int[] slots;
  private final int first;
  private final int last;

  /**
   * @param ordinals int32 each, in ascending order of their slots
   * @param slots of each ordinal
   */
  SlotOrder(MemorySegment ordinals, int[] slots) {
    this.ordinals = ordinals;
    this.slots = slots;
    this.first = slots.length == 0 ? 0 : slotAt(0);
    this.last = slots.length == 0 ? -1 : slotAt(slots.length - 1);
  }

  private int ordinalAt(int rank) {
    return ordinals.get(SealedFile.INT, 4L * rank);
  }

  /** The slot with so many smaller ones; what is damaged throws {@link RuntimeException}. */
  int slotAt(int rank) {
    return slots[ordinalAt(rank)];
  }

  /** The smallest slot. */
  int first() {
    return first;
  }

  /** The largest slot; below the first where there are none. */
  int last() {
    return last;
  }

  /** The ordinal of a slot; negative when there is none. */
  int ordinalOf(int slot) {
    if (slot < first || slot > last) {
      return -1;
    }
    // With every slot between them there both bounds are the rank itself.
    int high = Math.min(slots.length - 1, slot - first);
    int low = Math.max(0, slots.length - 1 - (last - slot));
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int ordinal = ordinalAt(middle);
      int found = slots[ordinal];
      if (found == slot) {
        return ordinal;
      }
      if (found < slot) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }
}
