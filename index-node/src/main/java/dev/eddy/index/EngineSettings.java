package dev.eddy.index;

import dev.eddy.engine.shard.ShardSettings;

/**
 * What all shards of a node share of the machine.
 *
 * @param buildThreads threads that link and merge
 * @param blockCacheBytes for payload blocks, write buffers included
 * @param writeBufferBytes for payloads not flushed yet
 */
public record EngineSettings(
    int buildThreads, long blockCacheBytes, long writeBufferBytes, ShardSettings shard) {
  private static final long MIB = 1 << 20;

  /** Defaults for a machine with so many processors. */
  public static EngineSettings defaults(int processors) {
    return new EngineSettings(processors, 256 * MIB, 128 * MIB, ShardSettings.DEFAULT);
  }
}
