package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanKernelsTest {
  /** The selected ones and those without SIMD. */
  private static final List<ScanKernels> BOTH =
      List.of(KernelSelector.scanKernels(), new ScalarScanKernels());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void findsWhatIsAtLeastTheBound(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int count = ScanKernels.GROUP * (2 + random.nextInt(4));
      int to = count - ScanKernels.GROUP;
      int from = ScanKernels.GROUP;
      int[] values = random.ints(count, -3, 4).toArray();
      int bound = round == 0 ? Integer.MIN_VALUE : random.nextInt(9) - 4;
      int[] expected = IntStream.range(from, to).filter(i -> values[i] >= bound).toArray();
      for (ScanKernels kernels : BOTH) {
        int[] places = new int[count];
        int found = kernels.atLeast(values, from, to, bound, places);
        assertThat(Arrays.copyOf(places, found)).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void addsProductsOfUnsignedCodes(long seed) {
    Random random = new Random(seed);
    int count = 4 * ScanKernels.GROUP;
    byte[] codes = new byte[count + 3];
    random.nextBytes(codes);
    int factor = random.nextInt(2_000_001) - 1_000_000;
    int[] before = random.ints(count + 5).toArray();
    int from = 5;
    int[] expected = before.clone();
    for (int i = 0; i < count; i++) {
      expected[from + i] += factor * (codes[i + 3] & 0xff);
    }
    for (ScanKernels kernels : BOTH) {
      int[] sums = before.clone();
      kernels.addProducts(sums, from, MemorySegment.ofArray(codes), 3, count, factor);
      assertThat(sums).isEqualTo(expected);
    }
  }
}
