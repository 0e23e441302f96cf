package dev.eddy.model.collection;

import dev.eddy.model.point.PointId;

/**
 * Which shard a point belongs to. Frozen: a stored log depends on it, and a golden test pins it.
 *
 * <p>The id is mixed by the finaliser of splitmix64 (Steele, Lea, Flood 2014) and scaled to the
 * number of shards by a widening multiplication (Lemire 2019).
 */
public final class ShardRouter {
  private ShardRouter() {}

  /**
   * The shard of a point.
   *
   * @param shardCount at least 1
   * @return a number in {@code [0, shardCount)}
   */
  public static int shardOf(PointId id, int shardCount) {
    long hash =
        switch (id) {
          case PointId.Num number -> mix(number.bits());
          case PointId.Uuid uuid ->
              mix(
                  mix(uuid.value().getMostSignificantBits())
                      ^ uuid.value().getLeastSignificantBits());
        };
    return (int) Math.unsignedMultiplyHigh(hash, shardCount);
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
