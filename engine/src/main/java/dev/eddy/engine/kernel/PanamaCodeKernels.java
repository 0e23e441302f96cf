package dev.eddy.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Table look-ups by byte shuffles.
 *
 * <p>Summing and scaling are methods of their own: together they pass HotSpot's limit of nodes, and
 * a helper that is not inlined boxes its vectors. {@code selectFrom} takes indexes modulo the
 * vector's length, so the upper nibble needs no mask; bytes have no shift, shorts have.
 */
final class PanamaCodeKernels implements CodeKernels {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 512
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(
          short.class, jdk.incubator.vector.VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
  private static final VectorSpecies<Byte> SHORTS_AS_BYTES = SHORTS.withLanes(byte.class);
  private static final VectorSpecies<Byte> FLOATS_AS_BYTES = FLOATS.withLanes(byte.class);
  private static final short LOW_BYTE = 0xff;

  PanamaCodeKernels() {
    if (FLOATS.vectorBitSize() < 256) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short".formatted(FLOATS.vectorBitSize()));
    }
  }

  @Override
  public String describe() {
    return "simd-" + FLOATS.vectorBitSize();
  }

  @Override
  public void sum32(byte[] codes, int codesAt, byte[] tables, int lookups, short[] sums) {
    ShortVector lowEven = ShortVector.zero(ShortVector.SPECIES_128);
    ShortVector lowOdd = ShortVector.zero(ShortVector.SPECIES_128);
    ShortVector highEven = ShortVector.zero(ShortVector.SPECIES_128);
    ShortVector highOdd = ShortVector.zero(ShortVector.SPECIES_128);
    int end = lookups * LOOKUP_BYTES;
    for (int i = 0; i < end; i += LOOKUP_MULTIPLE * LOOKUP_BYTES) {
      ByteVector table0 = ByteVector.fromArray(BYTES, tables, i);
      ByteVector table1 = ByteVector.fromArray(BYTES, tables, i + 16);
      ByteVector table2 = ByteVector.fromArray(BYTES, tables, i + 32);
      ByteVector table3 = ByteVector.fromArray(BYTES, tables, i + 48);
      ByteVector code0 = ByteVector.fromArray(BYTES, codes, codesAt + i);
      ByteVector code1 = ByteVector.fromArray(BYTES, codes, codesAt + i + 16);
      ByteVector code2 = ByteVector.fromArray(BYTES, codes, codesAt + i + 32);
      ByteVector code3 = ByteVector.fromArray(BYTES, codes, codesAt + i + 48);
      ShortVector low =
          code0
              .selectFrom(table0)
              .add(code1.selectFrom(table1))
              .add(code2.selectFrom(table2))
              .add(code3.selectFrom(table3))
              .reinterpretAsShorts();
      lowEven = lowEven.add(low.and(LOW_BYTE));
      lowOdd = lowOdd.add(low.lanewise(VectorOperators.LSHR, 8));
      ByteVector upper0 =
          code0.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
      ByteVector upper1 =
          code1.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
      ByteVector upper2 =
          code2.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
      ByteVector upper3 =
          code3.reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4).reinterpretAsBytes();
      ShortVector high =
          upper0
              .selectFrom(table0)
              .add(upper1.selectFrom(table1))
              .add(upper2.selectFrom(table2))
              .add(upper3.selectFrom(table3))
              .reinterpretAsShorts();
      highEven = highEven.add(high.and(LOW_BYTE));
      highOdd = highOdd.add(high.lanewise(VectorOperators.LSHR, 8));
    }
    lowEven.intoArray(sums, 0);
    lowOdd.intoArray(sums, 8);
    highEven.intoArray(sums, 16);
    highOdd.intoArray(sums, 24);
  }

  @Override
  public int scale32(
      short[] sums,
      byte[] block,
      int factorsAt,
      int basesAt,
      float step,
      float offset,
      float bias,
      float threshold,
      float[] out) {
    FloatVector steps = FloatVector.broadcast(FLOATS, step);
    FloatVector offsets = FloatVector.broadcast(FLOATS, offset);
    FloatVector biases = FloatVector.broadcast(FLOATS, bias);
    int above = 0;
    for (int i = 0; i < SLOTS; i += LANES) {
      FloatVector sum =
          (FloatVector)
              ShortVector.fromArray(SHORTS, sums, i).convertShape(VectorOperators.S2F, FLOATS, 0);
      FloatVector factor =
          ((IntVector)
                  ByteVector.fromArray(SHORTS_AS_BYTES, block, factorsAt + 2 * i)
                      .reinterpretAsShorts()
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      FloatVector value = factor.fma(sum.fma(steps, offsets), biases);
      if (basesAt >= 0) {
        value =
            value.add(
                ByteVector.fromArray(FLOATS_AS_BYTES, block, basesAt + 4 * i)
                    .reinterpretAsFloats());
      }
      value.intoArray(out, i);
      above |= (int) value.compare(VectorOperators.GT, threshold).toLong() << i;
    }
    return above;
  }
}
