package dev.eddy.model.query;

import dev.eddy.model.error.EddyException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A write's receipt and a read's minimum: per shard, an offset that must have been applied. Opaque
 * to clients, valid on every node. Travels in the {@code Eddy-Token} header.
 */
public record ReadToken(UUID collectionId, int generation, SortedMap<Integer, Long> offsets) {
  private static final byte FORMAT = 1;

  public ReadToken {
    offsets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
  }

  /**
   * The text form: base64url of format, collection, generation, count and (shard, offset) pairs.
   */
  public String encode() {
    ByteBuffer buffer = ByteBuffer.allocate(1 + 16 + 4 + 4 + offsets.size() * 12);
    buffer.put(FORMAT);
    buffer.putLong(collectionId.getMostSignificantBits());
    buffer.putLong(collectionId.getLeastSignificantBits());
    buffer.putInt(generation).putInt(offsets.size());
    for (Map.Entry<Integer, Long> entry : offsets.entrySet()) {
      buffer.putInt(entry.getKey()).putLong(entry.getValue());
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  /**
   * Reads the text form.
   *
   * @throws EddyException "Bad request" when it is no token
   */
  public static ReadToken decode(String text) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (buffer.get() != FORMAT) {
        throw invalid();
      }
      UUID collection = new UUID(buffer.getLong(), buffer.getLong());
      int generation = buffer.getInt();
      int count = buffer.getInt();
      if (count < 0 || buffer.remaining() != count * 12L) {
        throw invalid();
      }
      TreeMap<Integer, Long> offsets = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        offsets.put(buffer.getInt(), buffer.getLong());
      }
      return new ReadToken(collection, generation, offsets);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw invalid();
    }
  }

  private static EddyException invalid() {
    return EddyException.badRequest("Eddy-Token is not a token of this server");
  }
}
