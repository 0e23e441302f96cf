package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.ColumnView;
import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.usage.HardwareUsage;
import java.lang.foreign.MemorySegment;

/**
 * The multivectors of a name at one moment. Immutable, safe from any thread.
 *
 * <p>The similarity is the sum over the query's rows of the best similarity to any stored row
 * ("MaxSim", Khattab and Zaharia, 2020).
 */
public final class MultiView {
  private static final float[] NO_SCALES = {};

  private final Metric metric;
  private final boolean isOfAnyLength;
  private final ColumnView column;

  /**
   * @param isOfAnyLength whether rows are to be divided by their length
   */
  MultiView(Metric metric, boolean isOfAnyLength, ColumnView column) {
    this.metric = metric;
    this.isOfAnyLength = isOfAnyLength;
    this.column = column;
  }

  /** Floats of a row. */
  public int dimension() {
    return column.settings().floatsPerUnit();
  }

  public Metric metric() {
    return metric;
  }

  /** Live slots with a multivector. */
  public int live() {
    return column.live();
  }

  /** Whether the slot has a multivector. */
  public boolean contains(int slot) {
    return column.contains(slot);
  }

  /** Floats from a row of a padded query to the next. */
  int stride() {
    return column.settings().stride();
  }

  /** Rows of a slot; 0 where it has no multivector. */
  int rowCount(int slot, ColumnEntry entry) {
    return column.find(slot, entry) ? entry.units() : 0;
  }

  /** The rows of a slot, one behind the other; empty where it has none. */
  public float[] rows(int slot) {
    ColumnEntry entry = new ColumnEntry();
    return column.find(slot, entry) ? unpadded(entry, column.settings()) : new float[0];
  }

  static float[] unpadded(ColumnEntry entry, ColumnSettings settings) {
    int dimension = settings.floatsPerUnit();
    float[] rows = new float[entry.units() * dimension];
    for (int row = 0; row < entry.units(); row++) {
      System.arraycopy(
          entry.floats(),
          (entry.from() + row) * settings.stride(),
          rows,
          row * dimension,
          dimension);
    }
    return rows;
  }

  /** Whether rows are divided by their length when they are compared. */
  boolean isOfAnyLength() {
    return isOfAnyLength;
  }

  /** Compares slots with one query. One thread. */
  public static final class Scorer {
    private final Kernels kernels = KernelSelector.kernels();
    private final MultiView view;
    private final float[] query;
    private final int queryRows;
    private final ColumnEntry entry = new ColumnEntry();
    private final float[] four = new float[4];

    /** Of the entry's rows, where they are to be scaled: what makes their length 1, or 0. */
    private float[] scales = NO_SCALES;

    private Scorer(MultiView view, float[] query, int queryRows) {
      this.view = view;
      this.query = query;
      this.queryRows = queryRows;
    }

    /** The query's rows, {@link #stride} floats each. */
    float[] query() {
      return query;
    }

    int queryRows() {
      return queryRows;
    }

    /** The similarity (higher is nearer) of a slot; NaN where it has no multivector. */
    public float score(int slot) {
      if (!view.column.find(slot, entry)) {
        return Float.NaN;
      }
      HardwareUsage.add(
          HardwareUsage.Part.CPU,
          (long) queryRows * entry.units() * view.dimension() * Float.BYTES);
      if (entry.isMapped()) {
        HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, entry.mappedBytes());
      }
      int stride = view.column.settings().stride();
      // What is to be scaled is read twice, and copied from a file once.
      MemorySegment mapped = view.isOfAnyLength ? null : entry.mapped();
      if (view.isOfAnyLength) {
        findScales(stride);
      }
      float sum = 0f;
      for (int row = 0; row < queryRows; row++) {
        sum += mapped == null ? best(row * stride, stride) : best(row * stride, stride, mapped);
      }
      return sum;
    }

    private float best(int queryAt, int stride) {
      float best = Float.NEGATIVE_INFINITY;
      int last = (entry.to() - 1) * stride;
      for (int at = entry.from() * stride; at <= last; at += 4 * stride) {
        compare(queryAt, at, stride, last);
        if (view.isOfAnyLength) {
          scale(at / stride - entry.from());
        }
        best = Math.max(best, Math.max(Math.max(four[0], four[1]), Math.max(four[2], four[3])));
      }
      return best;
    }

    private void findScales(int stride) {
      if (scales.length < entry.units()) {
        scales = new float[entry.units()];
      }
      float[] rows = entry.floats();
      for (int row = 0; row < entry.units(); row++) {
        int from = (entry.from() + row) * stride;
        double squares = 0;
        for (int i = from; i < from + stride; i++) {
          squares += (double) rows[i] * rows[i];
        }
        scales[row] = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
      }
    }

    private void scale(int row) {
      for (int i = 0; i < four.length; i++) {
        four[i] *= scales[Math.min(row + i, entry.units() - 1)];
      }
    }

    private float best(int queryAt, int stride, MemorySegment mapped) {
      float best = Float.NEGATIVE_INFINITY;
      long rowBytes = (long) Float.BYTES * stride;
      long first = entry.mappedFloats();
      long last = first + (entry.units() - 1) * rowBytes;
      for (long at = first; at <= last; at += 4 * rowBytes) {
        compare(queryAt, mapped, at, rowBytes, last);
        best = Math.max(best, Math.max(Math.max(four[0], four[1]), Math.max(four[2], four[3])));
      }
      return best;
    }

    /** As below, of rows in a file. */
    private void compare(int queryAt, MemorySegment rows, long a, long rowBytes, long last) {
      int stride = (int) (rowBytes / Float.BYTES);
      long b = Math.min(a + rowBytes, last);
      long c = Math.min(a + 2 * rowBytes, last);
      long d = Math.min(a + 3 * rowBytes, last);
      switch (view.metric) {
        case COSINE, DOT -> kernels.dot4(query, queryAt, rows, a, b, c, d, stride, four, 0);
        case EUCLID -> kernels.euclid4(query, queryAt, rows, a, b, c, d, stride, four, 0);
        case MANHATTAN -> kernels.manhattan4(query, queryAt, rows, a, b, c, d, stride, four, 0);
      }
    }

    /** Four rows, the last one again where there are fewer. */
    private void compare(int queryAt, int at, int stride, int last) {
      float[] rows = entry.floats();
      int b = Math.min(at + stride, last);
      int c = Math.min(at + 2 * stride, last);
      int d = Math.min(at + 3 * stride, last);
      switch (view.metric) {
        case COSINE, DOT ->
            kernels.dot4(query, queryAt, rows, at, rows, b, rows, c, rows, d, stride, four, 0);
        case EUCLID ->
            kernels.euclid4(query, queryAt, rows, at, rows, b, rows, c, rows, d, stride, four, 0);
        case MANHATTAN ->
            kernels.manhattan4(
                query, queryAt, rows, at, rows, b, rows, c, rows, d, stride, four, 0);
      }
    }
  }

  /**
   * Gets ready to compare.
   *
   * @param rows of the query, each of the dimension; normalised by the caller for {@code COSINE}
   */
  public Scorer scorer(float[][] rows) {
    int stride = column.settings().stride();
    float[] padded = new float[Math.multiplyExact(rows.length, stride)];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, padded, row * stride, dimension());
    }
    return new Scorer(this, padded, rows.length);
  }
}
