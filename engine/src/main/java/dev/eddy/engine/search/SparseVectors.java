package dev.eddy.engine.search;

import dev.eddy.engine.column.ColumnEntry;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.sparse.SparseQuery;
import dev.eddy.engine.sparse.SparseView;
import dev.eddy.model.point.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The sparse vectors of one name at one moment. */
public record SparseVectors(SparseView vectors) implements NamedVectors {
  @Override
  public Metric metric() {
    return Metric.DOT;
  }

  @Override
  public boolean isIndexed(int slot) {
    return contains(slot);
  }

  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
  }

  @Override
  public Vector.@Nullable Sparse vector(int slot) {
    ColumnEntry entry = new ColumnEntry();
    return vectors.find(slot, entry)
        ? new Vector.Sparse(
            Arrays.copyOfRange(entry.ints(), entry.from(), entry.to()),
            Arrays.copyOfRange(entry.floats(), entry.from(), entry.to()))
        : null;
  }

  @Override
  public long hash(long nameHash, int slot) {
    Vector.Sparse vector = vector(slot);
    return vector == null ? 0 : PointHash.sparse(nameHash, vector.indices(), vector.values());
  }

  /** The query as the engine wants it. */
  SparseQuery prepared(Vector query) {
    if (query instanceof Vector.Sparse(int[] indices, float[] values)) {
      return SparseQuery.of(indices, values);
    }
    throw NamedVectors.wrongForm(query);
  }

  @Override
  public Scorer scorer(Vector query) {
    SparseView.Scorer scorer = vectors.scorer(prepared(query));
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
