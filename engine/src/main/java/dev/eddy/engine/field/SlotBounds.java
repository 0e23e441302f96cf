package dev.eddy.engine.field;

import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/**
 * What is known of the slots that match something: those that do for certain, and those that may.
 * The first are among the second; slots of dead points may be among both. The bitmaps are not to be
 * changed.
 */
public record SlotBounds(RoaringBitmap sure, RoaringBitmap possible) {

  /** Exactly these match. */
  public static SlotBounds exact(RoaringBitmap slots) {
    return new SlotBounds(slots, slots);
  }

  /** At most these match. */
  public static SlotBounds atMost(RoaringBitmap slots) {
    return new SlotBounds(new RoaringBitmap(), slots);
  }

  /** Whether nothing is left to find out. */
  public boolean isExact() {
    return sure == possible || sure.getLongCardinality() == possible.getLongCardinality();
  }

  /** Slots that match both. */
  public SlotBounds and(SlotBounds other) {
    RoaringBitmap both = RoaringBitmap.and(possible, other.possible);
    return isExact() && other.isExact()
        ? exact(both)
        : new SlotBounds(RoaringBitmap.and(sure, other.sure), both);
  }

  /** Slots that match one of the two. */
  public SlotBounds or(SlotBounds other) {
    RoaringBitmap either = RoaringBitmap.or(possible, other.possible);
    return isExact() && other.isExact()
        ? exact(either)
        : new SlotBounds(RoaringBitmap.or(sure, other.sure), either);
  }

  /** Those of all slots that do not match. */
  public SlotBounds not(RoaringBitmap all) {
    RoaringBitmap surelyNot = RoaringBitmap.andNot(all, possible);
    return isExact()
        ? exact(surelyNot)
        : new SlotBounds(surelyNot, RoaringBitmap.andNot(all, sure));
  }

  /** Slots that match at least so many of these; {@code least} is at least 1. */
  public static SlotBounds atLeast(int least, List<SlotBounds> options) {
    if (options.stream().allMatch(SlotBounds::isExact)) {
      return exact(atLeastOf(least, options.stream().map(SlotBounds::possible).toList()));
    }
    return new SlotBounds(
        atLeastOf(least, options.stream().map(SlotBounds::sure).toList()),
        atLeastOf(least, options.stream().map(SlotBounds::possible).toList()));
  }

  private static RoaringBitmap atLeastOf(int least, List<RoaringBitmap> options) {
    // reached[i]: slots that are in at least i + 1 of those seen so far.
    RoaringBitmap[] reached = new RoaringBitmap[Math.min(least, options.size() + 1)];
    for (int i = 0; i < reached.length; i++) {
      reached[i] = new RoaringBitmap();
    }
    for (RoaringBitmap option : options) {
      for (int i = reached.length - 1; i > 0; i--) {
        reached[i].or(RoaringBitmap.and(reached[i - 1], option));
      }
      reached[0].or(option);
    }
    return least > options.size() ? new RoaringBitmap() : reached[least - 1];
  }
}
