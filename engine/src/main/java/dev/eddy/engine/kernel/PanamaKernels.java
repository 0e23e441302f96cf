package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * SIMD kernels: one accumulator per row, four rows per loop, no tail loop. The only class that
 * imports the Vector API.
 *
 * <p>Scoring four rows in one loop body keeps four independent cache misses in flight and loads the
 * query once; unrolling a single row is slower on short rows, because every vector loop pays for
 * its own pre and post loops.
 */
final class PanamaKernels implements Kernels {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private static final VectorShuffle<Float> HALVES = swap(SPECIES, LANES / 2);
  private static final VectorShuffle<Float> QUARTERS = swap(SPECIES, LANES / 4);
  private static final VectorShuffle<Float> EIGHTHS = swap(SPECIES, LANES / 8);
  private static final VectorShuffle<Float> SIXTEENTHS = swap(SPECIES, LANES / 16);
  private static final VectorMask<Float> UPPER_HALF = lanesWith(SPECIES, LANES / 2);
  private static final VectorMask<Float> UPPER_QUARTERS = lanesWith(SPECIES, LANES / 4);

  PanamaKernels() {
    if (SPECIES.vectorBitSize() < 128) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short".formatted(SPECIES.vectorBitSize()));
    }
  }

  @Override
  public int rowMultiple() {
    return Math.max(8, LANES);
  }

  @Override
  public String describe() {
    return "simd-" + SPECIES.vectorBitSize();
  }

  @Override
  public void dot4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      aSum = FloatVector.fromArray(SPECIES, a, aAt + i).fma(query, aSum);
      bSum = FloatVector.fromArray(SPECIES, b, bAt + i).fma(query, bSum);
      cSum = FloatVector.fromArray(SPECIES, c, cAt + i).fma(query, cSum);
      dSum = FloatVector.fromArray(SPECIES, d, dAt + i).fma(query, dSum);
    }
    sum4(aSum, bSum, cSum, dSum, out, outAt);
  }

  @Override
  public void dot4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      aSum = FloatVector.fromMemorySegment(SPECIES, rows, a + at, ORDER).fma(query, aSum);
      bSum = FloatVector.fromMemorySegment(SPECIES, rows, b + at, ORDER).fma(query, bSum);
      cSum = FloatVector.fromMemorySegment(SPECIES, rows, c + at, ORDER).fma(query, cSum);
      dSum = FloatVector.fromMemorySegment(SPECIES, rows, d + at, ORDER).fma(query, dSum);
    }
    sum4(aSum, bSum, cSum, dSum, out, outAt);
  }

  @Override
  public void euclid4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      FloatVector aDifference = FloatVector.fromArray(SPECIES, a, aAt + i).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference = FloatVector.fromArray(SPECIES, b, bAt + i).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference = FloatVector.fromArray(SPECIES, c, cAt + i).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference = FloatVector.fromArray(SPECIES, d, dAt + i).sub(query);
      dSum = dDifference.fma(dDifference, dSum);
    }
    sum4(aSum.neg(), bSum.neg(), cSum.neg(), dSum.neg(), out, outAt);
  }

  @Override
  public void euclid4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      FloatVector aDifference =
          FloatVector.fromMemorySegment(SPECIES, rows, a + at, ORDER).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference =
          FloatVector.fromMemorySegment(SPECIES, rows, b + at, ORDER).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference =
          FloatVector.fromMemorySegment(SPECIES, rows, c + at, ORDER).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference =
          FloatVector.fromMemorySegment(SPECIES, rows, d + at, ORDER).sub(query);
      dSum = dDifference.fma(dDifference, dSum);
    }
    sum4(aSum.neg(), bSum.neg(), cSum.neg(), dSum.neg(), out, outAt);
  }

  @Override
  public void manhattan4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      aSum = FloatVector.fromArray(SPECIES, a, aAt + i).sub(query).abs().add(aSum);
      bSum = FloatVector.fromArray(SPECIES, b, bAt + i).sub(query).abs().add(bSum);
      cSum = FloatVector.fromArray(SPECIES, c, cAt + i).sub(query).abs().add(cSum);
      dSum = FloatVector.fromArray(SPECIES, d, dAt + i).sub(query).abs().add(dSum);
    }
    sum4(aSum.neg(), bSum.neg(), cSum.neg(), dSum.neg(), out, outAt);
  }

  @Override
  public void manhattan4(
      float[] q,
      int qAt,
      MemorySegment rows,
      long a,
      long b,
      long c,
      long d,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(SPECIES);
    FloatVector bSum = FloatVector.zero(SPECIES);
    FloatVector cSum = FloatVector.zero(SPECIES);
    FloatVector dSum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector query = FloatVector.fromArray(SPECIES, q, qAt + i);
      aSum = FloatVector.fromMemorySegment(SPECIES, rows, a + at, ORDER).sub(query).abs().add(aSum);
      bSum = FloatVector.fromMemorySegment(SPECIES, rows, b + at, ORDER).sub(query).abs().add(bSum);
      cSum = FloatVector.fromMemorySegment(SPECIES, rows, c + at, ORDER).sub(query).abs().add(cSum);
      dSum = FloatVector.fromMemorySegment(SPECIES, rows, d + at, ORDER).sub(query).abs().add(dSum);
    }
    sum4(aSum.neg(), bSum.neg(), cSum.neg(), dSum.neg(), out, outAt);
  }

  /** Each lane gets what the one has that is so many lanes apart, a power of two or 0. */
  static VectorShuffle<Float> swap(VectorSpecies<Float> species, int lanes) {
    return VectorShuffle.fromOp(species, lane -> lane ^ lanes);
  }

  /** The lanes whose numbers have this bit. */
  static VectorMask<Float> lanesWith(VectorSpecies<Float> species, int bit) {
    long bits = 0;
    for (int lane = 0; lane < species.length(); lane++) {
      bits |= (lane & bit) == 0 ? 0 : 1L << lane;
    }
    return VectorMask.fromLong(species, bits);
  }

  /**
   * The sums of the lanes of four vectors, in a fixed order. {@code reduceLanes} leaves the order
   * open, and interpreted and compiled code do differ: one row would have two scores while a
   * process warms up. Folding two vectors as one after the first step and four after the second
   * makes up for the cost.
   *
   * <p>{@code deploy/jvm.options} forces it inline: compiled on its own first, HotSpot would find
   * it too big to inline into the kernels, and every call would box its four vectors.
   */
  static void sum4(
      FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] out, int outAt) {
    FloatVector ab = a.add(a.rearrange(HALVES)).blend(b.add(b.rearrange(HALVES)), UPPER_HALF);
    FloatVector cd = c.add(c.rearrange(HALVES)).blend(d.add(d.rearrange(HALVES)), UPPER_HALF);
    FloatVector all =
        ab.add(ab.rearrange(QUARTERS)).blend(cd.add(cd.rearrange(QUARTERS)), UPPER_QUARTERS);
    if (LANES >= 8) {
      all = all.add(all.rearrange(EIGHTHS));
    }
    if (LANES >= 16) {
      all = all.add(all.rearrange(SIXTEENTHS));
    }
    out[outAt] = all.lane(0);
    out[outAt + 1] = all.lane(LANES / 2);
    out[outAt + 2] = all.lane(LANES / 4);
    out[outAt + 3] = all.lane(LANES / 2 + LANES / 4);
  }

  /** Sums of terms become minus them, the same as sums of negated terms: some nodes less. */
  static void negate4(float[] out, int outAt) {
    out[outAt] = -out[outAt];
    out[outAt + 1] = -out[outAt + 1];
    out[outAt + 2] = -out[outAt + 2];
    out[outAt + 3] = -out[outAt + 3];
  }
}
