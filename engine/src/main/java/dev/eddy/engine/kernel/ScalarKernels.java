package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The plain Java twin of {@link PanamaKernels}: what runs where the Vector API is missing, and what
 * the SIMD forms are tested against.
 */
public final class ScalarKernels implements Kernels {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int FLOAT_BYTES = Float.BYTES;

  @Override
  public int rowMultiple() {
    return 8;
  }

  @Override
  public String describe() {
    return "scalar";
  }

  @Override
  public void dot4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    out[outAt] = dot(q, qAt, a, aAt, length);
    out[outAt + 1] = dot(q, qAt, b, bAt, length);
    out[outAt + 2] = dot(q, qAt, c, cAt, length);
    out[outAt + 3] = dot(q, qAt, d, dAt, length);
  }

  @Override
  public void euclid4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    out[outAt] = euclid(q, qAt, a, aAt, length);
    out[outAt + 1] = euclid(q, qAt, b, bAt, length);
    out[outAt + 2] = euclid(q, qAt, c, cAt, length);
    out[outAt + 3] = euclid(q, qAt, d, dAt, length);
  }

  @Override
  public void manhattan4(
      float[] q,
      int qAt,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      float[] d,
      int dAt,
      int length,
      float[] out,
      int outAt) {
    out[outAt] = manhattan(q, qAt, a, aAt, length);
    out[outAt + 1] = manhattan(q, qAt, b, bAt, length);
    out[outAt + 2] = manhattan(q, qAt, c, cAt, length);
    out[outAt + 3] = manhattan(q, qAt, d, dAt, length);
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
    out[outAt] = dot(q, qAt, rows, a, length);
    out[outAt + 1] = dot(q, qAt, rows, b, length);
    out[outAt + 2] = dot(q, qAt, rows, c, length);
    out[outAt + 3] = dot(q, qAt, rows, d, length);
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
    out[outAt] = euclid(q, qAt, rows, a, length);
    out[outAt + 1] = euclid(q, qAt, rows, b, length);
    out[outAt + 2] = euclid(q, qAt, rows, c, length);
    out[outAt + 3] = euclid(q, qAt, rows, d, length);
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
    out[outAt] = manhattan(q, qAt, rows, a, length);
    out[outAt + 1] = manhattan(q, qAt, rows, b, length);
    out[outAt + 2] = manhattan(q, qAt, rows, c, length);
    out[outAt + 3] = manhattan(q, qAt, rows, d, length);
  }

  private static float dot(float[] q, int qAt, float[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += q[qAt + i] * row[rowAt + i];
    }
    return sum;
  }

  private static float dot(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += q[qAt + i] * rows.get(FLOAT, row + (long) i * FLOAT_BYTES);
    }
    return sum;
  }

  private static float euclid(float[] q, int qAt, float[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      float difference = q[qAt + i] - row[rowAt + i];
      sum += difference * difference;
    }
    return -sum;
  }

  private static float euclid(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      float difference = q[qAt + i] - rows.get(FLOAT, row + (long) i * FLOAT_BYTES);
      sum += difference * difference;
    }
    return -sum;
  }

  private static float manhattan(float[] q, int qAt, float[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += Math.abs(q[qAt + i] - row[rowAt + i]);
    }
    return -sum;
  }

  private static float manhattan(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += Math.abs(q[qAt + i] - rows.get(FLOAT, row + (long) i * FLOAT_BYTES));
    }
    return -sum;
  }
}
