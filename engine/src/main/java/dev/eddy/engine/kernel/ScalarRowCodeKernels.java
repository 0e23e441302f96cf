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
    return dot(query, MemorySegment.ofArray(codes), at, bits, chunks);
  }

  @Override
  public int dot(short[] query, MemorySegment codes, long at, int bits, int chunks) {
    int perShort = Short.SIZE / bits;
    int mask = (1 << bits) - 1;
    int sum = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      for (int lane = 0; lane < CHUNK_SHORTS; lane++) {
        long byteAt = at + (long) chunk * CHUNK_BYTES + 2L * lane;
        int packed =
            (codes.get(ValueLayout.JAVA_BYTE, byteAt) & 0xff)
                | (codes.get(ValueLayout.JAVA_BYTE, byteAt + 1) & 0xff) << 8;
        int queryAt = chunk * CHUNK_SHORTS * perShort + lane;
        for (int n = 0; n < perShort; n++) {
          sum += ((packed >>> (n * bits)) & mask) * query[queryAt + n * CHUNK_SHORTS];
        }
      }
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
