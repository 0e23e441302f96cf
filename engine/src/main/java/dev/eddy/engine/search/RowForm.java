package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.model.collection.Datatype;

/**
 * What a client's numbers become before they are stored or compared: rounded to the datatype, and
 * for cosine of unit length. Whole numbers are compared by cosine as they were rounded, so those
 * are rounded first.
 */
public record RowForm(Metric metric, Datatype datatype) {
  /**
   * Whether the row that is compared is not what a client reads back: whole numbers of unit length
   * would all be 0 or 1.
   */
  public boolean isReadFromElsewhere() {
    return metric == Metric.COSINE && datatype == Datatype.UINT8;
  }

  /** Makes the row that is compared, in place. */
  public void toRow(float[] values) {
    boolean roundsFirst = datatype == Datatype.UINT8;
    if (roundsFirst) {
      datatype.round(values);
    }
    if (metric == Metric.COSINE) {
      Normalizer.normalize(values);
    }
    if (!roundsFirst) {
      datatype.round(values);
    }
  }
}
