package dev.eddy.engine.kernel;

/**
 * For each row of a query, the similarity (higher is nearer) to the best of some rows: what
 * multivectors are compared by.
 *
 * <p>A query's rows come in groups of {@link #groupRows()}, the last one filled up with zeros, and
 * turned so that number {@code i} of all rows of a group lies together; {@link #turned} makes them.
 * So a row's number is read once for a whole group, and nothing is to be summed over lanes. Kernels
 * for {@linkplain #isShort short} queries leave them as they are.
 *
 * <p>{@code count} rows, at least one, lie {@code stride} floats apart from {@code rows[rowsAt]} on
 * and hold zeros from the dimension on; {@code length} is {@link #length} of it and at most the
 * stride. {@code best} gets the highest similarity for each of the groups' rows. The similarity of
 * two rows does not depend on the other rows that are compared with the query. Stateless; safe from
 * any thread.
 */
public sealed interface MaxSimKernels
    permits PanamaMaxSimKernels, PanamaShortMaxSimKernels, ScalarMaxSimKernels {

  /** Rows of a query that are compared together. */
  int groupRows();

  /** A short name for logs. */
  String describe();

  /**
   * Compares. Similarities are dot products, for EUCLID minus the squared distances, for MANHATTAN
   * minus the sums of absolute differences.
   */
  void compare(
      Metric metric,
      float[] query,
      int groups,
      float[] rows,
      int rowsAt,
      int stride,
      int count,
      int length,
      float[] best);

  /**
   * Numbers of a row that are compared: at least the dimension, at most its next multiple of 16.
   */
  default int length(int dimension) {
    return dimension + (dimension & 1);
  }

  /** Groups of so many rows of a query. */
  default int groups(int queryRows) {
    return Math.ceilDiv(queryRows, groupRows());
  }

  /**
   * Whether a query is compared with its rows' numbers along the lanes, two rows at once, where
   * that can be done. Of two to five rows of 100 numbers, 1.0 as the time that a group takes, it
   * took .39 for one or two rows of the query, .72 for three or four, 1.04 for five or six and 1.38
   * for eight; with 32 numbers, 1.15 for four and 1.6 for six, with 192, .57, .82 and 1.06.
   */
  static boolean isShort(Metric metric, int queryRows, int dimension) {
    int pairs = Math.ceilDiv(queryRows, 2);
    return metric.isSimilarity() && pairs <= 3 && dimension > 64 * (pairs - 1);
  }

  /** A query's rows, of one dimension, in groups, one behind the other. */
  default float[] turned(float[][] queryRows, int dimension) {
    int lanes = groupRows();
    int groupFloats = Math.multiplyExact(length(dimension), lanes);
    float[] turned = new float[Math.multiplyExact(groups(queryRows.length), groupFloats)];
    for (int row = 0; row < queryRows.length; row++) {
      int at = row / lanes * groupFloats + row % lanes;
      for (int i = 0; i < dimension; i++) {
        turned[at + i * lanes] = queryRows[row][i];
      }
    }
    return turned;
  }
}
