package dev.eddy.engine.column;

import dev.eddy.engine.kernel.ElementType;

/**
 * How a column's entries look.
 *
 * @param fileStem begins the names of its files; unique in the folder
 * @param intsPerUnit ints of each unit, 0 or 1
 * @param floatsPerUnit floats of each unit, at least 1
 * @param stride floats that a unit has in memory and in sealed files, at least {@code
 *     floatsPerUnit}; the rest is 0
 * @param chunkUnits units of a full chunk; a longer entry has a chunk of its own
 * @param elementType how floats are kept, which can say each of them; readers get floats
 */
public record ColumnSettings(
    String fileStem,
    int intsPerUnit,
    int floatsPerUnit,
    int stride,
    int chunkUnits,
    ElementType elementType) {
  public ColumnSettings {
    if (intsPerUnit < 0 || intsPerUnit > 1 || floatsPerUnit < 1 || stride < floatsPerUnit) {
      throw new IllegalArgumentException(
          "units of %d ints and %d floats in %d".formatted(intsPerUnit, floatsPerUnit, stride));
    }
    if (chunkUnits < 1) {
      throw new IllegalArgumentException("chunks hold at least 1 unit, got " + chunkUnits);
    }
  }

  /** Of floats that are kept as they are. */
  public ColumnSettings(
      String fileStem, int intsPerUnit, int floatsPerUnit, int stride, int chunkUnits) {
    this(fileStem, intsPerUnit, floatsPerUnit, stride, chunkUnits, ElementType.FLOAT32);
  }

  /** The same of floats that are kept as they are, as in files of builds before. */
  ColumnSettings ofFloats() {
    return isNarrow()
        ? new ColumnSettings(fileStem, intsPerUnit, floatsPerUnit, stride, chunkUnits)
        : this;
  }

  /** Whether floats take less than four bytes each. */
  boolean isNarrow() {
    return !elementType.isFloat32();
  }

  /** Bytes of a unit in memory and in a sealed file. */
  int unitBytes() {
    return Integer.BYTES * intsPerUnit + elementType.bytes() * stride;
  }

  /** The same without what only fills it. */
  int filledBytes() {
    return Integer.BYTES * intsPerUnit + elementType.bytes() * floatsPerUnit;
  }
}
