package dev.eddy.engine.shard;

import dev.eddy.engine.points.SlotTable;

/**
 * When a shard's points get slots anew, from 0 on: slots are numbers that run out, and what is kept
 * by slot grows with them.
 *
 * @param slotsMin slots ever given, at least 1, below which it is never worth it
 * @param slotsPerPoint slots for each point, at least 2, from which on linking all points again
 *     costs little beside the writes that have led there
 * @param slotsUrgent slots from which on two for each point are enough, and it is done though
 *     memory is short: writers wait then, which is less than a shard that takes none for good
 * @param sliceNanos of the writer's time at each turn, at least 0, in the first minute; it grows
 *     with the time that it takes, so that it ends beside any load
 */
public record RenumberingRule(int slotsMin, int slotsPerPoint, int slotsUrgent, long sliceNanos) {
  private static final int SLOTS_PER_POINT_MIN = 2;

  /** Four million slots take some 30 MiB, were no page of them given up. */
  static final RenumberingRule DEFAULT =
      new RenumberingRule(1 << 22, 8, SlotTable.SLOTS_MAX / 4 * 3, 5_000_000);

  public RenumberingRule {
    if (slotsMin < 1 || slotsPerPoint < SLOTS_PER_POINT_MIN || sliceNanos < 0) {
      throw new IllegalArgumentException(
          "slotsMin must be at least 1, slotsPerPoint 2, sliceNanos 0, got %d, %d and %d"
              .formatted(slotsMin, slotsPerPoint, sliceNanos));
    }
  }

  boolean isDue(int slots, int points) {
    int perPoint = isUrgent(slots) ? SLOTS_PER_POINT_MIN : slotsPerPoint;
    return slots >= slotsMin && (long) perPoint * points <= slots;
  }

  /** Whether slots run out before long. */
  boolean isUrgent(int slots) {
    return slots >= slotsUrgent;
  }
}
