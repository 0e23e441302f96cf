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
 * overflow.
 *
 * <p>One row per call, since callers have the rows near already, and a method per width with
 * constant shifts of few steps: with four rows, or sixteen steps in one or two methods, HotSpot
 * passes its limit of nodes and boxes vectors.
 */
final class PanamaRowCodeKernels implements RowCodeKernels {
  private static final VectorOperators.Binary LSHR = VectorOperators.LSHR;
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
  public int dot(short[] query, byte[] codes, int at, int bits, int chunks) {
    return switch (bits) {
      case 1 ->
          bits(query, codes, at, chunks, 0)
              + bits(query, codes, at, chunks, 4)
              + bits(query, codes, at, chunks, 8)
              + bits(query, codes, at, chunks, 12);
      case 2 -> pairs(query, codes, at, chunks);
      default -> nibbles(query, codes, at, chunks);
    };
  }

  /** Four bits of each short, from one on. */
  private static int bits(short[] query, byte[] codes, int at, int chunks, int shift) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      ShortVector code = onHeap(codes, at + chunk * CHUNK_BYTES).lanewise(LSHR, shift);
      sum = widen(sum, fourBits(code, query, chunk * 256 + shift * CHUNK_SHORTS));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static int pairs(short[] query, byte[] codes, int at, int chunks) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      sum = widen(sum, eightPairs(onHeap(codes, at + chunk * CHUNK_BYTES), query, chunk * 128));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static int nibbles(short[] query, byte[] codes, int at, int chunks) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      sum = widen(sum, fourNibbles(onHeap(codes, at + chunk * CHUNK_BYTES), query, chunk * 64));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static ShortVector onHeap(byte[] codes, int at) {
    return ByteVector.fromArray(BYTES, codes, at).reinterpretAsShorts();
  }

  @Override
  public int dot(short[] query, MemorySegment codes, long at, int bits, int chunks) {
    return switch (bits) {
      case 1 ->
          bits(query, codes, at, chunks, 0)
              + bits(query, codes, at, chunks, 4)
              + bits(query, codes, at, chunks, 8)
              + bits(query, codes, at, chunks, 12);
      case 2 -> pairs(query, codes, at, chunks);
      default -> nibbles(query, codes, at, chunks);
    };
  }

  /** Four bits of each short, from one on. */
  private static int bits(short[] query, MemorySegment codes, long at, int chunks, int shift) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      ShortVector code = mapped(codes, at + (long) chunk * CHUNK_BYTES).lanewise(LSHR, shift);
      sum = widen(sum, fourBits(code, query, chunk * 256 + shift * CHUNK_SHORTS));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static int pairs(short[] query, MemorySegment codes, long at, int chunks) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      ShortVector code = mapped(codes, at + (long) chunk * CHUNK_BYTES);
      sum = widen(sum, eightPairs(code, query, chunk * 128));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static int nibbles(short[] query, MemorySegment codes, long at, int chunks) {
    IntVector sum = IntVector.zero(INTS);
    for (int chunk = 0; chunk < chunks; chunk++) {
      ShortVector code = mapped(codes, at + (long) chunk * CHUNK_BYTES);
      sum = widen(sum, fourNibbles(code, query, chunk * 64));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  private static ShortVector mapped(MemorySegment codes, long at) {
    return ShortVector.fromMemorySegment(SHORTS, codes, at, ByteOrder.LITTLE_ENDIAN);
  }

  /** Products of the lowest four bits of each short. */
  private static ShortVector fourBits(ShortVector code, short[] query, int queryAt) {
    return code.and((short) 1)
        .mul(ShortVector.fromArray(SHORTS, query, queryAt))
        .add(
            code.lanewise(LSHR, 1)
                .and((short) 1)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 16)))
        .add(
            code.lanewise(LSHR, 2)
                .and((short) 1)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 32)))
        .add(
            code.lanewise(LSHR, 3)
                .and((short) 1)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 48)));
  }

  /** Products of all two-bit numbers of each short. */
  private static ShortVector eightPairs(ShortVector code, short[] query, int queryAt) {
    return code.and((short) 3)
        .mul(ShortVector.fromArray(SHORTS, query, queryAt))
        .add(
            code.lanewise(LSHR, 2)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 16)))
        .add(
            code.lanewise(LSHR, 4)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 32)))
        .add(
            code.lanewise(LSHR, 6)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 48)))
        .add(
            code.lanewise(LSHR, 8)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 64)))
        .add(
            code.lanewise(LSHR, 10)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 80)))
        .add(
            code.lanewise(LSHR, 12)
                .and((short) 3)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 96)))
        .add(code.lanewise(LSHR, 14).mul(ShortVector.fromArray(SHORTS, query, queryAt + 112)));
  }

  /** Products of all four-bit numbers of each short. */
  private static ShortVector fourNibbles(ShortVector code, short[] query, int queryAt) {
    return code.and((short) 15)
        .mul(ShortVector.fromArray(SHORTS, query, queryAt))
        .add(
            code.lanewise(LSHR, 4)
                .and((short) 15)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 16)))
        .add(
            code.lanewise(LSHR, 8)
                .and((short) 15)
                .mul(ShortVector.fromArray(SHORTS, query, queryAt + 32)))
        .add(code.lanewise(LSHR, 12).mul(ShortVector.fromArray(SHORTS, query, queryAt + 48)));
  }

  private static IntVector widen(IntVector sum, ShortVector part) {
    IntVector pairs = part.reinterpretAsInts();
    return sum.add(pairs.lanewise(VectorOperators.ASHR, 16))
        .add(pairs.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16));
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
