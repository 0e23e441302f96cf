package dev.eddy.engine.column;

import java.util.Arrays;

/** Entries as text, to be compared. */
final class ColumnTexts {
  private ColumnTexts() {}

  /** All that a slot has, padding included; {@code none} without an entry. */
  static String entry(SlotColumn column, int slot) {
    ColumnEntry entry = new ColumnEntry();
    if (!column.find(slot, entry)) {
      return "none";
    }
    ColumnSettings settings = column.settings();
    StringBuilder text = new StringBuilder();
    for (int unit = entry.from(); unit < entry.to(); unit++) {
      text.append(settings.intsPerUnit() > 0 ? entry.ints()[unit] : 0)
          .append(
              Arrays.toString(
                  Arrays.copyOfRange(
                      entry.floats(), unit * settings.stride(), (unit + 1) * settings.stride())));
    }
    return text.toString();
  }
}
