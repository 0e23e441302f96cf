package dev.eddy.index;

import dev.eddy.engine.shard.ShardSettings;

/**
 * What all shards of a node share of the machine.
 *
 * @param buildThreads threads that link and merge
 * @param blockCacheBytes for payload blocks, write buffers included
 * @param writeBufferBytes for payloads not flushed yet
 * @param fusedBytes of heap for fused codes, the speed form of graphs; beyond it the plain form
 * @param heldBytes of heap that shards may hold, fused codes included; near it writes that add data
 *     are refused
 */
public record EngineSettings(
    int buildThreads,
    long blockCacheBytes,
    long writeBufferBytes,
    long fusedBytes,
    long heldBytes,
    ShardSettings shard) {
  private static final long MIB = 1 << 20;

  /** The part of the heap that speed may cost: rows and links need the most of it. */
  private static final int FUSED_HEAP_DIVISOR = 3;

  /** Defaults for a machine with so many processors and a process with so much heap. */
  public static EngineSettings defaults(int processors, long heapBytes) {
    return new EngineSettings(
        processors,
        256 * MIB,
        128 * MIB,
        heapBytes / FUSED_HEAP_DIVISOR,
        heldBytes(heapBytes),
        ShardSettings.DEFAULT);
  }

  /**
   * What shards may hold of a heap where nothing is said: three fifths. The rest is for what the
   * collector rounds large arrays up to, a quarter more, for requests and answers, for arrays while
   * they grow, and for what is applied until a refusal takes effect.
   */
  public static long heldBytes(long heapBytes) {
    return heapBytes / 5 * 3;
  }
}
