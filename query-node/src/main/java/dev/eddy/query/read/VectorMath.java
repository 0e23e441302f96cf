package dev.eddy.query.read;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Vector;
import java.util.List;

/** What merging needs to compute of vectors. Stateless; not for many of them. */
final class VectorMath {
  private VectorMath() {}

  /** The mean of the positive ones, moved away from that of the negative ones by as much again. */
  static Vector recommended(List<Vector> positive, List<Vector> negative) {
    float[] vector = mean(positive);
    if (!negative.isEmpty()) {
      float[] away = mean(negative);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = vector[i] + vector[i] - away[i];
      }
    }
    return new Vector.Dense(vector);
  }

  private static float[] mean(List<Vector> vectors) {
    float[] mean = dense(vectors.getFirst()).clone();
    for (Vector vector : vectors.subList(1, vectors.size())) {
      float[] values = dense(vector);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += values[i];
      }
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= vectors.size();
    }
    return mean;
  }

  private static float[] dense(Vector vector) {
    return switch (vector) {
      case Vector.Dense(float[] values) -> values;
      case Vector.Sparse ignored -> throw EddyException.notImplemented("sparse vectors");
      case Vector.Multi ignored -> throw EddyException.notImplemented("multivectors");
    };
  }

  /** The engine's similarity of two stored vectors: higher is nearer. */
  static float similarity(Distance distance, Vector a, Vector b) {
    return similarity(distance, dense(a), dense(b));
  }

  private static float similarity(Distance distance, float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      float difference = a[i] - b[i];
      sum +=
          switch (distance) {
            case COSINE, DOT -> a[i] * b[i];
            case EUCLID -> -(difference * difference);
            case MANHATTAN -> -Math.abs(difference);
          };
    }
    return sum;
  }

  /** The engine's similarity of an API score. */
  static float similarity(Distance distance, float score) {
    return switch (distance) {
      case COSINE, DOT -> score;
      case EUCLID -> -(score * score);
      case MANHATTAN -> -score;
    };
  }
}
