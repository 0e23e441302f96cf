package dev.eddy.engine.segment;

import org.jspecify.annotations.Nullable;

/**
 * How rows lie in sealed segments: which of them together. A hint, for speed alone: rows whose
 * group changes stay where they are until their segment is built anew.
 *
 * <p>Asked by the writer.
 */
public interface RowLayout {
  /** Rows lie by slot. */
  RowLayout BY_SLOT =
      new RowLayout() {
        @Override
        public long id() {
          return BY_SLOT_ID;
        }

        @Override
        public boolean isKnown() {
          return true;
        }

        @Override
        public @Nullable SlotGroups groups() {
          return null;
        }
      };

  /** The id of {@link #BY_SLOT}. */
  long BY_SLOT_ID = 0;

  /** What files say that were laid out in this way: stays the same over restarts. */
  long id();

  /** Whether groups can be told now; until then what is there stays as it is. */
  boolean isKnown();

  /** The groups of now, to be closed by the taker; null = each slot by itself, or not known. */
  @Nullable SlotGroups groups();

  /** Which slots' rows belong together, at one moment. Thread-safe. */
  @FunctionalInterface
  interface SlotGroups extends AutoCloseable {
    /** The number of a slot that is in no group. */
    int NONE = -1;

    /**
     * Numbers the groups of slots {@code [first, first + numbers.length)}, from 0 on.
     *
     * @param numbers gets the group of each slot; all are {@link #NONE} before
     * @return groups numbered
     */
    int number(int first, int[] numbers);

    /** Gives back what they were told from. */
    @Override
    default void close() {}
  }
}
