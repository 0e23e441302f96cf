package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.multi.MultiView;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import dev.eddy.model.usage.HardwareUsage;
import org.jspecify.annotations.Nullable;

/**
 * The dense vectors of one name at one moment.
 *
 * @param defaultEf beam of a search that names none
 * @param exactRows a search of fewer compares them all
 * @param form what is made of a client's numbers
 * @param whole what clients read back, where that is not what is compared
 */
public record FieldView(
    VectorFieldSnapshot vectors,
    int defaultEf,
    long exactRows,
    RowForm form,
    @Nullable MultiView whole)
    implements NamedVectors {
  @Override
  public boolean contains(int slot) {
    return vectors.contains(slot);
  }

  @Override
  public boolean isIndexed(int slot) {
    return vectors.isIndexed(slot);
  }

  @Override
  public @Nullable Vector vector(int slot) {
    float[] values = values(slot);
    return values == null ? null : new Vector.Dense(values);
  }

  private float @Nullable [] values(int slot) {
    if (whole != null) {
      float[] values = whole.rows(slot);
      return values.length == 0 ? null : values;
    }
    float[] values = new float[vectors.settings().dimension()];
    return switch (vectors.readVector(slot, values)) {
      case NOWHERE -> null;
      case MEMORY -> values;
      case FILE -> {
        used(0, 1);
        yield values;
      }
    };
  }

  /** Tells of rows that were compared, and of those that were read from files. */
  void used(long compared, long fromFiles) {
    int rowBytes = vectors.settings().rowBytes();
    HardwareUsage.add(HardwareUsage.Part.CPU, compared * rowBytes);
    HardwareUsage.add(HardwareUsage.Part.VECTOR_READ, fromFiles * rowBytes);
  }

  @Override
  public long hash(long nameHash, int slot) {
    float[] values = values(slot);
    return values == null ? 0 : PointHash.vector(nameHash, values);
  }

  @Override
  public Scorer scorer(Vector query) {
    if (!(query instanceof Vector.Dense(float[] values))) {
      throw NamedVectors.wrongForm(query);
    }
    float[] prepared = prepared(values);
    return (slots, count, similarities) ->
        used(count, vectors.score(prepared, slots, count, similarities));
  }

  @Override
  public void release() {
    vectors.release();
  }

  @Override
  public Metric metric() {
    return vectors.settings().metric();
  }

  /**
   * The query as the engine wants it: a copy, rounded, and normalised for cosine.
   *
   * @throws EddyException with the contract's text when the dimension is wrong
   */
  float[] prepared(float[] query) {
    int dimension = vectors.settings().dimension();
    if (query.length != dimension) {
      throw EddyException.wrongInput(
          "Vector dimension error: expected dim: " + dimension + ", got " + query.length);
    }
    float[] prepared = query.clone();
    form.toQuery(prepared);
    return prepared;
  }
}
