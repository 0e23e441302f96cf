package dev.eddy.engine.quantization;

import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.RowCodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A code for each row by itself: the row less a mean, rotated, each number rounded to one of a few
 * levels whose distance is that row's own (after Gao et al. 2024, "Practical and asymptotically
 * optimal quantization of high-dimensional vectors"). So no range has to be known beforehand, and a
 * row that is longer than all before is coded as well as any.
 *
 * <p>A row is x = mean + f * c, c its code's centred levels; f makes the estimate of a row's
 * product with itself exact, so that estimates of products have no bias. A code is followed by its
 * factor f and, for EUCLID, by minus the squared length of the row less the mean:
 *
 * <pre>
 *   code     chunks * 32 bytes, see {@link RowCodeKernels}
 *   factor   float32, little endian; twice f for EUCLID
 *   base     float32, little endian; for EUCLID only
 * </pre>
 *
 * <p>Immutable; safe from any thread.
 */
public final class RowQuantizer {
  /** Rows that suffice for a mean. */
  public static final int SAMPLE_MAX = 4_096;

  /** Fewer dimensions are not worth a code: it is no shorter than the row. */
  public static final int DIMENSION_MIN = 32;

  private static final RowCodeKernels KERNELS = KernelSelector.rowCodeKernels();
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat MAPPED_FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Metric metric;
  private final int dimension;
  private final CodeWidth width;
  private final float[] mean;
  private final HadamardRotation rotation;
  private final int chunks;
  private final int factorAt;
  private final int codeBytes;

  /**
   * @param mean what is taken off rows: any vector will do, their mean makes codes best
   */
  RowQuantizer(Metric metric, int dimension, CodeWidth width, float[] mean) {
    if (!isFor(metric, dimension)) {
      throw new IllegalArgumentException(
          "no codes for %s of %d dimensions".formatted(metric, dimension));
    }
    this.metric = metric;
    this.dimension = dimension;
    this.width = width;
    this.mean = mean;
    this.rotation = new HadamardRotation(dimension);
    int perChunk = RowCodeKernels.chunkNumbers(width.bits());
    this.chunks = (rotation.size() + perChunk - 1) / perChunk;
    this.factorAt = chunks * RowCodeKernels.CHUNK_BYTES;
    this.codeBytes = factorAt + (metric == Metric.EUCLID ? 2 : 1) * Float.BYTES;
  }

  /** Whether rows of this kind can be coded, and are longer than their codes. */
  public static boolean isFor(Metric metric, int dimension) {
    return metric != Metric.MANHATTAN && dimension >= DIMENSION_MIN;
  }

  /**
   * A quantiser for rows like these.
   *
   * @param sample at least one vector, as they are stored
   */
  public static RowQuantizer train(
      Metric metric, int dimension, CodeWidth width, float[][] sample) {
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
    return new RowQuantizer(metric, dimension, width, mean);
  }

  /** Bits of a number. */
  public CodeWidth width() {
    return width;
  }

  /** Bytes of a code with what is stored beside it. */
  public int codeBytes() {
    return codeBytes;
  }

  /** Working memory of one encoding thread. */
  public static final class Scratch {
    private final float[] rotated;

    /** For vectors of this quantiser. */
    public Scratch(RowQuantizer quantizer) {
      this.rotated = new float[quantizer.rotation.size()];
    }
  }

  /**
   * Writes the code of a vector, as it is stored, to {@code out[at .. at + codeBytes)}.
   *
   * @param vector the first {@code dimension} floats count
   */
  public void encode(float[] vector, byte[] out, int at, Scratch scratch) {
    float[] rotated = scratch.rotated;
    float squares = 0;
    for (int i = 0; i < dimension; i++) {
      float difference = vector[i] - mean[i];
      rotated[i] = difference;
      squares += difference * difference;
    }
    Arrays.fill(rotated, dimension, rotated.length, 0f);
    rotation.apply(rotated);
    Arrays.fill(out, at, at + factorAt, (byte) 0);
    float deviation = (float) Math.sqrt(squares / rotated.length);
    float along = deviation > 0 ? round(rotated, 1 / (deviation * width.step()), out, at) : 0;
    float factor = along > 0 ? squares / along : 0;
    boolean isEuclid = metric == Metric.EUCLID;
    FLOAT.set(out, at + factorAt, isEuclid ? 2 * factor : factor);
    if (isEuclid) {
      FLOAT.set(out, at + factorAt + Float.BYTES, -squares);
    }
  }

