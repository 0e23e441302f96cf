package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The SIMD kernels for codes of rows against the scalar ones, which are against their definition.
 */
final class RowCodeKernelsTest {
  private static final int[] WIDTHS = {1, 2, 4};
  private static final int AT = 5;

  private final RowCodeKernels simd = new PanamaRowCodeKernels();
  private final RowCodeKernels scalar = new ScalarRowCodeKernels();

  @Test
  void productsAreEqualForEveryWidthAndLength() {
    for (int bits : WIDTHS) {
      for (int chunks = 1; chunks <= 40; chunks++) {
        Random random = new Random(chunks);
        byte[] codes = new byte[AT + chunks * RowCodeKernels.CHUNK_BYTES];
        random.nextBytes(codes);
        check(bits, chunks, codes, query(bits, chunks, random));
      }
    }
  }

  @Test
  void nothingOverflowsWhenAllIsAtItsLargest() {
    for (int bits : WIDTHS) {
      for (int chunks = 1; chunks <= 40; chunks++) {
        byte[] codes = new byte[AT + chunks * RowCodeKernels.CHUNK_BYTES];
        java.util.Arrays.fill(codes, (byte) -1);
        for (int sign : new int[] {1, -1}) {
          short[] query = new short[chunks * RowCodeKernels.chunkNumbers(bits)];
          java.util.Arrays.fill(query, (short) (sign * RowCodeKernels.QUERY_MAX));
          int product = check(bits, chunks, codes, query);
          assertThat(product)
              .isEqualTo(query.length * ((1 << bits) - 1) * sign * RowCodeKernels.QUERY_MAX);
        }
      }
    }
  }

  /** Heap and mapped, SIMD and scalar; returns the product. */
  private int check(int bits, int chunks, byte[] codes, short[] query) {
    int expected = dot(bits, chunks, codes, AT, query);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = arena.allocate(codes.length);
      MemorySegment.copy(codes, 0, mapped, ValueLayout.JAVA_BYTE, 0, codes.length);
      for (RowCodeKernels kernels : new RowCodeKernels[] {simd, scalar}) {
        String what = "%s, bits %d, chunks %d".formatted(kernels.describe(), bits, chunks);
        assertThat(kernels.dot(query, codes, AT, bits, chunks)).as(what).isEqualTo(expected);
        assertThat(kernels.dot(query, mapped, AT, bits, chunks)).as(what).isEqualTo(expected);
      }
    }
    return expected;
  }

  private static short[] query(int bits, int chunks, Random random) {
    int most = RowCodeKernels.QUERY_MAX;
    short[] query = new short[chunks * RowCodeKernels.chunkNumbers(bits)];
    for (int i = 0; i < query.length; i++) {
      query[i] = (short) (random.nextInt(2 * most + 1) - most);
    }
    return query;
  }

  /** By the definition: number 16 n + s of a chunk is the n-th of short s. */
  private static int dot(int bits, int chunks, byte[] codes, int at, short[] query) {
    int sum = 0;
    int numbers = RowCodeKernels.chunkNumbers(bits);
    for (int i = 0; i < chunks * numbers; i++) {
      int inChunk = i % numbers;
      int bit = (inChunk / 16) * bits;
      int byteAt = at + i / numbers * 32 + inChunk % 16 * 2 + bit / 8;
      sum += ((codes[byteAt] & 0xff) >> bit % 8) % (1 << bits) * query[i];
    }
    return sum;
  }

  @Test
  void theTransformIsEqualToTheBitAndItsOwnInverse() {
    for (int size = 16; size <= 4096; size *= 2) {
      Random random = new Random(size);
      float[] values = new float[size + 2];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      float[] fromSimd = values.clone();
      float[] fromScalar = values.clone();
      simd.hadamard(fromSimd, 1, size);
      scalar.hadamard(fromScalar, 1, size);
      assertThat(fromSimd).isEqualTo(fromScalar);
      scalar.hadamard(fromScalar, 1, size);
      for (int i = 1; i <= size; i++) {
        assertThat(fromScalar[i] / size)
            .isCloseTo(values[i], org.assertj.core.data.Offset.offset(1e-4f));
      }
      assertThat(fromSimd[0]).isEqualTo(values[0]);
      assertThat(fromSimd[size + 1]).isEqualTo(values[size + 1]);
    }
  }

  @Test
  void theSelectorPrefersSimdWhereTheModuleIsPresent() {
    assertThat(KernelSelector.rowCodeKernels().describe()).startsWith("simd-");
  }
}
