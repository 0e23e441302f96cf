package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import java.util.Random;

/** Vectors to be coded, and what estimates of them are held against. */
final class CodedVectors {
  private CodedVectors() {}

  /** Off the origin, so that there is a mean to take away. */
  static float[] vector(Metric metric, int dimension, Random random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (0.5 + random.nextGaussian());
    }
    if (metric == Metric.COSINE) {
      Normalizer.normalize(vector);
    }
    return vector;
  }

  /** Higher is nearer. */
  static double similarity(Metric metric, float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += metric == Metric.EUCLID ? -difference * difference : (double) a[i] * b[i];
    }
    return sum;
  }

  /** What errors are measured in. */
  static double scale(Metric metric, float[] a, float[] b) {
    double lengths =
        Math.sqrt(similarity(Metric.DOT, a, a)) * Math.sqrt(similarity(Metric.DOT, b, b));
    return metric == Metric.EUCLID ? 2 * lengths : lengths;
  }
}
