package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnView;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import java.util.function.IntPredicate;

/**
 * The rows of multivectors in graphs, at one moment. Immutable, safe from any thread until it is
 * released.
 */
public final class RowGraphView {
  private final VectorFieldSnapshot rows;
  private final RowOwners.View owners;
  private final ColumnView numbers;

  RowGraphView(VectorFieldSnapshot rows, RowOwners.View owners, ColumnView numbers) {
    this.rows = rows;
    this.owners = owners;
    this.numbers = numbers;
  }

  /** The rows; what is a slot there is a row's number. */
  public VectorFieldSnapshot rows() {
    return rows;
  }

  /** The slot that a row is of; negative where it is of none any more. */
  public int slotOf(int row) {
    return owners.of(row);
  }

  /** Hands over the rows of a slot until the consumer returns false; whether it never did. */
  public boolean forEachRow(int slot, IntPredicate consumer) {
    ColumnEntry entry = new ColumnEntry();
    if (numbers.find(slot, entry)) {
      for (int row = entry.ints()[entry.from()]; owners.of(row) == slot; row++) {
        if (!consumer.test(row)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The first row of a slot; negative where it has none here. */
  int firstRow(int slot, ColumnEntry entry) {
    return numbers.find(slot, entry) ? entry.ints()[entry.from()] : RowOwners.NONE;
  }

  /** Gives up the rows; to be called once. */
  public void release() {
    rows.release();
  }
}
