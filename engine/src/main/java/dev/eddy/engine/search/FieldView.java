package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.error.EddyException;

/**
 * The vectors of one name at one moment.
 *
 * @param defaultEf beam of a search that names none
 */
public record FieldView(VectorFieldSnapshot vectors, int defaultEf) {
  Metric metric() {
    return vectors.settings().metric();
  }

  /**
   * The query as the engine wants it: a copy, normalised for cosine.
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
    if (metric() == Metric.COSINE) {
      Normalizer.normalize(prepared);
    }
    return prepared;
  }
}
