package dev.eddy.proto.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * Arrays and UUIDs as bytes: float32 and int32 little endian, a UUID as 16 bytes, most significant
 * first.
 */
public final class Bytes {
  private static final int UUID_BYTES = 16;

  private Bytes() {}

  public static ByteString ofFloats(float[] values) {
    ByteBuffer buffer = allocate(values.length);
    buffer.asFloatBuffer().put(values);
    return UnsafeByteOperations.unsafeWrap(buffer);
  }

  /**
   * The floats that the bytes hold.
   *
   * @throws IllegalArgumentException when they are not whole floats
   */
  public static float[] floats(ByteString bytes) {
    float[] values = new float[elements(bytes.size())];
    buffer(bytes).asFloatBuffer().get(values);
    return values;
  }

  static ByteString ofInts(int[] values) {
    ByteBuffer buffer = allocate(values.length);
    buffer.asIntBuffer().put(values);
    return UnsafeByteOperations.unsafeWrap(buffer);
  }

  static int[] ints(ByteString bytes) {
    int[] values = new int[elements(bytes.size())];
    buffer(bytes).asIntBuffer().get(values);
    return values;
  }

  public static ByteString ofUuid(UUID uuid) {
    byte[] bytes = new byte[UUID_BYTES];
    ByteBuffer.wrap(bytes)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits());
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /**
   * The UUID that the bytes hold.
   *
   * @throws IllegalArgumentException when they are not 16
   */
  public static UUID uuid(ByteString bytes) {
    if (bytes.size() != UUID_BYTES) {
      throw new IllegalArgumentException("a uuid has 16 bytes, got " + bytes.size());
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  /** How many 4-byte elements so many bytes hold. */
  static int elements(int length) {
    if (length % Float.BYTES != 0) {
      throw new IllegalArgumentException("%d bytes are no whole float32 values".formatted(length));
    }
    return length / Float.BYTES;
  }

  private static ByteBuffer allocate(int elements) {
    return ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer buffer(ByteString bytes) {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
