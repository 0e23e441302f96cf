package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.column.ColumnSettings;
import dev.eddy.engine.column.ColumnView;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.usage.HardwareUsage;

/**
 * The multivectors of a name at one moment. Immutable, safe from any thread.
 *
 * <p>The similarity is the sum over the query's rows of the best similarity to any stored row
 * ("MaxSim", Khattab and Zaharia, 2020).
 */
public final class MultiView {
  private static final float[] NO_FLOATS = {};

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

  /** Bytes of a row's numbers as they are kept, without padding. */
  long rowBytes() {
    return column.settings().elementType().bytes() * (long) dimension();
  }

  /** Floats from a row to the next. */
  int stride() {
    return column.settings().stride();
  }

  /** Puts the rows of a slot in reach; false where it has no multivector. */
  boolean find(int slot, ColumnEntry entry) {
    return column.find(slot, entry);
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
    private final MultiView view;
    private final MaxSim query;
    private final ColumnEntry entry = new ColumnEntry();

    /** Rows that had another length, one behind the other. */
    private float[] scaled = NO_FLOATS;

    /** Bytes compared and read, which are not told yet. */
    private long comparedBytes;

    private long readBytes;

    private Scorer(MultiView view, MaxSim query) {
      this.view = view;
      this.query = query;
    }

    /** The query alone. */
    MaxSim query() {
      return query;
    }

    /**
     * The similarities (higher is nearer) of {@code slots[0 .. count)}; NaN where one has no
     * multivector.
     */
    public void score(int[] slots, int count, float[] similarities) {
      try {
        for (int i = 0; i < count; i++) {
          similarities[i] = view.column.find(slots[i], entry) ? score(entry) : Float.NaN;
        }
      } finally {
        tellUsage();
      }
    }

    /** The similarity of what an entry holds; its usage is to be told. */
    float score(ColumnEntry found) {
      int count = found.units();
      used(count, found.mappedBytes());
      float[] rows = found.floats();
      int at = found.from() * view.stride();
      if (view.isOfAnyLength) {
        scale(rows, at, count);
        return query.score(scaled, 0, count);
      }
      return query.score(rows, at, count);
    }

    /** Counts so many rows compared, of which so many bytes were read from files. */
    void used(int rows, long fromFiles) {
      comparedBytes += query.queryRows() * rows * view.rowBytes();
      readBytes += fromFiles;
    }

    /** Tells what was counted: once for many, since each adds to sums that threads share. */
    void tellUsage() {
      HardwareUsage.add(HardwareUsage.Part.CPU, comparedBytes);
      HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, readBytes);
      comparedBytes = 0;
      readBytes = 0;
    }

    /** Zeros stay zeros. */
    private void scale(float[] rows, int at, int count) {
      int stride = view.stride();
      if (scaled.length < count * stride) {
        scaled = new float[count * stride];
      }
      for (int from = 0; from < count * stride; from += stride) {
        double squares = 0;
        for (int i = from; i < from + stride; i++) {
          squares += (double) rows[at + i] * rows[at + i];
        }
        float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
        for (int i = from; i < from + stride; i++) {
          scaled[i] = scale * rows[at + i];
        }
      }
    }
  }

  /**
   * Gets ready to compare.
   *
   * @param rows of the query, each of the dimension; normalised by the caller for {@code COSINE}
   */
  public Scorer scorer(float[][] rows) {
    return new Scorer(this, new MaxSim(metric, rows, dimension(), stride()));
  }
}
