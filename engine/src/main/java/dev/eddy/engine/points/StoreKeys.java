package dev.eddy.engine.points;

import dev.eddy.model.point.PointId;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Keys of the point store, format 1, big endian, so that the order of bytes is the order of slots
 * and of ids.
 *
 * <pre>
 *   slot    int32
 *   number  0 int8, unsigned int64
 *   uuid    1 int8, 16 bytes
 * </pre>
 */
final class StoreKeys {
  private static final byte NUMBER = 0;
  private static final byte UUID_KIND = 1;
  private static final int NUMBER_BYTES = 9;
  private static final int UUID_BYTES = 17;

  private StoreKeys() {}

  static byte[] ofSlot(int slot) {
    return new byte[] {
      (byte) (slot >>> 24), (byte) (slot >>> 16), (byte) (slot >>> 8), (byte) slot
    };
  }

  static int slot(byte[] key) {
    return ByteBuffer.wrap(key).getInt();
  }

  static byte[] ofId(PointId id) {
    return switch (id) {
      case PointId.Num num ->
          ByteBuffer.allocate(NUMBER_BYTES).put(NUMBER).putLong(num.bits()).array();
      case PointId.Uuid(UUID uuid) ->
          ByteBuffer.allocate(UUID_BYTES)
              .put(UUID_KIND)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array();
    };
  }

  static PointId id(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key);
    return buffer.get() == NUMBER
        ? PointId.of(buffer.getLong())
        : PointId.of(new UUID(buffer.getLong(), buffer.getLong()));
  }
}
