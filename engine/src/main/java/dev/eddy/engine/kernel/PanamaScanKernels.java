package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As many ints at a time as the widest vectors hold, sixteen or eight. */
final class PanamaScanKernels implements ScanKernels {
  private static final VectorSpecies<Integer> INTS =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() < 512
          ? IntVector.SPECIES_256
          : IntVector.SPECIES_512;
  private static final VectorSpecies<Byte> BYTES =
      INTS.length() < 16 ? ByteVector.SPECIES_64 : ByteVector.SPECIES_128;
  private static final int LANES = INTS.length();

  PanamaScanKernels() {
    if (FloatVector.SPECIES_PREFERRED.vectorBitSize() < 256) {
      throw new UnsupportedOperationException(
          "vectors of %d bits are too short"
              .formatted(FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    }
  }

  @Override
  public void addProducts(
      int[] sums, int from, MemorySegment codes, long at, int count, int factor) {
    for (int i = 0; i < count; i += LANES) {
      IntVector numbers =
          (IntVector)
              ByteVector.fromMemorySegment(BYTES, codes, at + i, ByteOrder.LITTLE_ENDIAN)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
      numbers.mul(factor).add(IntVector.fromArray(INTS, sums, from + i)).intoArray(sums, from + i);
    }
  }

  /** Most groups hold nothing that is wanted, and are passed over whole. */
  @Override
  public int atLeast(int[] values, int from, int to, int bound, int[] places) {
    int found = 0;
    for (int at = from; at < to; at += GROUP) {
      IntVector most = load(values, at);
      for (int lane = LANES; lane < GROUP; lane += LANES) {
        most = most.max(load(values, at + lane));
      }
      // Not a comparison of vectors: what asks its mask is slower than all of this.
      if (most.reduceLanes(VectorOperators.MAX) >= bound) {
        for (int i = at; i < at + GROUP; i++) {
          if (values[i] >= bound) {
            places[found++] = i;
          }
        }
      }
    }
    return found;
  }

  private static IntVector load(int[] values, int at) {
    return IntVector.fromArray(INTS, values, at);
  }
}
