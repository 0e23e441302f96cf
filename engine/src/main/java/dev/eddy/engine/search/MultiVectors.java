package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.multi.MultiView;
import dev.eddy.engine.multi.RowGraphView;
import dev.eddy.engine.multi.RowScorer;
import dev.eddy.engine.points.PointHash;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The multivectors of one name at one moment.
 *
 * @param form what is made of a client's rows
 * @param graph that finds rows near those of a query; null = all are compared
 * @param defaultEf beam of a search that names none
 * @param exactRows a search of multivectors with fewer compares them all
 * @param isGraphPreferred whether the graph is used even where comparing all costs less
 */
public record MultiVectors(
    MultiView vectors,
    RowForm form,
    @Nullable RowGraphView graph,
    int defaultEf,
    long exactRows,
    boolean isGraphPreferred)
    implements NamedVectors {
  @Override
  public Metric metric() {
    return vectors.metric();
  }

  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
  }

  /** Of its rows one is enough: a search finds it by any. */
  @Override
  public boolean isIndexed(int slot) {
    RowGraphView rows = graph;
    return rows == null
        ? contains(slot)
        : !rows.forEachRow(slot, row -> !rows.rows().isIndexed(row));
  }

  @Override
  public @Nullable Vector vector(int slot) {
    float[] flat = vectors.rows(slot);
    if (flat.length == 0) {
      return null;
    }
    int dimension = vectors.dimension();
    float[][] rows = new float[flat.length / dimension][dimension];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(flat, row * dimension, rows[row], 0, dimension);
    }
    return new Vector.Multi(rows);
  }

  @Override
  public long hash(long nameHash, int slot) {
    float[] flat = vectors.rows(slot);
    return flat.length == 0
        ? 0
        : PointHash.multi(nameHash, flat.length / vectors.dimension(), flat);
  }

  @Override
  public Scorer scorer(Vector query) {
    return scorer(prepared(query));
  }

  /** Gets ready to compare with {@linkplain #prepared prepared} rows. */
  Scorer scorer(float[][] prepared) {
    return graph == null
        ? vectors.scorer(prepared)::score
        : new RowScorer(vectors, graph, prepared)::score;
  }

  /**
   * The query's rows as the engine wants them; a dense vector counts as one.
   *
   * @throws EddyException with the contract's text when the form or the dimension is wrong
   */
  float[][] prepared(Vector query) {
    float[][] rows =
        switch (query) {
          case Vector.Dense(float[] values) -> new float[][] {values};
          case Vector.Multi(float[][] given) -> given;
          case Vector.Sparse ignored -> throw NamedVectors.wrongForm(query);
        };
    float[][] prepared = new float[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row].length != vectors.dimension()) {
        throw EddyException.wrongInput(
            "Vector dimension error: expected dim: %d, got %d"
                .formatted(vectors.dimension(), rows[row].length));
      }
      prepared[row] = rows[row].clone();
      form.toQuery(prepared[row]);
    }
    return prepared;
  }

  @Override
  public void release() {
    if (graph != null) {
      graph.release();
    }
  }
}
