package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanamaKernels} of rows of halves, which become floats in registers: the Vector API has no
 * type for them.
 */
final class PanamaFloat16Kernels implements NarrowKernels {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Float> FLOATS = PanamaKernels.SPECIES;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorShape SHAPE = VectorShape.forBitSize(LANES * Short.SIZE);
  private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);
  private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, SHAPE);

  /** Sign, exponent and fraction of a half, ten bits of it, where a float has its own. */
  private static final IntVector KEPT = IntVector.broadcast(INTS, 0x8fffe000);

  private static final int SHIFT = 13;

  /** What a float is more than a half of the same bits: its exponent is relative to 127, not 15. */
  private static final FloatVector SCALE = FloatVector.broadcast(FLOATS, 0x1p112f);

  @Override
  public String describe() {
    return "simd-" + FLOATS.vectorBitSize();
  }

  private static FloatVector onHeap(byte[] rows, int at) {
    return floats(ByteVector.fromArray(BYTES, rows, at).reinterpretAsShorts());
  }

  private static FloatVector mapped(MemorySegment rows, long at) {
    return floats(ShortVector.fromMemorySegment(SHORTS, rows, at, ORDER));
  }

  /** The floats that finite halves stand for: the product is exact, of subnormal ones, too. */
  private static FloatVector floats(ShortVector halves) {
    return ((IntVector) halves.convertShape(VectorOperators.S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, SHIFT)
        .and(KEPT)
        .reinterpretAsFloats()
        .mul(SCALE);
  }

  @Override
  public void dot4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = onHeap(a, aAt + Short.BYTES * i).fma(query, aSum);
      bSum = onHeap(b, bAt + Short.BYTES * i).fma(query, bSum);
      cSum = onHeap(c, cAt + Short.BYTES * i).fma(query, cSum);
      dSum = onHeap(d, dAt + Short.BYTES * i).fma(query, dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
  }

  @Override
  public void euclid4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      FloatVector aDifference = onHeap(a, aAt + Short.BYTES * i).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference = onHeap(b, bAt + Short.BYTES * i).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference = onHeap(c, cAt + Short.BYTES * i).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference = onHeap(d, dAt + Short.BYTES * i).sub(query);
      dSum = dDifference.fma(dDifference, dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
    PanamaKernels.negate4(out, outAt);
  }

  @Override
  public void manhattan4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = onHeap(a, aAt + Short.BYTES * i).sub(query).abs().add(aSum);
      bSum = onHeap(b, bAt + Short.BYTES * i).sub(query).abs().add(bSum);
      cSum = onHeap(c, cAt + Short.BYTES * i).sub(query).abs().add(cSum);
      dSum = onHeap(d, dAt + Short.BYTES * i).sub(query).abs().add(dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
    PanamaKernels.negate4(out, outAt);
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
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) Short.BYTES * i;
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = mapped(rows, a + at).fma(query, aSum);
      bSum = mapped(rows, b + at).fma(query, bSum);
      cSum = mapped(rows, c + at).fma(query, cSum);
      dSum = mapped(rows, d + at).fma(query, dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
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
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) Short.BYTES * i;
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      FloatVector aDifference = mapped(rows, a + at).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference = mapped(rows, b + at).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference = mapped(rows, c + at).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference = mapped(rows, d + at).sub(query);
      dSum = dDifference.fma(dDifference, dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
    PanamaKernels.negate4(out, outAt);
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
    FloatVector aSum = FloatVector.zero(FLOATS);
    FloatVector bSum = FloatVector.zero(FLOATS);
    FloatVector cSum = FloatVector.zero(FLOATS);
    FloatVector dSum = FloatVector.zero(FLOATS);
    for (int i = 0; i < length; i += LANES) {
      long at = (long) Short.BYTES * i;
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = mapped(rows, a + at).sub(query).abs().add(aSum);
      bSum = mapped(rows, b + at).sub(query).abs().add(bSum);
      cSum = mapped(rows, c + at).sub(query).abs().add(cSum);
      dSum = mapped(rows, d + at).sub(query).abs().add(dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
    PanamaKernels.negate4(out, outAt);
  }

  @Override
  public void widen(byte[] rows, int at, float[] out, int outAt, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      onHeap(rows, at + Short.BYTES * i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = ScalarNarrowKernels.half(rows, at + Short.BYTES * i);
    }
  }

  @Override
  public void widen(MemorySegment rows, long at, float[] out, int outAt, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      mapped(rows, at + (long) Short.BYTES * i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = ScalarNarrowKernels.half(rows, at + (long) Short.BYTES * i);
    }
  }
}
