package dev.eddy.engine.column;

/**
 * How a column's entries look.
 *
 * @param fileStem begins the names of its files; unique in the folder
 * @param intsPerUnit ints of each unit, 0 or 1
 * @param floatsPerUnit floats of each unit, at least 1
 * @param stride floats that a unit takes in memory and in sealed files, at least {@code
 *     floatsPerUnit}; the rest is 0
 * @param chunkUnits units of a full chunk; a longer entry has a chunk of its own
 */
public record ColumnSettings(
    String fileStem, int intsPerUnit, int floatsPerUnit, int stride, int chunkUnits) {
  public ColumnSettings {
    if (intsPerUnit < 0 || intsPerUnit > 1 || floatsPerUnit < 1 || stride < floatsPerUnit) {
      throw new IllegalArgumentException(
          "units of %d ints and %d floats in %d".formatted(intsPerUnit, floatsPerUnit, stride));
    }
    if (chunkUnits < 1) {
      throw new IllegalArgumentException("chunks hold at least 1 unit, got " + chunkUnits);
    }
  }

  /** Bytes of a unit in memory and in a sealed file. */
  int unitBytes() {
    return Integer.BYTES * (intsPerUnit + stride);
  }
}
