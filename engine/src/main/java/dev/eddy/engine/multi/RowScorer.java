package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Compares multivectors with one query by the rows that a graph has of them, so that those which
 * searches have read are read again, and not the same ones in another file. One thread.
 */
public final class RowScorer {
  /** Fewer rows are compared in the column: finding them here takes as long as comparing some. */
  private static final int ROWS_MIN = 8;

  private final MultiView vectors;
  private final RowGraphView graph;
  private final MultiView.Scorer ofColumn;
  private final ColumnEntry entry = new ColumnEntry();
  private final ColumnEntry number = new ColumnEntry();
  private float[] copies = {};

  /**
   * @param rows of the query, each of the dimension; normalised by the caller for {@code COSINE}
   */
  public RowScorer(MultiView vectors, RowGraphView graph, float[][] rows) {
    this.vectors = vectors;
    this.graph = graph;
    this.ofColumn = vectors.scorer(rows);
  }

  /**
   * The similarities (higher is nearer) of {@code slots[0 .. count)}; NaN where one has no
   * multivector.
   */
  public void score(int[] slots, int count, float[] similarities) {
    try {
      for (int i = 0; i < count; i++) {
        similarities[i] = score(slots[i]);
      }
    } finally {
      ofColumn.tellUsage();
    }
  }

  private float score(int slot) {
    if (!vectors.find(slot, entry)) {
      return Float.NaN;
    }
    VectorFieldSnapshot.Stretch stretch = stretch(slot);
    return stretch == null ? ofColumn.score(entry) : score(stretch, entry.units());
  }

  /** The rows in the graph; null where those of the column are compared. */
  private VectorFieldSnapshot.@Nullable Stretch stretch(int slot) {
    // Rows of any length have length 1 in the graph, which rounds them.
    if (!entry.isMapped() || entry.units() < ROWS_MIN || vectors.isOfAnyLength()) {
      return null;
    }
    int first = graph.firstRow(slot, number);
    return first < 0 ? null : graph.rows().stretch(first, entry.units());
  }

  private float score(VectorFieldSnapshot.Stretch stretch, int count) {
    int stride = vectors.stride();
    if (copies.length < count * stride) {
      copies = new float[2 * count * stride]; // Zeros between rows.
    }
    long rowBytes = stretch.isInFile() ? graph.rows().settings().rowBytes() : 0;
    ofColumn.used(count, count * rowBytes);
    stretch.rows().copy(stretch.first(), count, copies, stride);
    return ofColumn.query().score(copies, 0, count);
  }
}
