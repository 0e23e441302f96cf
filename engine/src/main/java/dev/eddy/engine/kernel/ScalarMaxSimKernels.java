package dev.eddy.engine.kernel;

/**
 * The plain Java twin of {@link PanamaMaxSimKernels}: what runs where the Vector API is missing,
 * and what the SIMD forms are tested against.
 */
final class ScalarMaxSimKernels implements MaxSimKernels {
  private static final int LANES = 8;

  @Override
  public int groupRows() {
    return LANES;
  }

  @Override
  public String describe() {
    return "scalar";
  }

  @Override
  public void compare(
      Metric metric,
      float[] query,
      int groups,
      float[] rows,
      int rowsAt,
      int stride,
      int count,
      int length,
      float[] best) {
    for (int lane = 0; lane < groups * LANES; lane++) {
      int queryAt = lane / LANES * LANES * length + lane % LANES;
      float highest = Float.NEGATIVE_INFINITY;
      for (int row = 0; row < count; row++) {
        int rowAt = rowsAt + row * stride;
        float similarity =
            switch (metric) {
              case COSINE, DOT -> dot(query, queryAt, rows, rowAt, length);
              case EUCLID -> euclid(query, queryAt, rows, rowAt, length);
              case MANHATTAN -> manhattan(query, queryAt, rows, rowAt, length);
            };
        highest = Math.max(highest, similarity);
      }
      best[lane] = highest;
    }
  }

  private static float dot(float[] query, int queryAt, float[] rows, int row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += query[queryAt + i * LANES] * rows[row + i];
    }
    return sum;
  }

  private static float euclid(float[] query, int queryAt, float[] rows, int row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      float difference = query[queryAt + i * LANES] - rows[row + i];
      sum -= difference * difference;
    }
    return sum;
  }

  private static float manhattan(float[] query, int queryAt, float[] rows, int row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum -= Math.abs(query[queryAt + i * LANES] - rows[row + i]);
    }
    return sum;
  }
}
