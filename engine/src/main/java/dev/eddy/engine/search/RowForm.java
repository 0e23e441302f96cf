package dev.eddy.engine.search;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.quantization.FourBitRounding;
import dev.eddy.model.collection.Datatype;
import org.jspecify.annotations.Nullable;

/**
 * What a client's numbers become before they are stored or compared: rounded to the datatype, and
 * for cosine of unit length. Whole numbers are compared by cosine as they were rounded, so those
 * are rounded first.
 *
 * @param turbo rounds to four bits a number; null for other datatypes
 */
public record RowForm(Metric metric, Datatype datatype, @Nullable FourBitRounding turbo) {
  /** The form of vectors of this dimension. */
  public static RowForm of(Metric metric, Datatype datatype, int dimension) {
    return new RowForm(
        metric, datatype, datatype == Datatype.TURBO4 ? new FourBitRounding(dimension) : null);
  }

  /**
   * How numbers of such rows are kept. Whole numbers that are compared by cosine are of unit length
   * in the row, and those of four bits have been rotated: they take floats.
   */
  public static ElementType elementType(Metric metric, Datatype datatype) {
    boolean isOfUnitLength = metric == Metric.COSINE && datatype == Datatype.UINT8;
    return isOfUnitLength ? ElementType.FLOAT32 : keptType(datatype);
  }

  /** How numbers that clients read back are kept, see {@link #toKept}. */
  public static ElementType keptType(Datatype datatype) {
    return switch (datatype) {
      case FLOAT32, TURBO4 -> ElementType.FLOAT32;
      case FLOAT16 -> ElementType.FLOAT16;
      case UINT8 -> ElementType.UINT8;
    };
  }

  /**
   * Whether the row that is compared is not what a client reads back: whole numbers of unit length
   * would all be 0 or 1.
   */
  public boolean isReadFromElsewhere() {
    return metric == Metric.COSINE && datatype == Datatype.UINT8;
  }

  /** Makes the row that is stored and compared, in place. */
  public void toRow(float[] values) {
    toQuery(values);
    if (turbo != null) {
      turbo.round(values);
      if (metric == Metric.COSINE) {
        Normalizer.normalize(values); // What was lost of the length is no part of an angle.
      }
    }
  }

  /** Makes what clients read back, in place: the row, but where that is not what they read. */
  public void toKept(float[] values) {
    if (isReadFromElsewhere()) {
      datatype.round(values);
    } else {
      toRow(values);
    }
  }

  /**
   * Makes what rows are compared with, in place: as a row, but for four bits a number, which are
   * for what is kept.
   */
  public void toQuery(float[] values) {
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
