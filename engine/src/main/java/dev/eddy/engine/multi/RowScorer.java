package dev.eddy.engine.multi;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.usage.HardwareUsage;
import org.jspecify.annotations.Nullable;

/**
 * Compares multivectors with one query by the rows that a graph has of them, so that those which
 * searches have read are read again, and not the same ones in another file. One thread.
 */
public final class RowScorer {
  /** {@link dev.eddy.engine.graph.Rows#score} writes so many more. */
  private static final int SCORES_MORE = 3;

  /** Fewer rows are compared in the column: finding them here takes as long as comparing some. */
  private static final int ROWS_MIN = 8;

  private final MultiView vectors;
  private final RowGraphView graph;
  private final MultiView.Scorer otherwise;
  private final ColumnEntry entry = new ColumnEntry();
  private int[] ordinals = new int[64];
  private float[] scores = new float[64 + SCORES_MORE];

  /**
   * @param rows of the query, each of the dimension; normalised by the caller for {@code COSINE}
   */
  public RowScorer(MultiView vectors, RowGraphView graph, float[][] rows) {
    this.vectors = vectors;
    this.graph = graph;
    this.otherwise = vectors.scorer(rows);
  }

  /** The similarity (higher is nearer) of a slot; NaN where it has no multivector. */
  public float score(int slot) {
    int count = vectors.rowCount(slot, entry);
    // Rows of any length have length 1 in the graph, which rounds them.
    boolean isShort = count < ROWS_MIN || vectors.isOfAnyLength();
    int first = isShort ? RowOwners.NONE : graph.firstRow(slot, entry);
    VectorFieldSnapshot.@Nullable Stretch stretch =
        first < 0 ? null : graph.rows().stretch(first, count);
    return stretch == null ? otherwise.score(slot) : score(stretch, count);
  }

  private float score(VectorFieldSnapshot.Stretch stretch, int count) {
    if (ordinals.length < count) {
      ordinals = new int[2 * count];
      scores = new float[2 * count + SCORES_MORE];
    }
    for (int i = 0; i < count; i++) {
      ordinals[i] = stretch.first() + i;
    }
    long bytes = (long) count * vectors.dimension() * Float.BYTES;
    HardwareUsage.add(HardwareUsage.Part.CPU, otherwise.queryRows() * bytes);
    if (stretch.isInFile()) {
      HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, bytes);
    }
    float sum = 0f;
    for (int row = 0; row < otherwise.queryRows(); row++) {
      stretch.rows().score(otherwise.query(), row * vectors.stride(), ordinals, 0, count, scores);
      float best = scores[0];
      for (int i = 1; i < count; i++) {
        best = Math.max(best, scores[i]);
      }
      sum += best;
    }
    return sum;
  }
}
