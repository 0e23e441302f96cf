package dev.eddy.engine.filter;

import dev.eddy.model.point.PointId;
import java.util.UUID;

/** SipHash-2-4 (Aumasson and Bernstein, 2012) with a zero key, of point ids. */
final class SipHash {
  private SipHash() {}

  /** Of a number's 8 bytes little endian, or a UUID's 16 bytes. */
  static long of(PointId id) {
    return switch (id) {
      case PointId.Num num -> of(8, num.bits(), 0);
      case PointId.Uuid(UUID uuid) ->
          of(
              16,
              Long.reverseBytes(uuid.getMostSignificantBits()),
              Long.reverseBytes(uuid.getLeastSignificantBits()));
    };
  }

  private static long of(int length, long first, long second) {
    return of(0, 0, length, first, second);
  }

  /** Of 8 or 16 bytes as little endian words, with a key. */
  static long of(long key0, long key1, int length, long first, long second) {
    long[] v = {
      0x736f6d6570736575L ^ key0,
      0x646f72616e646f6dL ^ key1,
      0x6c7967656e657261L ^ key0,
      0x7465646279746573L ^ key1
    };
    compress(v, first);
    if (length == 16) {
      compress(v, second);
    }
    compress(v, (long) length << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void compress(long[] v, long word) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
  }

  private static void round(long[] v) {
    v[0] += v[1];
    v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
    v[0] = Long.rotateLeft(v[0], 32);
    v[2] += v[3];
    v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
    v[2] = Long.rotateLeft(v[2], 32);
  }
}
