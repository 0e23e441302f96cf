package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The plain twin of {@link PanamaRowCodeKernels}: equal to the bit. */
final class ScalarRowCodeKernels implements RowCodeKernels {
  @Override
  public String describe() {
    return "scalar";
  }

  @Override
  public int dot(short[] query, byte[] codes, int at, int bits, int chunks) {
    int sum = 0;
    for (int i = 0; i < chunks * CHUNK_SHORTS; i++) {
      int byteAt = at + Short.BYTES * i;
      int packed = (codes[byteAt] & 0xff) | (codes[byteAt + 1] & 0xff) << 8;
      sum += dot(query, i, packed, bits);
    }
    return sum;
  }

  @Override
  public int dot(short[] query, MemorySegment codes, long at, int bits, int chunks) {
    int sum = 0;
    for (int i = 0; i < chunks * CHUNK_SHORTS; i++) {
      long byteAt = at + (long) Short.BYTES * i;
      int packed =
          (codes.get(ValueLayout.JAVA_BYTE, byteAt) & 0xff)
              | (codes.get(ValueLayout.JAVA_BYTE, byteAt + 1) & 0xff) << 8;
      sum += dot(query, i, packed, bits);
    }
    return sum;
  }

  /** The part of one short of a code. */
  private static int dot(short[] query, int index, int packed, int bits) {
    int perShort = Short.SIZE / bits;
    int mask = (1 << bits) - 1;
    int queryAt = index / CHUNK_SHORTS * CHUNK_SHORTS * perShort + index % CHUNK_SHORTS;
    int sum = 0;
    for (int n = 0; n < perShort; n++) {
      sum += ((packed >>> (n * bits)) & mask) * query[queryAt + n * CHUNK_SHORTS];
    }
    return sum;
  }

  @Override
  public void hadamard(float[] values, int at, int size) {
    for (int half = 1; half < size; half *= 2) {
      for (int from = at; from < at + size; from += 2 * half) {
        for (int i = from; i < from + half; i++) {
          float first = values[i];
          float second = values[i + half];
          values[i] = first + second;
          values[i + half] = first - second;
        }
      }
    }
  }
}
