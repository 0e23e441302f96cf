package dev.eddy.query.read;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.point.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What merging needs to compute of vectors. Stateless; not for many of them. */
final class VectorMath {
  private VectorMath() {}

  /**
   * The mean of the positive ones, moved away from that of the negative ones by as much again. Of
   * multivectors all rows together, those of the negative ones with their signs turned.
   */
  static Vector recommended(List<Vector> positive, List<Vector> negative) {
    return switch (positive.getFirst()) {
      case Vector.Dense ignored -> {
        float[] vector = mean(positive);
        if (!negative.isEmpty()) {
          float[] away = mean(negative);
          for (int i = 0; i < vector.length; i++) {
            vector[i] = vector[i] + vector[i] - away[i];
          }
        }
        yield new Vector.Dense(vector);
      }
      case Vector.Sparse ignored -> {
        Map<Integer, Float> vector = new TreeMap<>();
        float near = (negative.isEmpty() ? 1f : 2f) / positive.size();
        positive.forEach(each -> add(vector, each, near));
        negative.forEach(each -> add(vector, each, -1f / negative.size()));
        yield sparse(vector);
      }
      case Vector.Multi ignored -> {
        List<float[]> rows = new ArrayList<>();
        positive.forEach(each -> rows.addAll(rows(each, 1f)));
        negative.forEach(each -> rows.addAll(rows(each, -1f)));
        yield new Vector.Multi(rows.toArray(float[][]::new));
      }
    };
  }

  private static void add(Map<Integer, Float> sums, Vector vector, float factor) {
    if (!(vector instanceof Vector.Sparse(int[] indices, float[] values))) {
      throw mixed();
    }
    for (int i = 0; i < indices.length; i++) {
      sums.merge(indices[i], factor * values[i], Float::sum);
    }
  }

  private static Vector sparse(Map<Integer, Float> byIndex) {
    int[] indices = new int[byIndex.size()];
    float[] values = new float[indices.length];
    int at = 0;
    for (Map.Entry<Integer, Float> entry : byIndex.entrySet()) {
      indices[at] = entry.getKey();
      values[at++] = entry.getValue();
    }
    return new Vector.Sparse(indices, values);
  }

  private static List<float[]> rows(Vector vector, float factor) {
    float[][] rows =
        switch (vector) {
          case Vector.Dense(float[] values) -> new float[][] {values};
          case Vector.Multi(float[][] given) -> given;
          case Vector.Sparse ignored -> throw mixed();
        };
    List<float[]> scaled = new ArrayList<>(rows.length);
    for (float[] row : rows) {
      float[] copy = row.clone();
      for (int i = 0; i < copy.length; i++) {
        copy[i] *= factor;
      }
      scaled.add(copy);
    }
    return scaled;
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
    if (vector instanceof Vector.Dense(float[] values)) {
      return values;
    }
    throw mixed();
  }

  private static IllegalArgumentException mixed() {
    return new IllegalArgumentException("vectors of different forms");
  }

  /** The engine's similarity of two stored vectors: higher is nearer. */
  static float similarity(Distance distance, Vector a, Vector b) {
    return switch (a) {
      case Vector.Dense(float[] values) -> similarity(distance, values, dense(b));
      case Vector.Sparse ignored -> {
        Map<Integer, Float> ours = new TreeMap<>();
        add(ours, a, 1f);
        Map<Integer, Float> theirs = new TreeMap<>();
        add(theirs, b, 1f);
        float sum = 0;
        for (Map.Entry<Integer, Float> entry : ours.entrySet()) {
          sum += entry.getValue() * theirs.getOrDefault(entry.getKey(), 0f);
        }
        yield sum;
      }
      case Vector.Multi ignored -> {
        float sum = 0;
        for (float[] row : rows(a, 1f)) {
          float best = Float.NEGATIVE_INFINITY;
          for (float[] other : rows(b, 1f)) {
            best = Math.max(best, similarity(distance, row, other));
          }
          sum += best;
        }
        yield sum;
      }
    };
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
