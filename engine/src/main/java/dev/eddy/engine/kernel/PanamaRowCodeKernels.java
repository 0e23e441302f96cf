package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Codes in short lanes: the Vector API has no products of bytes, and a mask, a multiplication and
 * an addition of shorts are an instruction each. Sums go over to ints before a short could
 * overflow. Four codes in one loop share the query's loads and keep four misses in flight.
 */
final class PanamaRowCodeKernels implements RowCodeKernels {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final int LANES = FLOATS.length();

  private static final VectorShuffle<Float> SWAP_1 = swap(1);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final FloatVector SIGNS_1 = signs(1);
  private static final FloatVector SIGNS_2 = signs(2);
  private static final FloatVector SIGNS_4 = signs(4);

  PanamaRowCodeKernels() {
    if (FloatVector.SPECIES_PREFERRED.vectorBitSize() < 256) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short"
              .formatted(FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    }
  }

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> lane ^ distance);
  }

  private static FloatVector signs(int bit) {
    float[] signs = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      signs[lane] = (lane & bit) == 0 ? 1 : -1;
    }
    return FloatVector.fromArray(FLOATS, signs, 0);
  }

  @Override
  public String describe() {
    return "simd-256";
  }

  @Override
  public void dot4(
      short[] query,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
      int dAt,
      int bits,
      int chunks,
      int[] out,
      int outAt) {
    int perShort = Short.SIZE / bits;
    short mask = (short) ((1 << bits) - 1);
    int chunksPerSum = RowCodeKernels.chunksPerSum(bits);
    IntVector aSum = IntVector.zero(INTS);
    IntVector bSum = aSum;
    IntVector cSum = aSum;
    IntVector dSum = aSum;
    ShortVector aPart = ShortVector.zero(SHORTS);
    ShortVector bPart = aPart;
    ShortVector cPart = aPart;
    ShortVector dPart = aPart;
    int queryAt = 0;
    int summed = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int at = chunk * CHUNK_BYTES;
      ShortVector aCode = ByteVector.fromArray(BYTES, a, aAt + at).reinterpretAsShorts();
      ShortVector bCode = ByteVector.fromArray(BYTES, b, bAt + at).reinterpretAsShorts();
      ShortVector cCode = ByteVector.fromArray(BYTES, c, cAt + at).reinterpretAsShorts();
      ShortVector dCode = ByteVector.fromArray(BYTES, d, dAt + at).reinterpretAsShorts();
      for (int n = 0; n < perShort; n++) {
        ShortVector numbers = ShortVector.fromArray(SHORTS, query, queryAt);
        aPart = aPart.add(aCode.and(mask).mul(numbers));
        bPart = bPart.add(bCode.and(mask).mul(numbers));
        cPart = cPart.add(cCode.and(mask).mul(numbers));
        dPart = dPart.add(dCode.and(mask).mul(numbers));
        aCode = aCode.lanewise(VectorOperators.LSHR, bits);
        bCode = bCode.lanewise(VectorOperators.LSHR, bits);
        cCode = cCode.lanewise(VectorOperators.LSHR, bits);
        dCode = dCode.lanewise(VectorOperators.LSHR, bits);
        queryAt += CHUNK_SHORTS;
      }
      if (++summed == chunksPerSum || chunk == chunks - 1) {
        summed = 0;
        aSum = widen(aSum, aPart);
        bSum = widen(bSum, bPart);
        cSum = widen(cSum, cPart);
        dSum = widen(dSum, dPart);
        aPart = ShortVector.zero(SHORTS);
        bPart = aPart;
        cPart = aPart;
        dPart = aPart;
      }
    }
    out[outAt] = aSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 1] = bSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 2] = cSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 3] = dSum.reduceLanes(VectorOperators.ADD);
  }

  private static IntVector widen(IntVector sum, ShortVector part) {
    IntVector pairs = part.reinterpretAsInts();
    return sum.add(pairs.lanewise(VectorOperators.ASHR, 16))
        .add(pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16));
  }

  @Override
  public void dot4(
      short[] query,
      MemorySegment codes,
      long a,
      long b,
      long c,
      long d,
      int bits,
      int chunks,
      int[] out,
      int outAt) {
    int perShort = Short.SIZE / bits;
    short mask = (short) ((1 << bits) - 1);
    int chunksPerSum = RowCodeKernels.chunksPerSum(bits);
    IntVector aSum = IntVector.zero(INTS);
    IntVector bSum = aSum;
    IntVector cSum = aSum;
    IntVector dSum = aSum;
    ShortVector aPart = ShortVector.zero(SHORTS);
    ShortVector bPart = aPart;
    ShortVector cPart = aPart;
    ShortVector dPart = aPart;
    int queryAt = 0;
    int summed = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      long at = (long) chunk * CHUNK_BYTES;
      ShortVector aCode = mapped(codes, a + at);
      ShortVector bCode = mapped(codes, b + at);
      ShortVector cCode = mapped(codes, c + at);
      ShortVector dCode = mapped(codes, d + at);
      for (int n = 0; n < perShort; n++) {
        ShortVector numbers = ShortVector.fromArray(SHORTS, query, queryAt);
        aPart = aPart.add(aCode.and(mask).mul(numbers));
        bPart = bPart.add(bCode.and(mask).mul(numbers));
        cPart = cPart.add(cCode.and(mask).mul(numbers));
        dPart = dPart.add(dCode.and(mask).mul(numbers));
        aCode = aCode.lanewise(VectorOperators.LSHR, bits);
        bCode = bCode.lanewise(VectorOperators.LSHR, bits);
        cCode = cCode.lanewise(VectorOperators.LSHR, bits);
        dCode = dCode.lanewise(VectorOperators.LSHR, bits);
        queryAt += CHUNK_SHORTS;
      }
      if (++summed == chunksPerSum || chunk == chunks - 1) {
        summed = 0;
        aSum = widen(aSum, aPart);
        bSum = widen(bSum, bPart);
        cSum = widen(cSum, cPart);
        dSum = widen(dSum, dPart);
        aPart = ShortVector.zero(SHORTS);
        bPart = aPart;
        cPart = aPart;
        dPart = aPart;
      }
    }
    out[outAt] = aSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 1] = bSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 2] = cSum.reduceLanes(VectorOperators.ADD);
    out[outAt + 3] = dSum.reduceLanes(VectorOperators.ADD);
  }

  private static ShortVector mapped(MemorySegment codes, long at) {
    return ShortVector.fromMemorySegment(SHORTS, codes, at, ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void hadamard(float[] values, int at, int size) {
    for (int i = at; i < at + size; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, i);
      value = value.fma(SIGNS_1, value.rearrange(SWAP_1));
      value = value.fma(SIGNS_2, value.rearrange(SWAP_2));
      value.fma(SIGNS_4, value.rearrange(SWAP_4)).intoArray(values, i);
    }
    for (int half = LANES; half < size; half *= 2) {
      for (int from = at; from < at + size; from += 2 * half) {
        for (int i = from; i < from + half; i += LANES) {
          FloatVector first = FloatVector.fromArray(FLOATS, values, i);
          FloatVector second = FloatVector.fromArray(FLOATS, values, i + half);
          first.add(second).intoArray(values, i);
          first.sub(second).intoArray(values, i + half);
        }
      }
    }
  }
}
