package dev.eddy.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rows of two bytes or one a number against the same rows of floats, whose kernels {@link
 * KernelsTest} compares with arithmetic: every score is the same, bit for bit.
 */
final class NarrowKernelsTest {
  private static final int DIMENSION_MAX = 2_100;
  private static final int ROWS = 4;
  private static final int ROW_AT = 5;
  private static final int QUERY_AT = 3;
  private static final List<Metric> METRICS = List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN);

  private static NarrowKernels simd(ElementType type) {
    return type == ElementType.FLOAT16 ? new PanamaFloat16Kernels() : new PanamaUint8Kernels();
  }

  private static float number(Random random, ElementType type) {
    if (type == ElementType.UINT8) {
      return random.nextInt(256);
    }
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> Float.float16ToFloat((short) random.nextInt(0x400)); // Subnormal.
      case 2 -> -65_504;
      default -> Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
    };
  }

  private static float[] row(Random random, ElementType type, int dimension, int length) {
    float[] row = new float[length];
    for (int i = 0; i < dimension; i++) {
      row[i] = number(random, type);
    }
    return row;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "UINT8"})
  void everyScoreIsThatOfTheSameFloatsForEveryLength(ElementType type) {
    for (int dimension = 1; dimension <= DIMENSION_MAX; dimension++) {
      Random random = new Random(dimension);
      int length = new PanamaKernels().padded(dimension);
      float[] query = new float[QUERY_AT + length];
      for (int i = 0; i < dimension; i++) {
        query[QUERY_AT + i] = (float) random.nextGaussian();
      }
      float[][] rows = new float[ROWS][];
      for (int row = 0; row < ROWS; row++) {
        rows[row] = row(random, type, dimension, length);
      }
      for (Metric metric : METRICS) {
        String where = "%s %s dimension %d".formatted(type, metric, dimension);
        check(new PanamaKernels(), simd(type), type, metric, query, rows, where);
        check(new ScalarKernels(), new ScalarNarrowKernels(type), type, metric, query, rows, where);
      }
    }
  }

  private static void check(
      Kernels floats,
      NarrowKernels narrow,
      ElementType type,
      Metric metric,
      float[] query,
      float[][] rows,
      String where) {
    int length = rows[0].length;
    int rowBytes = length * type.bytes();
    byte[] heap = new byte[ROW_AT + ROWS * rowBytes];
    for (int row = 0; row < ROWS; row++) {
      type.encode(rows[row], length, heap, ROW_AT + row * rowBytes);
    }
    float[] expected = new float[ROWS + 2];
    float[] onHeap = new float[ROWS + 2];
    float[] mapped = new float[ROWS + 2];
    score(floats, metric, query, rows, expected);
    try (Arena arena = Arena.ofConfined()) {
      // At an odd place, and ending where the memory ends: nothing may be read beyond.
      MemorySegment memory = arena.allocate(heap.length, 1);
      MemorySegment.copy(heap, 0, memory, ValueLayout.JAVA_BYTE, 0, heap.length);
      score(narrow, metric, query, heap, memory, rowBytes, onHeap, mapped);
    }
    assertThat(onHeap).as("%s on the heap, %s", narrow.describe(), where).isEqualTo(expected);
    assertThat(mapped).as("%s mapped, %s", narrow.describe(), where).isEqualTo(expected);
  }

  private static void score(
      Kernels kernels, Metric metric, float[] query, float[][] rows, float[] out) {
    int length = rows[0].length;
    float[] a = rows[0];
    float[] b = rows[1];
    float[] c = rows[2];
    float[] d = rows[3];
    switch (metric) {
      case COSINE, DOT -> kernels.dot4(query, QUERY_AT, a, 0, b, 0, c, 0, d, 0, length, out, 1);
      case EUCLID -> kernels.euclid4(query, QUERY_AT, a, 0, b, 0, c, 0, d, 0, length, out, 1);
      case MANHATTAN -> kernels.manhattan4(query, QUERY_AT, a, 0, b, 0, c, 0, d, 0, length, out, 1);
    }
  }

  private static void score(
      NarrowKernels kernels,
      Metric metric,
      float[] query,
      byte[] heap,
      MemorySegment memory,
      int rowBytes,
      float[] onHeap,
      float[] mapped) {
    int length = query.length - QUERY_AT;
    int at = QUERY_AT;
    int a = ROW_AT;
    int b = a + rowBytes;
    int c = b + rowBytes;
    int d = c + rowBytes;
    switch (metric) {
      case COSINE, DOT -> {
        kernels.dot4(query, at, heap, a, heap, b, heap, c, heap, d, length, onHeap, 1);
        kernels.dot4(query, at, memory, a, b, c, d, length, mapped, 1);
      }
      case EUCLID -> {
        kernels.euclid4(query, at, heap, a, heap, b, heap, c, heap, d, length, onHeap, 1);
        kernels.euclid4(query, at, memory, a, b, c, d, length, mapped, 1);
      }
      case MANHATTAN -> {
        kernels.manhattan4(query, at, heap, a, heap, b, heap, c, heap, d, length, onHeap, 1);
        kernels.manhattan4(query, at, memory, a, b, c, d, length, mapped, 1);
      }
    }
  }

  /** Of halves the finite ones: there are no others in rows. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "UINT8"})
  void everyNumberBecomesItsFloat(ElementType type) {
    float[] numbers = new float[type == ElementType.FLOAT16 ? 2 * 0x7c00 : 256];
    for (int i = 0; i < numbers.length; i++) {
      int sign = i < 0x7c00 ? 0 : 0x8000 - 0x7c00;
      numbers[i] = type == ElementType.FLOAT16 ? Float.float16ToFloat((short) (i + sign)) : i;
    }
    byte[] bytes = new byte[numbers.length * type.bytes()];
    type.encode(numbers, numbers.length, bytes, 0);
    float[] read = new float[numbers.length];
    type.decode(bytes, 0, read, read.length);
    assertThat(read).isEqualTo(numbers);
    for (NarrowKernels kernels : List.of(simd(type), new ScalarNarrowKernels(type))) {
      for (int count : new int[] {numbers.length, 7, 100, 0}) {
        float[] expected = new float[numbers.length];
        System.arraycopy(numbers, 0, expected, 0, count);
        float[] heap = new float[numbers.length];
        kernels.widen(bytes, 0, heap, 0, count);
        assertThat(heap).as("%s %d", kernels.describe(), count).isEqualTo(expected);
        float[] mapped = new float[numbers.length];
        kernels.widen(MemorySegment.ofArray(bytes), 0, mapped, 0, count);
        assertThat(mapped).as("%s mapped %d", kernels.describe(), count).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatATypeCannotSayIsRefused() {
    byte[] out = new byte[8];
    for (float number : new float[] {0.1f, 65_520, 2_049, Float.NaN}) {
      assertThatThrownBy(() -> ElementType.FLOAT16.encode(new float[] {number}, 1, out, 0))
          .as("%s", number)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (float number : new float[] {0.5f, -1, 256, Float.NaN}) {
      assertThatThrownBy(() -> ElementType.UINT8.encode(new float[] {number}, 1, out, 0))
          .as("%s", number)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ElementType.ofCode(3)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void typesAreFoundByTheirCodes(ElementType type) {
    assertThat(ElementType.ofCode(type.code())).isEqualTo(type);
  }
}
