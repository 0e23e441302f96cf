package dev.eddy.engine.sparse;

/**
 * Goes through the entries of one index, a window of slots at a time. What an entry adds to the sum
 * of its slot is at least the product of the weights, in the units of the query. One thread.
 */
interface ListCursor {
  /** What {@link #firstSlot} says at the end. */
  int NO_SLOT = Integer.MAX_VALUE;

  /** The first slot that was not passed. */
  int firstSlot();

  /** Takes the entries of slots below the end as the window's. */
  void enter(int windowEnd);

  /** At least the most that an entry of the window adds; at least 0. */
  int most();

  /** Adds the window's entries to the sums of their slots; returns how many. */
  int addTo(int[] sums, int window);

  /** Notes the window's slots, a bit each. */
  void touch(long[] touched, int window);

  /** Passes the window's entries. */
  void leave();
}
