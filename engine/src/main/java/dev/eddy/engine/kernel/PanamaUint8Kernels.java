package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link PanamaKernels} of rows of bytes, which become floats in registers. */
final class PanamaUint8Kernels implements NarrowKernels {
  private static final VectorSpecies<Float> FLOATS = PanamaKernels.SPECIES;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(8, LANES) * Byte.SIZE));

  /** How far each byte of four is from the lowest. */
  private static final IntVector SHIFTS = IntVector.zero(INTS).addIndex(Byte.SIZE);

  @Override
  public String describe() {
    return "simd-" + FLOATS.vectorBitSize();
  }

  private static FloatVector onHeap(byte[] rows, int at) {
    return LANES < 8
        ? fourFloats((int) ScalarNarrowKernels.INTS.get(rows, at))
        : floats(ByteVector.fromArray(BYTES, rows, at));
  }

  private static FloatVector mapped(MemorySegment rows, long at) {
    return LANES < 8
        ? fourFloats(rows.get(ScalarNarrowKernels.INT, at))
        : floats(ByteVector.fromMemorySegment(BYTES, rows, at, ByteOrder.LITTLE_ENDIAN));
  }

  private static FloatVector floats(ByteVector wholes) {
    return (FloatVector)
        wholes
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
            .convert(VectorOperators.I2F, 0);
  }

  /** Four lanes: no vector of bytes is so short. */
  private static FloatVector fourFloats(int wholes) {
    return (FloatVector)
        IntVector.broadcast(INTS, wholes)
            .lanewise(VectorOperators.LSHR, SHIFTS)
            .and(0xff)
            .convert(VectorOperators.I2F, 0);
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
      aSum = onHeap(a, aAt + i).fma(query, aSum);
      bSum = onHeap(b, bAt + i).fma(query, bSum);
      cSum = onHeap(c, cAt + i).fma(query, cSum);
      dSum = onHeap(d, dAt + i).fma(query, dSum);
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
      FloatVector aDifference = onHeap(a, aAt + i).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference = onHeap(b, bAt + i).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference = onHeap(c, cAt + i).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference = onHeap(d, dAt + i).sub(query);
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
      aSum = onHeap(a, aAt + i).sub(query).abs().add(aSum);
      bSum = onHeap(b, bAt + i).sub(query).abs().add(bSum);
      cSum = onHeap(c, cAt + i).sub(query).abs().add(cSum);
      dSum = onHeap(d, dAt + i).sub(query).abs().add(dSum);
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
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = mapped(rows, a + i).fma(query, aSum);
      bSum = mapped(rows, b + i).fma(query, bSum);
      cSum = mapped(rows, c + i).fma(query, cSum);
      dSum = mapped(rows, d + i).fma(query, dSum);
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
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      FloatVector aDifference = mapped(rows, a + i).sub(query);
      aSum = aDifference.fma(aDifference, aSum);
      FloatVector bDifference = mapped(rows, b + i).sub(query);
      bSum = bDifference.fma(bDifference, bSum);
      FloatVector cDifference = mapped(rows, c + i).sub(query);
      cSum = cDifference.fma(cDifference, cSum);
      FloatVector dDifference = mapped(rows, d + i).sub(query);
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
      FloatVector query = FloatVector.fromArray(FLOATS, q, qAt + i);
      aSum = mapped(rows, a + i).sub(query).abs().add(aSum);
      bSum = mapped(rows, b + i).sub(query).abs().add(bSum);
      cSum = mapped(rows, c + i).sub(query).abs().add(cSum);
      dSum = mapped(rows, d + i).sub(query).abs().add(dSum);
    }
    PanamaKernels.sum4(aSum, bSum, cSum, dSum, out, outAt);
    PanamaKernels.negate4(out, outAt);
  }

  @Override
  public void widen(byte[] rows, int at, float[] out, int outAt, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      onHeap(rows, at + i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = Byte.toUnsignedInt(rows[at + i]);
    }
  }

  @Override
  public void widen(MemorySegment rows, long at, float[] out, int outAt, int count) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      mapped(rows, at + i).intoArray(out, outAt + i);
    }
    for (int i = whole; i < count; i++) {
      out[outAt + i] = Byte.toUnsignedInt(rows.get(ValueLayout.JAVA_BYTE, at + i));
    }
  }
}
