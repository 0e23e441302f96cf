package dev.eddy.engine.multi;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.MaxSimKernels;
import dev.eddy.engine.kernel.Metric;

/** Compares one query with rows of multivectors, all of a multivector's at a time. One thread. */
final class MaxSim {
  private final MaxSimKernels kernels;
  private final Metric metric;
  private final int queryRows;
  private final float[] query;
  private final int groups;
  private final int length;
  private final int stride;
  private final float[] best;

  /**
   * @param rows of the query, each of the dimension
   * @param stride floats from a row to the next, a multiple of 16
   */
  MaxSim(Metric metric, float[][] rows, int dimension, int stride) {
    this.metric = metric;
    this.kernels = KernelSelector.maxSimKernels(metric, rows.length, dimension);
    this.queryRows = rows.length;
    this.query = kernels.turned(rows, dimension);
    this.groups = kernels.groups(rows.length);
    this.best = new float[groups * kernels.groupRows()];
    this.length = kernels.length(dimension);
    this.stride = stride;
  }

  int queryRows() {
    return queryRows;
  }

  /**
   * The sum over the query's rows of the highest similarity to any of some rows.
   *
   * @param rows with zeros from the dimension up to the stride
   * @param at where the first of them begins
   * @param count of them, at least one
   */
  float score(float[] rows, int at, int count) {
    kernels.compare(metric, query, groups, rows, at, stride, count, length, best);
    float sum = 0f;
    for (int row = 0; row < queryRows; row++) {
      sum += best[row];
    }
    return sum;
  }
}
