package dev.eddy.engine.column;

import org.jspecify.annotations.Nullable;

/**
 * A column at one moment. Immutable, safe from any thread; what it needs lives as long as it does.
 *
 * <p>Runs are in the order of their slots, and all of them below the tail.
 */
public final class ColumnView {
  private final ColumnSettings settings;
  private final ColumnRun[] runs;
  private final ColumnTail.View tail;
  private final int live;

  ColumnView(ColumnSettings settings, ColumnRun[] runs, ColumnTail.View tail, int live) {
    this.settings = settings;
    this.runs = runs;
    this.tail = tail;
    this.live = live;
  }

  /** How the entries look. */
  public ColumnSettings settings() {
    return settings;
  }

  /** Live slots with an entry. */
  public int live() {
    return live;
  }

  /** No slot at or above this has an entry. */
  public int slotCount() {
    return tail.end();
  }

  /** Puts the entry of a slot in reach; false when there is none. */
  public boolean find(int slot, ColumnEntry entry) {
    if (slot >= tail.from()) {
      return tail.find(slot, entry);
    }
    ColumnRun run = run(slot);
    return run != null && run.find(slot, entry);
  }

  public boolean contains(int slot) {
    if (slot >= tail.from()) {
      return tail.contains(slot);
    }
    ColumnRun run = run(slot);
    return run != null && run.contains(slot);
  }

  /** The run whose range has the slot. */
  private @Nullable ColumnRun run(int slot) {
    int found = ColumnRun.find(slot, runs);
    return found < 0 ? null : runs[found];
  }
}
