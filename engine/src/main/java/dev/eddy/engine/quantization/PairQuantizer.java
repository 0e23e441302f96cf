package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.kernel.Metric;

/**
 * A product quantiser of two dimensions per nibble: 16 centroids for each pair of dimensions of the
 * centred, rotated and normalised vector (Jégou, Douze and Schmid 2011, with the rotation and the
 * length correction of Gao and Long 2024). Two bits a dimension.
 *
 * <p>A vector is x = mean + f * c, c its code's centroids; f makes the estimate of a vector's
 * product with itself exact, so that estimates of products have no bias. Trained once on a sample
 * by {@link PairTraining}. Immutable; safe from any thread.
 */
public final class PairQuantizer {
  /** Centroids per pair of dimensions. */
  static final int CENTROIDS = 16;

  /** Dimensions that one look-up covers, times the look-ups that are handled together. */
  private static final int DIMENSION_MULTIPLE = 2 * CodeKernels.LOOKUP_MULTIPLE;

  private final Metric metric;
  private final int dimension;
  private final Rotation rotation;
  private final float[] mean;

  /** Per look-up 16 abscissas, then 16 ordinates. */
  private final float[] centroids;

  private final CodeLayout layout;

  PairQuantizer(Metric metric, int dimension, Rotation rotation, float[] mean, float[] centroids) {
    this.metric = metric;
    this.dimension = dimension;
    this.rotation = rotation;
    this.mean = mean;
    this.centroids = centroids;
    this.layout = layoutOf(metric, dimension);
  }

  /** Whether estimates exist for this metric and dimension. */
  public static boolean isFor(Metric metric, int dimension) {
    return metric != Metric.MANHATTAN && dimension >= DIMENSION_MULTIPLE && dimension <= 1024;
  }

  static int lookups(int dimension) {
    return (dimension + DIMENSION_MULTIPLE - 1) / DIMENSION_MULTIPLE * CodeKernels.LOOKUP_MULTIPLE;
  }

  /** Blocks of rows, without ids, that a quantiser of this kind will have. */
  public static CodeLayout layoutOf(Metric metric, int dimension) {
    return new CodeLayout(lookups(dimension), metric == Metric.EUCLID, false);
  }

  /** Blocks of rows, without ids. */
  public CodeLayout layout() {
    return layout;
  }

  /** Working memory of one encoding thread. */
  public static final class Scratch {
    private final float[] centred;
    private final float[] rotated;
    private final byte[] code;

    /** For vectors of this quantiser. */
    public Scratch(PairQuantizer quantizer) {
      this.centred = new float[quantizer.rotation.stride()];
      this.rotated = new float[2 * quantizer.layout.lookups()];
      this.code = new byte[quantizer.layout.lookups()];
    }
  }

  /**
   * Encodes a vector, as it is stored, into a slot of a block, and as the next sketch.
   *
   * @param vector the first {@code dimension} floats count
   */
  void encode(
      float[] vector, byte[] block, int at, int slot, RowSketches sketches, Scratch scratch) {
    float squares = centre(vector, scratch.centred);
    rotation.apply(scratch.centred, scratch.rotated);
    float length = (float) Math.sqrt(squares);
    float along = length > 0 ? assign(scratch.rotated, 1 / length, scratch.code) : 0;
    float factor = along > 0 ? length / along : 0;
    boolean isEuclid = metric == Metric.EUCLID;
    CodeBlock.write(
        block, at, layout, slot, scratch.code, isEuclid ? 2 * factor : factor, -squares);
    sketches.append(scratch.rotated, squares);
  }

  /** Without rows. */
  RowSketches newSketches() {
    return new RowSketches(2 * layout.lookups(), metric == Metric.EUCLID);
  }

  /** Writes the vector less the mean; returns its squared length. */
  private float centre(float[] vector, float[] centred) {
    float squares = 0;
    for (int i = 0; i < dimension; i++) {
      float difference = vector[i] - mean[i];
      centred[i] = difference;
      squares += difference * difference;
    }
    return squares;
  }

  /** Finds the code of the scaled vector; returns the product of the two. */
  private float assign(float[] rotated, float scale, byte[] code) {
    float along = 0;
    for (int lookup = 0; lookup < code.length; lookup++) {
      float x = rotated[2 * lookup] * scale;
      float y = rotated[2 * lookup + 1] * scale;
      int at = lookup * 2 * CENTROIDS;
      int best = 0;
      float bestDistance = Float.POSITIVE_INFINITY;
      for (int i = 0; i < CENTROIDS; i++) {
        float dx = centroids[at + i] - x;
        float dy = centroids[at + CENTROIDS + i] - y;
        float distance = dx * dx + dy * dy;
        best = distance < bestDistance ? i : best;
        bestDistance = Math.min(distance, bestDistance);
      }
      code[lookup] = (byte) best;
      along += x * centroids[at + best] + y * centroids[at + CENTROIDS + best];
    }
    return along;
  }

  /**
   * Makes the tables of a query.
   *
   * @param query from queryAt on, as the engine compares it: normalised for cosine
   */
  public void prepare(float[] query, int queryAt, QueryTables tables) {
    tables.makeRoom(rotation.stride(), layout.lookups());
    float bias = 0;
    if (metric == Metric.EUCLID) {
      for (int i = 0; i < dimension; i++) {
        float difference = query[queryAt + i] - mean[i];
        tables.centred[i] = difference;
        bias -= difference * difference;
      }
    } else {
      for (int i = 0; i < dimension; i++) {
        tables.centred[i] = query[queryAt + i];
        bias += query[queryAt + i] * mean[i];
      }
    }
    rotation.apply(tables.centred, tables.rotated);
    tables.bias = bias;
    fill(tables);
  }

  /** Entries are products less the least of their table, in steps common to all tables. */
  private void fill(QueryTables tables) {
    float[] products = tables.products;
    float widest = 0;
    float offset = 0;
    for (int lookup = 0; lookup < layout.lookups(); lookup++) {
      float x = tables.rotated[2 * lookup];
      float y = tables.rotated[2 * lookup + 1];
      int from = lookup * 2 * CENTROIDS;
      int to = lookup * CENTROIDS;
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < CENTROIDS; i++) {
        float product = x * centroids[from + i] + y * centroids[from + CENTROIDS + i];
        products[to + i] = product;
        least = Math.min(least, product);
        most = Math.max(most, product);
      }
      for (int i = 0; i < CENTROIDS; i++) {
        products[to + i] -= least;
      }
      widest = Math.max(widest, most - least);
      offset += least;
    }
    float step = widest > 0 ? widest / CodeKernels.ENTRY_MAX : 1;
    float perStep = 1 / step;
    for (int i = 0; i < products.length; i++) {
      tables.entries[i] = (byte) (products[i] * perStep + 0.5f);
    }
    tables.step = step;
    tables.offset = offset;
  }
}
