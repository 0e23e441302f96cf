package dev.eddy.engine.kernel;

/**
 * In which of many equal arrays a row lies, and where, for rows of one length: as many rows to a
 * slab as fill one region of the collector ({@code G1HeapRegionSize}, which the launcher sets). An
 * array of more than half a region has regions of its own: it is never copied, and what it leaves
 * of the last one is lost to all, so that it should leave little. Immutable.
 */
public final class SlabShape {
  /** What a slab takes at most, with its header, unless one row takes more. */
  private static final int REGION_BYTES = 2 << 20;

  /** At least what an array's header takes. */
  private static final int HEADER_BYTES = 16;

  private final int rows;
  private final long multiplier;
  private final int shift;

  /**
   * The shape of slabs of rows that take so many bytes each, at least 1.
   *
   * @throws IllegalArgumentException when a row has no length
   */
  public SlabShape(int rowBytes) {
    if (rowBytes < 1) {
      throw new IllegalArgumentException("a row takes at least a byte, got " + rowBytes);
    }
    this.rows = Math.max(1, (REGION_BYTES - HEADER_BYTES) / rowBytes);
    // Division by an invariant integer (Granlund and Montgomery 1994): exact for all ints >= 0.
    this.shift = Integer.SIZE - 1 + Integer.SIZE - Integer.numberOfLeadingZeros(rows - 1);
    this.multiplier = ((1L << shift) + rows - 1) / rows;
  }

  /** Rows of a slab. */
  public int rows() {
    return rows;
  }

  /** The slab of a row. */
  public int slabOf(int ordinal) {
    return (int) ((ordinal * multiplier) >>> shift);
  }

  /** Which row of its slab a row is. */
  public int rowInSlab(int ordinal) {
    return ordinal - slabOf(ordinal) * rows;
  }

  /** Slabs that hold so many rows. */
  public int slabsFor(int count) {
    return count == 0 ? 0 : slabOf(count - 1) + 1;
  }
}
