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
 *   code     chunks * 32 bytes, see {@link RowCodeKernels}; twice that for 8 bits
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

  private static final float QUERY_ROUNDING = RowCodeKernels.QUERY_MAX + 0.5f;

  private final Metric metric;
  private final int dimension;
  private final CodeWidth width;
  private final float[] mean;
  private final HadamardRotation rotation;
  private final boolean hasBase;

  /** Eight bits are two codes of four, the lower halves first. */
  private final boolean isTwofold;

  private final int kernelBits;
  private final int chunks;
  private final int halfBytes;
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
    this.hasBase = metric == Metric.EUCLID;
    this.isTwofold = width == CodeWidth.EIGHT;
    this.kernelBits = isTwofold ? width.bits() / 2 : width.bits();
    int perChunk = RowCodeKernels.chunkNumbers(kernelBits);
    this.chunks = (rotation.size() + perChunk - 1) / perChunk;
    this.halfBytes = chunks * RowCodeKernels.CHUNK_BYTES;
    this.factorAt = (isTwofold ? 2 : 1) * halfBytes;
    this.codeBytes = factorAt + (hasBase ? 2 : 1) * Float.BYTES;
  }

  /** Whether rows of this kind can be coded, and are longer than their codes. */
  public static boolean isFor(Metric metric, int dimension) {
    return metric != Metric.MANHATTAN && dimension >= DIMENSION_MIN;
  }

  /** Vectors that others are like, read one after another: all at once may be a lot of memory. */
  public interface Sample {
    /** How many there are, at least one. */
    int size();

    /** Copies one, as they are stored. */
    void copy(int index, float[] out);
  }

  /** A quantiser for rows like these. */
  public static RowQuantizer train(Metric metric, int dimension, CodeWidth width, Sample sample) {
    double[] sums = new double[dimension];
    float[] vector = new float[dimension];
    for (int row = 0; row < sample.size(); row++) {
      sample.copy(row, vector);
      for (int i = 0; i < dimension; i++) {
        sums[i] += vector[i];
      }
    }
    float[] mean = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = (float) (sums[i] / sample.size());
    }
    return new RowQuantizer(metric, dimension, width, mean);
  }

  /**
   * The quantiser that has this mean, as {@link #mean} tells.
   *
   * @throws IllegalArgumentException where there are no codes of such rows
   */
  public static RowQuantizer of(Metric metric, CodeWidth width, float[] mean) {
    return new RowQuantizer(metric, mean.length, width, mean.clone());
  }

  /** What is taken off rows: with metric and width all that codes depend on. */
  public float[] mean() {
    return mean.clone();
  }

  /** Bits of a number. */
  public CodeWidth width() {
    return width;
  }

  /** No similarity is larger; an estimate may be. */
  public float similarityMax() {
    return switch (metric) {
      case COSINE -> 1;
      case EUCLID -> 0;
      case DOT, MANHATTAN -> Float.POSITIVE_INFINITY;
    };
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
    FLOAT.set(out, at + factorAt, hasBase ? 2 * factor : factor);
    if (hasBase) {
      FLOAT.set(out, at + factorAt + Float.BYTES, -squares);
    }
  }

  /** Packs the levels of the numbers; returns the product of numbers and centred levels. */
  private float round(float[] rotated, float perStep, byte[] out, int at) {
    int most = (1 << width.bits()) - 1;
    float middle = width.middle();
    float half = middle + 0.5f;
    float along = 0;
    int bit = 0;
    int shortsAt = at;
    for (int from = 0; from < rotated.length; from += RowCodeKernels.CHUNK_SHORTS) {
      int byteAt = shortsAt + bit / Byte.SIZE;
      int shift = bit % Byte.SIZE;
      for (int i = 0; i < RowCodeKernels.CHUNK_SHORTS; i++) {
        float number = rotated[from + i];
        int level = Math.clamp((int) (number * perStep + half), 0, most);
        along += number * (level - middle);
        put(level, out, byteAt + i * Short.BYTES, shift);
      }
      bit += kernelBits;
      if (bit == Short.SIZE) {
        bit = 0;
        shortsAt += RowCodeKernels.CHUNK_BYTES;
      }
    }
    return along;
  }

  private void put(int level, byte[] out, int at, int shift) {
    if (isTwofold) {
      out[at] |= (byte) ((level & 15) << shift);
      out[at + halfBytes] |= (byte) ((level >>> 4) << shift);
    } else {
      out[at] |= (byte) (level << shift);
    }
  }

  /**
   * Makes a query ready for {@link #estimate}.
   *
   * @param query from queryAt on, as the engine compares it: normalised for cosine
   */
  public void prepare(float[] query, int queryAt, QueryCode code) {
    int size = rotation.size();
    code.makeRoom(size, chunks * RowCodeKernels.chunkNumbers(kernelBits));
    float bias = 0;
    float[] rotated = code.rotated;
    for (int i = 0; i < dimension; i++) {
      float value = query[queryAt + i];
      float difference = value - mean[i];
      rotated[i] = hasBase ? difference : value;
      bias += hasBase ? -difference * difference : value * mean[i];
    }
    Arrays.fill(rotated, dimension, size, 0f);
    rotation.apply(rotated);
    float largest = largest(rotated, size);
    float perStep = largest > 0 ? RowCodeKernels.QUERY_MAX / largest : 0;
    int sum = 0;
    for (int i = 0; i < size; i++) {
      // Rounds by cutting off what is positive: the only form that is compiled to vectors.
      int number = (int) (rotated[i] * perStep + QUERY_ROUNDING) - RowCodeKernels.QUERY_MAX;
      code.numbers[i] = (short) number;
      sum += number;
    }
    code.step = perStep > 0 ? 1 / perStep : 0;
    code.middle = width.middle() * sum;
    code.bias = bias;
  }

  /**
   * The largest size of a number; four at a time, since each comparison waits for the one before.
   */
  private static float largest(float[] numbers, int size) {
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    for (int i = 0; i < size; i += 4) {
      first = Math.max(first, Math.abs(numbers[i]));
      second = Math.max(second, Math.abs(numbers[i + 1]));
      third = Math.max(third, Math.abs(numbers[i + 2]));
      fourth = Math.max(fourth, Math.abs(numbers[i + 3]));
    }
    return Math.max(Math.max(first, second), Math.max(third, fourth));
  }

  /** The estimated similarity of a row whose code is on the heap. */
  public float estimate(QueryCode query, byte[] codes, int at) {
    int product = KERNELS.dot(query.numbers, codes, at, kernelBits, chunks);
    if (isTwofold) {
      product += 16 * KERNELS.dot(query.numbers, codes, at + halfBytes, kernelBits, chunks);
    }
    float base = hasBase ? (float) FLOAT.get(codes, at + factorAt + Float.BYTES) : 0;
    return query.estimate(product, (float) FLOAT.get(codes, at + factorAt), base);
  }

  /** The same of a row whose code is in a segment. */
  public float estimate(QueryCode query, MemorySegment codes, long at) {
    int product = KERNELS.dot(query.numbers, codes, at, kernelBits, chunks);
    if (isTwofold) {
      product += 16 * KERNELS.dot(query.numbers, codes, at + halfBytes, kernelBits, chunks);
    }
    float base = hasBase ? codes.get(MAPPED_FLOAT, at + factorAt + Float.BYTES) : 0;
    return query.estimate(product, codes.get(MAPPED_FLOAT, at + factorAt), base);
  }
}
