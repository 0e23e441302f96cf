package dev.eddy.engine.search;

import dev.eddy.engine.kernel.MaxSimKernels;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.VectorFieldSnapshot;

/**
 * What the ways to find the nearest multivectors cost, about: nanoseconds as those of {@link
 * FilterSituation}, of which only the ratios matter. See {@code docs/adr/0035}.
 *
 * @param metric that multivectors are compared by
 * @param queryRows rows of the query
 * @param rowsEach rows of a multivector, on average
 * @param dimension numbers of a row
 */
record MultiCost(Metric metric, int queryRows, double rowsEach, int dimension) {
  /** To find the rows of a multivector, and to keep its score. */
  private static final double MULTIVECTOR_NANOS = 30;

  /** Rows of a query that are compared with a row together. */
  private static final int ROWS_TOGETHER = 8;

  /** Each number of a row, compared with so many. */
  private static final double NUMBER_NANOS = 0.2;

  /** Each number of a row, compared with two rows of a short query. */
  private static final double PAIR_NUMBER_NANOS = 0.08;

  /** Each number of a row that comes from memory. */
  private static final double READ_NUMBER_NANOS = 0.1;

  /** A row that was found, looked up and counted for its multivector. */
  private static final double FOUND_NANOS = 50;

  /** To compare so many multivectors with the query. */
  double comparingNanos(double multivectors) {
    double numberNanos =
        MaxSimKernels.isShort(metric, queryRows, dimension)
            ? Math.ceilDiv(queryRows, 2) * PAIR_NUMBER_NANOS
            : Math.ceilDiv(queryRows, ROWS_TOGETHER) * NUMBER_NANOS;
    double rowNanos = dimension * (READ_NUMBER_NANOS + numberNanos);
    return multivectors * (MULTIVECTOR_NANOS + rowsEach * rowNanos);
  }

  /**
   * To find rows near each of the query's, and to compare the best multivectors.
   *
   * @param search as of one row of the query
   * @param compared multivectors that are compared
   */
  double walkingNanos(VectorFieldSnapshot rows, SlotSearch search, double compared) {
    double ofRow = FilterPlanner.walkNanos(rows, search) + search.k() * FOUND_NANOS;
    return queryRows * ofRow + comparingNanos(compared);
  }
}
