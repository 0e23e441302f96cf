package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.Metric;
import java.util.Random;

/** Trains a {@link PairQuantizer} on a sample of vectors. The same sample gives the same one. */
public final class PairTraining {
  /** Vectors that suffice: 16 centroids per pair of dimensions are few. */
  public static final int SAMPLE_MAX = 4_096;

  private static final int ROUNDS = 10;
  private static final long SEED = 0xC0DE5L;

  private PairTraining() {}

  /**
   * @param sample at least 16 vectors of this dimension, as they are stored
   */
  public static PairQuantizer train(Metric metric, int dimension, float[][] sample) {
    int lookups = PairQuantizer.lookups(dimension);
    Rotation rotation = new Rotation(2 * lookups);
    float[] mean = mean(dimension, sample);
    float[][] units = new float[sample.length][2 * lookups];
    float[] centred = new float[rotation.stride()];
    for (int i = 0; i < sample.length; i++) {
      float squares = 0;
      for (int d = 0; d < dimension; d++) {
        centred[d] = sample[i][d] - mean[d];
        squares += centred[d] * centred[d];
      }
      rotation.apply(centred, units[i]);
      float scale = squares > 0 ? 1 / (float) Math.sqrt(squares) : 0;
      for (int d = 0; d < units[i].length; d++) {
        units[i][d] *= scale;
      }
    }
    float[] centroids = new float[lookups * 2 * PairQuantizer.CENTROIDS];
    Random random = new Random(SEED);
    for (int lookup = 0; lookup < lookups; lookup++) {
      cluster(units, lookup, centroids, random);
    }
    return new PairQuantizer(metric, dimension, rotation, mean, centroids);
  }

  private static float[] mean(int dimension, float[][] sample) {
    double[] sums = new double[dimension];
    for (float[] vector : sample) {
      for (int i = 0; i < dimension; i++) {
        sums[i] += vector[i];
      }
    }
    float[] mean = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = (float) (sums[i] / sample.length);
    }
    return mean;
  }

  /** Lloyd's algorithm on one pair of dimensions. */
  private static void cluster(float[][] units, int lookup, float[] centroids, Random random) {
    int count = PairQuantizer.CENTROIDS;
    int at = lookup * 2 * count;
    float[] xs = new float[units.length];
    float[] ys = new float[units.length];
    for (int i = 0; i < units.length; i++) {
      xs[i] = units[i][2 * lookup];
      ys[i] = units[i][2 * lookup + 1];
    }
    for (int i = 0; i < count; i++) {
      int chosen = random.nextInt(units.length);
      centroids[at + i] = xs[chosen];
      centroids[at + count + i] = ys[chosen];
    }
    double[] sumX = new double[count];
    double[] sumY = new double[count];
    int[] members = new int[count];
    for (int round = 0; round < ROUNDS; round++) {
      java.util.Arrays.fill(sumX, 0);
      java.util.Arrays.fill(sumY, 0);
      java.util.Arrays.fill(members, 0);
      for (int i = 0; i < xs.length; i++) {
        int nearest = nearest(centroids, at, xs[i], ys[i]);
        sumX[nearest] += xs[i];
        sumY[nearest] += ys[i];
        members[nearest]++;
      }
      for (int i = 0; i < count; i++) {
        if (members[i] > 0) {
          centroids[at + i] = (float) (sumX[i] / members[i]);
          centroids[at + count + i] = (float) (sumY[i] / members[i]);
        } else {
          int chosen = random.nextInt(xs.length); // Nobody's centroid: try another place.
          centroids[at + i] = xs[chosen];
          centroids[at + count + i] = ys[chosen];
        }
      }
    }
  }

  private static int nearest(float[] centroids, int at, float x, float y) {
    int best = 0;
    float bestDistance = Float.POSITIVE_INFINITY;
    for (int i = 0; i < PairQuantizer.CENTROIDS; i++) {
      float dx = centroids[at + i] - x;
      float dy = centroids[at + PairQuantizer.CENTROIDS + i] - y;
      float distance = dx * dx + dy * dy;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = i;
      }
    }
    return best;
  }
}
