package dev.eddy.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How each number of a stored row is laid out, little endian. Numbers go in and come back as
 * floats, the same ones: a row holds only numbers that its type can say.
 */
public enum ElementType {
  FLOAT32(0, Float.BYTES),
  /** IEEE 754 half precision; finite. */
  FLOAT16(1, Short.BYTES),
  /** Whole numbers from 0 to 255. */
  UINT8(2, Byte.BYTES);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The number of this type in stored files; never changes. */
  public int code() {
    return code;
  }

  /** Bytes per number. */
  public int bytes() {
    return bytes;
  }

  /** Whether rows are those of floats, which are compared as they are. */
  public boolean isFloat32() {
    return this == FLOAT32;
  }

  /**
   * The type with this stored number.
   *
   * @throws IllegalArgumentException for an unknown number
   */
  public static ElementType ofCode(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown element type code " + code);
  }

  /**
   * Writes the first {@code count} numbers to {@code out[at ..)}.
   *
   * @throws IllegalArgumentException when the type can't say a number exactly
   */
  public void encode(float[] values, int count, byte[] out, int at) {
    encode(values, 0, count, out, at);
  }

  /**
   * Writes {@code count} numbers from one on to {@code out[at ..)}.
   *
   * @throws IllegalArgumentException when the type can't say a number exactly
   */
  public void encode(float[] values, int from, int count, byte[] out, int at) {
    switch (this) {
      case FLOAT32 ->
          MemorySegment.copy(values, from, MemorySegment.ofArray(out), FLOAT, at, count);
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          short half = Float.floatToFloat16(values[from + i]);
          checkSame(values[from + i], Float.float16ToFloat(half));
          SHORT.set(out, at + Short.BYTES * i, half);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          byte whole = (byte) (int) values[from + i];
          checkSame(values[from + i], Byte.toUnsignedInt(whole));
          out[at + i] = whole;
        }
      }
    }
  }

  private void checkSame(float given, float kept) {
    if (given != kept) {
      throw new IllegalArgumentException("%s can't say %s".formatted(this, given));
    }
  }

  /** Reads {@code count} numbers from {@code bytes[at ..)}. */
  public void decode(byte[] bytes, int at, float[] out, int count) {
    decode(bytes, at, out, 0, count);
  }

  /** Reads {@code count} numbers from {@code bytes[at ..)} to {@code out[to ..)}. */
  public void decode(byte[] bytes, int at, float[] out, int to, int count) {
    switch (this) {
      case FLOAT32 -> MemorySegment.copy(MemorySegment.ofArray(bytes), FLOAT, at, out, to, count);
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          out[to + i] = Float.float16ToFloat((short) SHORT.get(bytes, at + Short.BYTES * i));
        }
      }
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          out[to + i] = Byte.toUnsignedInt(bytes[at + i]);
        }
      }
    }
  }
}
