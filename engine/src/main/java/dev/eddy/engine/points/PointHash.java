package dev.eddy.engine.points;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Hashes of the parts of a point. Frozen: replicas compare the sums. Finds accidents, not
 * adversaries.
 */
public final class PointHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long K0 = 0x9E3779B97F4A7C15L;
  private static final long K1 = 0xC2B2AE3D27D4EB4FL;
  private static final long K2 = 0xD6E8FEB86659FD93L;

  /** The hash of a payload that is empty. */
  public static final long EMPTY_PAYLOAD = payload(Payload.EMPTY.json());

  private PointHash() {}

  /** Bijective mixing of 64 bits (the finalizer "moremur" of P. Evensen, 2019). */
  public static long mix(long value) {
    long x = value;
    x = (x ^ (x >>> 27)) * 0x3C79AC492BA7B653L;
    x = (x ^ (x >>> 33)) * 0x1C69B3F74AC4AE35L;
    return x ^ (x >>> 27);
  }

  /** The hash of a payload's stored text. */
  public static long payload(byte[] json) {
    long hash = K0 ^ json.length;
    int at = 0;
    for (; at + 8 <= json.length; at += 8) {
      hash = step(hash, (long) LONG.get(json, at));
    }
    long rest = 0;
    for (int shift = 0; at < json.length; at++, shift += 8) {
      rest |= (json[at] & 0xffL) << shift;
    }
    return mix(step(hash, rest));
  }

  /** The hash of a vector's name, to begin {@link #vector} with. */
  public static long name(String name) {
    return payload(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The hash of one named vector as it is stored. A point's vectors are the sum over its names.
   *
   * @param nameHash of {@link #name}
   */
  public static long vector(long nameHash, float[] values) {
    long hash = nameHash ^ (K2 * values.length);
    int at = 0;
    for (; at + 2 <= values.length; at += 2) {
      hash = step(hash, pair(values[at], values[at + 1]));
    }
    if (at < values.length) {
      hash = step(hash, pair(values[at], 0f));
    }
    return mix(hash);
  }

  /**
   * The hash of one named sparse vector as it is stored, indices ascending.
   *
   * @param nameHash of {@link #name}
   */
  public static long sparse(long nameHash, int[] indices, float[] values) {
    long hash = nameHash ^ (K0 * (indices.length + 1L));
    for (int i = 0; i < indices.length; i++) {
      hash =
          step(
              hash,
              (indices[i] & 0xffff_ffffL) | ((long) Float.floatToRawIntBits(values[i]) << 32));
    }
    return mix(hash + K1);
  }

  /**
   * The hash of one named multivector as it is stored.
   *
   * @param nameHash of {@link #name}
   * @param values of all rows, one behind the other
   */
  public static long multi(long nameHash, int rows, float[] values) {
    return vector(mix(nameHash + K0 * (rows + 1L)), values);
  }

  private static long pair(float low, float high) {
    return (Float.floatToRawIntBits(low) & 0xffff_ffffL)
        | ((long) Float.floatToRawIntBits(high) << 32);
  }

  private static long step(long hash, long word) {
    long product = (hash ^ word) * K1;
    return Long.rotateLeft(product ^ (product >>> 32), 27) + K0;
  }

  /** The first or second 64 bits of the hash of a whole point. */
  static long point(int lane, PointId id, long version, long payloadHash, long vectorsHash) {
    long hash = lane == 0 ? K1 : K2;
    switch (id) {
      case PointId.Num num -> hash = mix(hash ^ num.bits());
      case PointId.Uuid(UUID uuid) -> {
        hash = mix(hash + 1 ^ uuid.getMostSignificantBits());
        hash = mix(hash ^ uuid.getLeastSignificantBits());
      }
    }
    hash = mix(hash + K0 ^ version);
    hash = mix(hash + K0 ^ payloadHash);
    return mix(hash + K0 ^ vectorsHash);
  }
}
