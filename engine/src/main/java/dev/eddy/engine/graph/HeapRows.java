package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.SlabShape;
import org.jspecify.annotations.Nullable;

/**
 * Append-only rows in slabs on the heap, the fastest form to search.
 *
 * <p>Rows of files ({@link #restore}) come slab by slab ({@link #load}), and are there before: a
 * walk compares copies of the rows that it meets, and whoever scans or copies rows waits for their
 * slab.
 *
 * <p>Threading: one appending thread; any number of readers. A row is written before the count that
 * covers it is released, and never changes after. Slabs come and are replaced under the monitor.
 */
public abstract sealed class HeapRows implements Rows permits FloatRows, NarrowRows {
  private static final int GROWTH_MIN_ROWS = 16;

  /** Four rows, as many as kernels compare at once. */
  private static final int[] FOUR = {0, 1, 2, 3};

  final Metric metric;
  final int dimension;
  final ElementType type;
  final int stride;
  final SlabShape shape;

  /** What a row takes of its slab, in the slab's units. */
  final int rowUnits;

  private final int unitBytes;
  private volatile int count;

  /** Where slabs are that are not here; null once all are. */
  private volatile @Nullable StoredRows stored;

  /**
   * @param unitBytes what a unit of slabs takes, of which a number takes one or its bytes
   */
  HeapRows(Metric metric, int dimension, int stride, ElementType type, int unitBytes) {
    this.metric = metric;
    this.dimension = dimension;
    this.stride = stride;
    this.type = type;
    this.rowUnits = stride * type.bytes() / unitBytes;
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

  /**
   * Goes on from rows of files, which have the rows' type. Before anybody knows of these rows, and
   * before any is appended.
   *
   * @throws java.io.UncheckedIOException when a file is damaged in what is read at once: the slab
   *     that appending goes on in
   */
  public final void restore(StoredRows from) {
    int rows = from.count();
    if (rows == 0) {
      return;
    }
    stored = from;
    int last = shape.slabOf(rows - 1);
    makeAbsent(last + 1);
    count = rows;
    load(last);
    if (last == 0) {
      stored = null;
    }
  }

  /** Slabs that rows lie in; those that are in files, too. */
  public final int slabCount() {
    return shape.slabsFor(count);
  }

  /** Rows of a full slab. */
  public final int rowsPerSlab() {
    return shape.rows();
  }

  /**
   * Brings a slab to the heap that is not there yet.
   *
   * @throws java.io.UncheckedIOException when its file is damaged
   */
  public final void load(int slab) {
    StoredRows from = stored;
    if (from == null || isHere(slab)) {
      return;
    }
    synchronized (this) { // One at a time: the others wait for the disk anyway.
      if (!isHere(slab)) {
        int first = slab * shape.rows();
        read(slab, from, first, Math.min(shape.rows(), from.count() - first));
      }
    }
  }

  /**
   * Brings all rows to the heap: their files are not needed from then on.
   *
   * @throws java.io.UncheckedIOException when a file is damaged
   */
  public final void loadAll() {
    if (stored != null) {
      int slabs = slabCount();
      for (int slab = 0; slab < slabs; slab++) {
        load(slab);
      }
      stored = null;
    }
  }

  /** Whether no row is in files alone, as far as {@link #loadAll} has found out. */
  public final boolean isLoaded() {
    return stored == null;
  }

  /** Scores of four rows, some of which are in files, of copies: to {@code scores[at ..)}. */
  final void scoreStored(float[] query, int queryAt, int[] ordinals, float[] scores, int at) {
    if (ordinals[3] == ordinals[0] + 3) { // A scan, which comes by all of them.
      load(shape.slabOf(ordinals[0]));
      load(shape.slabOf(ordinals[3]));
    }
    HeapRows copies = of(metric, dimension, type);
    float[] row = new float[dimension];
    for (int ordinal : ordinals) {
      copyAlone(ordinal, row);
      copies.append(row);
    }
    float[] found = new float[2 * FOUR.length];
    copies.score(query, queryAt, FOUR, 0, FOUR.length, found);
    System.arraycopy(found, 0, scores, at, FOUR.length);
  }

  /** Copies a row from where it is, without its slab. */
  private void copyAlone(int ordinal, float[] out) {
    StoredRows from = stored; // Before the slab is looked at: where there are none it is here.
    if (from == null || isHere(shape.slabOf(ordinal))) {
      copy(ordinal, out);
    } else {
      from.read(ordinal, 1, (row, count, numbers, at) -> type.decode(numbers, at, out, dimension));
    }
  }

  /** Makes this many slabs, none of which is here. */
  abstract void makeAbsent(int slabs);

  abstract boolean isHere(int slab);

  /** Reads a slab whose first rows are {@code [first, first + count)}. Under the monitor. */
  abstract void read(int slab, StoredRows from, int first, int count);

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

  /** Bytes of heap held by the slabs, and to be held by those that are in files. */
  public abstract long heapBytes();

  /** Where the row starts in its slab, in units. */
  final int rowAt(int ordinal) {
    return shape.rowInSlab(ordinal) * rowUnits;
  }

  /** Units of a full slab. */
  final int fullUnits() {
    return shape.rows() * rowUnits;
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
    int full = fullUnits();
    int more = Math.max(GROWTH_MIN_ROWS, present / rowUnits / 4) * rowUnits;
    return shape.slabOf(ordinal) == 0 ? Math.min(full, Math.max(needed, present + more)) : full;
  }
}
