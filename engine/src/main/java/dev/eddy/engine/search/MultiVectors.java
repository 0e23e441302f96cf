package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.multi.MultiView;
import dev.eddy.engine.points.PointHash;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The multivectors of one name at one moment.
 *
 * @param form what is made of a client's rows
 */
public record MultiVectors(MultiView vectors, RowForm form) implements NamedVectors {
  @Override
  public Metric metric() {
    return vectors.metric();
  }

  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
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

  /** A dense vector counts as one row. */
  @Override
  public Scorer scorer(Vector query) {
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
    MultiView.Scorer scorer = vectors.scorer(prepared);
    return (slots, count, similarities) -> {
      for (int i = 0; i < count; i++) {
        similarities[i] = scorer.score(slots[i]);
      }
    };
  }

  /** It holds heap only. */
  @Override
  public void release() {}
}