  /** Packs the levels of the numbers; returns the product of numbers and centred levels. */
  private float round(float[] rotated, float perStep, byte[] out, int at) {
    int bits = width.bits();
    int most = (1 << bits) - 1;
    float middle = width.middle();
    int perChunk = RowCodeKernels.chunkNumbers(bits);
    float along = 0;
    for (int i = 0; i < rotated.length; i++) {
      int level = Math.clamp((int) Math.floor(rotated[i] * perStep + middle + 0.5f), 0, most);
      along += rotated[i] * (level - middle);
      int inChunk = i % perChunk;
      int bit = inChunk / RowCodeKernels.CHUNK_SHORTS * bits;
      int byteAt =
          at
              + i / perChunk * RowCodeKernels.CHUNK_BYTES
              + inChunk % RowCodeKernels.CHUNK_SHORTS * Short.BYTES
              + bit / Byte.SIZE;
      out[byteAt] |= (byte) (level << bit % Byte.SIZE);
    }
    return along;
  }

  /**
   * Makes a query ready for {@link #estimate4}.
   *
   * @param query from queryAt on, as the engine compares it: normalised for cosine
   */
  public void prepare(float[] query, int queryAt, QueryCode code) {
    code.makeRoom(rotation.size(), chunks * RowCodeKernels.chunkNumbers(width.bits()));
    float bias = 0;
    float[] rotated = code.rotated;
    boolean isEuclid = metric == Metric.EUCLID;
    for (int i = 0; i < dimension; i++) {
      float value = query[queryAt + i];
      float difference = value - mean[i];
      rotated[i] = isEuclid ? difference : value;
      bias += isEuclid ? -difference * difference : value * mean[i];
    }
    Arrays.fill(rotated, dimension, rotated.length, 0f);
    rotation.apply(rotated);
    float largest = 0;
    for (float value : rotated) {
      largest = Math.max(largest, Math.abs(value));
    }
    float perStep = largest > 0 ? RowCodeKernels.queryMax(width.bits()) / largest : 0;
    int sum = 0;
    for (int i = 0; i < rotated.length; i++) {
      int number = Math.round(rotated[i] * perStep);
      code.numbers[i] = (short) number;
      sum += number;
    }
    code.step = perStep > 0 ? 1 / perStep : 0;
    code.middle = width.middle() * sum;
    code.bias = bias;
  }

  /**
   * Estimated similarities of four rows, which may be the same, to {@code out[outAt .. outAt + 4)}.
   */
  public void estimate4(
      QueryCode query,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      float[] out,
      int outAt) {
    int[] products = query.products;
    KERNELS.dot4(query.numbers, a, aAt, b, bAt, c, cAt, d, dAt, width.bits(), chunks, products, 0);
    out[outAt] = query.estimate(products[0], factor(a, aAt), base(a, aAt));
    out[outAt + 1] = query.estimate(products[1], factor(b, bAt), base(b, bAt));
    out[outAt + 2] = query.estimate(products[2], factor(c, cAt), base(c, cAt));
    out[outAt + 3] = query.estimate(products[3], factor(d, dAt), base(d, dAt));
  }

  private float factor(byte[] codes, int at) {
    return (float) FLOAT.get(codes, at + factorAt);
  }

  private float base(byte[] codes, int at) {
    return metric == Metric.EUCLID ? (float) FLOAT.get(codes, at + factorAt + Float.BYTES) : 0;
  }

  /** The same for codes in a segment; positions count bytes. */
  public void estimate4(
      QueryCode query,
      MemorySegment codes,
      long a,
      long b,
      long c,
      long d,
      float[] out,
      int outAt) {
    int[] products = query.products;
    KERNELS.dot4(query.numbers, codes, a, b, c, d, width.bits(), chunks, products, 0);
    out[outAt] = query.estimate(products[0], factor(codes, a), base(codes, a));
    out[outAt + 1] = query.estimate(products[1], factor(codes, b), base(codes, b));
    out[outAt + 2] = query.estimate(products[2], factor(codes, c), base(codes, c));
    out[outAt + 3] = query.estimate(products[3], factor(codes, d), base(codes, d));
  }

  private float factor(MemorySegment codes, long at) {
    return codes.get(MAPPED_FLOAT, at + factorAt);
  }

  private float base(MemorySegment codes, long at) {
    return metric == Metric.EUCLID ? codes.get(MAPPED_FLOAT, at + factorAt + Float.BYTES) : 0;
  }
}
