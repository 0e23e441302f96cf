package dev.eddy.bench.measure;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A markdown table that prints each row at once. Not thread-safe. */
public final class Table {
  /** What rows show where nothing was measured. */
  public static final String NOTHING = "–";

  private final PrintStream out;
  private final List<String> columns;
  private boolean hasHeader;

  /** A table with these columns on standard output. */
  public Table(String... columns) {
    this(System.out, columns);
  }

  Table(PrintStream out, String... columns) {
    this.out = out;
    this.columns = List.of(columns);
  }

  /** Prints a row; doubles with as many digits as their size deserves, everything else as it is. */
  public void row(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d values for %d columns".formatted(values.length, columns.size()));
    }
    if (!hasHeader) {
      out.println("| " + String.join(" | ", columns) + " |");
      out.println("|" + "---|".repeat(columns.size()));
      hasHeader = true;
    }
    StringBuilder line = new StringBuilder("|");
    for (Object value : values) {
      line.append(' ').append(text(value)).append(" |");
    }
    out.println(line);
    out.flush();
  }

  /** The lowest and the highest of sorted numbers, at least one. */
  public static String range(double[] sorted) {
    return Double.isNaN(sorted[0])
        ? NOTHING
        : text(sorted[0]) + " – " + text(sorted[sorted.length - 1]);
  }

  /** A recall as rows show it. */
  public static String recall(double recall) {
    return Double.isNaN(recall) ? NOTHING : String.format(Locale.ROOT, "%.3f", recall);
  }

  /** A value as rows show it. */
  public static String text(Object value) {
    if (!(value instanceof Double number)) {
      return value.toString();
    }
    if (number.isNaN()) {
      return NOTHING;
    }
    double size = Math.abs(number);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", number);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", number);
  }
}
