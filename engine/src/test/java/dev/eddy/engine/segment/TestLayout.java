package dev.eddy.engine.segment;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Groups by a function of the slot; negative = none. It may be unknown for a time. */
final class TestLayout implements RowLayout {
  private final long id;
  private final IntUnaryOperator groupOf;
  boolean isKnown = true;

  TestLayout(long id, IntUnaryOperator groupOf) {
    this.id = id;
    this.groupOf = groupOf;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public boolean isKnown() {
    return isKnown;
  }

  @Override
  public SlotGroups groups() {
    return (first, numbers) -> {
      Map<Integer, Integer> known = new HashMap<>();
      for (int i = 0; i < numbers.length; i++) {
        int group = groupOf.applyAsInt(first + i);
        if (group >= 0) {
          known.putIfAbsent(group, known.size());
          numbers[i] = known.get(group);
        }
      }
      return known.size();
    };
  }

  /** Times that the group changes from one row to the next. */
  int changes(Segment segment) {
    int changes = 0;
    for (int i = 1; i < segment.rowCount(); i++) {
      int before = groupOf.applyAsInt(segment.slots()[i - 1]);
      changes += groupOf.applyAsInt(segment.slots()[i]) == before ? 0 : 1;
    }
    return changes;
  }
}
