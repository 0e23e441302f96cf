package dev.eddy.engine.segment;

import dev.eddy.engine.segment.RowLayout.SlotGroups;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * In what order rows get into a sealed file: by group and then by slot, those of no group last.
 * Immutable.
 *
 * @param layout id of the {@link RowLayout}
 * @param sources ordinal that each row of the file has had; null = rows stay in their order
 * @param numbers ordinal that each row gets; null as before
 */
record RowOrder(long layout, int @Nullable [] sources, int @Nullable [] numbers) {
  private static final RowOrder BY_SLOT = new RowOrder(RowLayout.BY_SLOT_ID, null, null);

  /**
   * The order of rows with these slots.
   *
   * @param slots each once, in any order
   * @param groups null = by slot alone
   */
  static RowOrder of(int[] slots, int count, long layout, @Nullable SlotGroups groups) {
    if (groups == null && isAscending(slots, count)) {
      return BY_SLOT;
    }
    int[] sources = bySlot(slots, count);
    if (groups != null && count > 0) {
      sources = grouped(slots, sources, groups);
    }
    long id = groups == null ? RowLayout.BY_SLOT_ID : layout;
    boolean isMoved = false;
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[sources[i]] = i;
      isMoved |= sources[i] != i;
    }
    return isMoved ? new RowOrder(id, sources, numbers) : new RowOrder(id, null, null);
  }

  private static boolean isAscending(int[] slots, int count) {
    for (int i = 1; i < count; i++) {
      if (slots[i] <= slots[i - 1]) {
        return false;
      }
    }
    return true;
  }

  /** Ordinals in ascending order of their slots. */
  static int[] bySlot(int[] slots, int count) {
    int[] ordinals = new int[count];
    if (isAscending(slots, count)) {
      Arrays.setAll(ordinals, i -> i);
      return ordinals;
    }
    long[] sorted = new long[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = (long) slots[i] << Integer.SIZE | i;
    }
    Arrays.sort(sorted);
    Arrays.setAll(ordinals, i -> (int) sorted[i]);
    return ordinals;
  }

  /** Puts rows of a group together and leaves them in their order. */
  private static int[] grouped(int[] slots, int[] ordinals, SlotGroups groups) {
    int count = ordinals.length;
    int first = slots[ordinals[0]];
    int[] groupOf = new int[slots[ordinals[count - 1]] - first + 1];
    Arrays.fill(groupOf, SlotGroups.NONE);
    int numbered = groups.number(first, groupOf);
    int[] next = new int[numbered + 2];
    for (int ordinal : ordinals) {
      next[place(groupOf[slots[ordinal] - first], numbered) + 1]++;
    }
    for (int i = 1; i < next.length; i++) {
      next[i] += next[i - 1];
    }
    int[] placed = new int[count];
    for (int ordinal : ordinals) {
      placed[next[place(groupOf[slots[ordinal] - first], numbered)]++] = ordinal;
    }
    return placed;
  }

  private static int place(int group, int numbered) {
    return group == SlotGroups.NONE ? numbered : group;
  }

  /** Whether some row is not where it was. */
  boolean isMoved() {
    return sources != null;
  }

  /** Whether the file's slots may be in another order than rows. */
  boolean isLaidOut() {
    return layout != RowLayout.BY_SLOT_ID;
  }

  /** The ordinal that a row of the file has had. */
  int source(int ordinal) {
    return sources == null ? ordinal : sources[ordinal];
  }

  /** The ordinal that a row gets. */
  int number(int source) {
    return numbers == null ? source : numbers[source];
  }
}
