package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.SlabShape;

/**
 * Append-only rows in slabs on the heap, the fastest form to search.
 *
 * <p>Threading: one appending thread; any number of readers. A row is written before the count that
 * covers it is released, and never changes after.
 */
public abstract sealed class HeapRows implements Rows permits FloatRows, NarrowRows {
  private static final int GROWTH_MIN_ROWS = 16;

  final Metric metric;
  final int dimension;
  final int stride;
  final SlabShape shape;

  /** What a row takes of its slab, in the slab's units. */
  final int rowUnits;

  private final int unitBytes;
  private volatile int count;

  /**
   * @param numberUnits what a number takes: 1 in slabs of floats, its bytes in those of bytes
   * @param unitBytes what a unit takes
   */
  HeapRows(Metric metric, int dimension, int stride, int numberUnits, int unitBytes) {
    this.metric = metric;
    this.dimension = dimension;
    this.stride = stride;
    this.rowUnits = stride * numberUnits;
    this.unitBytes = unitBytes;
    this.shape = new SlabShape(rowBytes());
  }

  /** Empty rows of this dimension, of numbers of this type. */
  public static HeapRows of(Metric metric, int dimension, ElementType type) {
    return type.isFloat32()
        ? new FloatRows(metric, dimension)
        : new NarrowRows(metric, dimension, type);
  }

  @Override
  public final int count() {
    return count;
  }

  @Override
  public final int stride() {
    return stride;
  }

  @Override
  public final int rowBytes() {
    return rowUnits * unitBytes;
  }

  /**
   * Appends a copy of the first {@code dimension} floats. Appending thread only.
   *
   * @throws IllegalArgumentException when the rows' type can't say a number exactly
   */
  public final void append(float[] vector) {
    int ordinal = count;
    write(ordinal, vector);
    count = ordinal + 1;
  }

  /** Writes a row that no count covers yet. */
  abstract void write(int ordinal, float[] vector);

  /**
   * The row as a query, from {@link #queryAt} on: an array of the rows', or the scratch, which
   * holds it until it is used again.
   *
   * @param scratch at least {@link #stride()} floats, zeros where nothing has been written
   */
  abstract float[] query(int ordinal, float[] scratch);

  /** Where the row starts in {@link #query}. */
  abstract int queryAt(int ordinal);

  /** Bytes of heap held by the slabs. */
  public abstract long heapBytes();

  /** Where the row starts in its slab, in units. */
  final int rowAt(int ordinal) {
    return shape.rowInSlab(ordinal) * rowUnits;
  }

  /**
   * Units that the slab of a row has to have for it; the present ones when they are enough. Only
   * the first slab grows, by a quarter or a few rows, so that a small collection costs little;
   * later ones are allocated whole.
   */
  final int slabUnits(int ordinal, int present) {
    int needed = rowAt(ordinal) + rowUnits;
    if (present >= needed) {
      return present;
    }
    int full = shape.rows() * rowUnits;
    int more = Math.max(GROWTH_MIN_ROWS, present / rowUnits / 4) * rowUnits;
    return shape.slabOf(ordinal) == 0 ? Math.min(full, Math.max(needed, present + more)) : full;
  }
}
