package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The plain Java twin of {@link PanamaFloat16Kernels} and {@link PanamaUint8Kernels}, as {@link
 * ScalarKernels} is of the others.
 *
 * @param type of the rows, not that of floats
 */
record ScalarNarrowKernels(ElementType type) implements NarrowKernels {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  public ScalarNarrowKernels {
    if (type.isFloat32()) {
      throw new IllegalArgumentException("rows of floats are not narrow");
    }
  }

  @Override
  public String describe() {
    return "scalar";
  }

  static float half(byte[] rows, int at) {
    return Float.float16ToFloat((short) SHORTS.get(rows, at));
  }

  static float half(MemorySegment rows, long at) {
    return Float.float16ToFloat(rows.get(SHORT, at));
  }

  private float number(byte[] row, int rowAt, int i) {
    return type == ElementType.FLOAT16
        ? half(row, rowAt + Short.BYTES * i)
        : Byte.toUnsignedInt(row[rowAt + i]);
  }

  private float number(MemorySegment rows, long row, int i) {
    return type == ElementType.FLOAT16
        ? half(rows, row + (long) Short.BYTES * i)
        : Byte.toUnsignedInt(rows.get(ValueLayout.JAVA_BYTE, row + i));
  }

  @Override
  public void dot4(
      float[] q,
      int qAt,
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
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
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
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
      byte[] a,
      int aAt,
      byte[] b,
      int bAt,
      byte[] c,
      int cAt,
      byte[] d,
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

  private float dot(float[] q, int qAt, byte[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += q[qAt + i] * number(row, rowAt, i);
    }
    return sum;
  }

  private float dot(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += q[qAt + i] * number(rows, row, i);
    }
    return sum;
  }

  private float euclid(float[] q, int qAt, byte[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      float difference = q[qAt + i] - number(row, rowAt, i);
      sum += difference * difference;
    }
    return -sum;
  }

  private float euclid(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      float difference = q[qAt + i] - number(rows, row, i);
      sum += difference * difference;
    }
    return -sum;
  }

  private float manhattan(float[] q, int qAt, byte[] row, int rowAt, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += Math.abs(q[qAt + i] - number(row, rowAt, i));
    }
    return -sum;
  }

  private float manhattan(float[] q, int qAt, MemorySegment rows, long row, int length) {
    float sum = 0f;
    for (int i = 0; i < length; i++) {
      sum += Math.abs(q[qAt + i] - number(rows, row, i));
    }
    return -sum;
  }

  @Override
  public void widen(byte[] rows, int at, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = number(rows, at, i);
    }
  }

  @Override
  public void widen(MemorySegment rows, long at, float[] out, int outAt, int count) {
    for (int i = 0; i < count; i++) {
      out[outAt + i] = number(rows, at, i);
    }
  }
}
