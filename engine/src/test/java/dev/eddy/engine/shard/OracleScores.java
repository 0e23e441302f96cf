package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.Datatype;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.shard.ShardService.Hit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What vectors are rounded to and how near they are, by plain arithmetic. */
final class OracleScores {
  private OracleScores() {}

  static float[][] rows(Vector vector) {
    return switch (vector) {
      case Vector.Dense(float[] values) -> new float[][] {values};
      case Vector.Multi(float[][] rows) -> rows;
      case Vector.Sparse ignored -> throw new IllegalArgumentException("no rows: " + vector);
    };
  }

  /** What is read back of a row. */
  static float[] kept(VectorParams params, float[] given) {
    if (params.type() == Datatype.UINT8) {
      return whole(given);
    }
    float[] values = params.distance() == Distance.COSINE ? unit(given) : given.clone();
    return params.type() == Datatype.FLOAT16 ? halves(values) : values;
  }

  /** What is compared of a row that was kept. */
  private static float[] compared(VectorParams params, float[] kept) {
    return params.type() == Datatype.UINT8 && params.distance() == Distance.COSINE
        ? unit(kept)
        : kept;
  }

  private static float[] whole(float[] given) {
    float[] values = new float[given.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.floor(Math.max(0, Math.min(255, given[i])));
    }
    return values;
  }

  /** To 11 bits of precision. */
  private static float[] halves(float[] given) {
    float[] values = new float[given.length];
    for (int i = 0; i < values.length; i++) {
      float step = Math.max(Math.ulp(given[i]) * (1 << 13), 0x1p-24f);
      values[i] = (float) (Math.rint((double) given[i] / step) * step);
    }
    return values;
  }

  private static float[] unit(float[] given) {
    double squares = dot(given, given);
    float[] values = given.clone();
    for (int i = 0; i < values.length && squares > 0; i++) {
      values[i] = (float) (values[i] / Math.sqrt(squares));
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /**
   * Those of the points that have the vector, best first; equal ones in the order of ids, which
   * turns with the order of scores.
   */
  static List<Hit> ranked(Oracle oracle, Iterable<PointId> ids, String name, Vector query) {
    List<Hit> hits = new ArrayList<>();
    VectorParams params = oracle.spec().vectors().get(name);
    float[][] asked =
        params == null
            ? new float[0][]
            : Arrays.stream(rows(query))
                .map(row -> compared(params, kept(params, row)))
                .toArray(float[][]::new);
    for (PointId id : ids) {
      Oracle.Kept kept = oracle.kept(id);
      Vector stored = kept.vectors.get(name);
      Float score = stored == null ? null : score(params, query, asked, stored);
      if (score != null) {
        hits.add(new Hit(id, kept.version, score, null));
      }
    }
    Comparator<Hit> ascending = Comparator.comparingDouble(Hit::score);
    ascending = ascending.thenComparing(Hit::id);
    hits.sort(isDescending(oracle, name) ? ascending.reversed() : ascending);
    return hits;
  }

  static boolean isDescending(Oracle oracle, String name) {
    VectorParams params = oracle.spec().vectors().get(name);
    return params == null || params.distance().isDescending();
  }

  /** Null = no hit. */
  private static @Nullable Float score(
      @Nullable VectorParams params, Vector query, float[][] asked, Vector stored) {
    if (stored instanceof Vector.Sparse sparse) {
      return product((Vector.Sparse) query, sparse);
    }
    VectorParams dense = requireNonNull(params);
    double sum = 0;
    for (float[] wanted : asked) {
      sum +=
          Arrays.stream(rows(stored))
              .mapToDouble(row -> similarity(dense.distance(), wanted, compared(dense, row)))
              .max()
              .orElseThrow();
    }
    return (float)
        switch (dense.distance()) {
          case COSINE, DOT -> sum;
          case EUCLID -> Math.sqrt(-sum);
          case MANHATTAN -> -sum;
        };
  }

  private static double similarity(Distance distance, float[] a, float[] b) {
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      squares += difference * difference;
      differences += Math.abs(difference);
    }
    return switch (distance) {
      case COSINE, DOT -> dot(a, b);
      case EUCLID -> -squares;
      case MANHATTAN -> -differences;
    };
  }

  private static @Nullable Float product(Vector.Sparse query, Vector.Sparse stored) {
    @Nullable Float sum = null;
    for (int i = 0; i < query.indices().length; i++) {
      for (int j = 0; j < stored.indices().length; j++) {
        if (query.indices()[i] == stored.indices()[j]) {
          sum = (sum == null ? 0f : sum) + query.values()[i] * stored.values()[j];
        }
      }
    }
    return sum;
  }
}
