package dev.eddy.engine.points;

import dev.eddy.model.point.PointId;
import java.util.HexFormat;

/**
 * A hash of a multiset of points that does not depend on their order: two sums modulo 2^64 over two
 * independent hashes of (id, version, payload, vectors). Owned by the writer.
 */
public final class ContentHash {
  private long first;
  private long second;

  public ContentHash(long first, long second) {
    this.first = first;
    this.second = second;
  }

  public void add(PointId id, long version, long payloadHash, long vectorsHash) {
    first += PointHash.point(0, id, version, payloadHash, vectorsHash);
    second += PointHash.point(1, id, version, payloadHash, vectorsHash);
  }

  public void remove(PointId id, long version, long payloadHash, long vectorsHash) {
    first -= PointHash.point(0, id, version, payloadHash, vectorsHash);
    second -= PointHash.point(1, id, version, payloadHash, vectorsHash);
  }

  public long first() {
    return first;
  }

  public long second() {
    return second;
  }

  /** 32 hexadecimal digits. */
  public String hex() {
    return hex(first, second);
  }

  public static String hex(long first, long second) {
    HexFormat digits = HexFormat.of();
    return digits.toHexDigits(first) + digits.toHexDigits(second);
  }
}
