package dev.eddy.bench.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Generates a set that is hard enough for recall to mean something: clusters of unequal size around
 * random centres, each spread along a few directions of its own and a little along all. Rows and
 * queries come from the same distribution; the same seed gives the same files.
 *
 * @param dimension floats per row
 * @param rows rows to generate
 * @param queries queries to generate
 * @param seed of everything
 */
public record ClusteredSet(int dimension, int rows, int queries, long seed) {
  private static final int CLUSTERS = 400;
  private static final int DIRECTIONS = 32;
  private static final float NOISE = 0.35f;

  /** Writes the folder unless it is there already. */
  public void writeTo(Path folder) throws IOException {
    Path truthFile = folder.resolve("gt.i32");
    if (Files.exists(truthFile)) {
      return;
    }
    Files.createDirectories(folder);
    Random random = new Random(seed);
    float[][] centres = gaussians(random, CLUSTERS, 1f);
    float[][][] spreads = new float[CLUSTERS][][];
    for (int cluster = 0; cluster < CLUSTERS; cluster++) {
      spreads[cluster] = gaussians(random, DIRECTIONS, 1f / (float) Math.sqrt(DIRECTIONS));
    }
    write(folder.resolve("base.f32"), rows, random, centres, spreads);
    write(folder.resolve("query.f32"), queries, random, centres, spreads);
    int[] truth =
        ExactNeighbours.of(
            VectorFile.open(folder.resolve("base.f32"), dimension),
            rows,
            VectorFile.open(folder.resolve("query.f32"), dimension),
            VectorSet.K);
    ByteBuffer bytes = ByteBuffer.allocate(truth.length * Integer.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(truth);
    Files.write(truthFile, bytes.array());
  }

  private float[][] gaussians(Random random, int count, float scale) {
    float[][] vectors = new float[count][dimension];
    for (float[] vector : vectors) {
      for (int i = 0; i < dimension; i++) {
        vector[i] = (float) random.nextGaussian() * scale;
      }
    }
    return vectors;
  }

  private void write(Path file, int count, Random random, float[][] centres, float[][][] spreads)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int row = 0; row < count; row++) {
        double uniform = random.nextDouble();
        int cluster = (int) (uniform * uniform * CLUSTERS); // Small numbers are large clusters.
        bytes.asFloatBuffer().put(point(random, centres[cluster], spreads[cluster]));
        out.write(bytes.array());
      }
    }
  }

  private float[] point(Random random, float[] centre, float[][] spread) {
    float[] point = centre.clone();
    for (float[] direction : spread) {
      float along = (float) random.nextGaussian();
      for (int i = 0; i < dimension; i++) {
        point[i] += along * direction[i];
      }
    }
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      point[i] += NOISE * (float) random.nextGaussian();
      squares += point[i] * (double) point[i];
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < dimension; i++) {
      point[i] *= scale;
    }
    return point;
  }
}
