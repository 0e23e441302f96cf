package dev.eddy.engine.shard;

import dev.eddy.engine.points.StoreResources;
import dev.eddy.engine.segment.BuildPool;

/**
 * What all shards of a node share: threads that link and merge, the block cache and the bound on
 * write buffers. Close it after the last shard. Thread-safe.
 */
public final class EngineResources implements AutoCloseable {
  private static final long MIB = 1L << 20;

  private final BuildPool buildPool;
  private final StoreResources store;

  /**
   * @param buildThreads threads that link and merge, at least 1
   * @param blockCacheBytes for payloads' blocks, write buffers included
   * @param writeBufferBytes of payloads not flushed yet, over all shards; at most the cache's
   */
  public EngineResources(int buildThreads, long blockCacheBytes, long writeBufferBytes) {
    this.buildPool = new BuildPool(buildThreads);
    this.store = new StoreResources(blockCacheBytes, writeBufferBytes);
  }

  /** As many build threads as cores, 256 MiB of cache, of which 128 for write buffers. */
  public static EngineResources ofDefaults() {
    return new EngineResources(Runtime.getRuntime().availableProcessors(), 256 * MIB, 128 * MIB);
  }

  BuildPool buildPool() {
    return buildPool;
  }

  StoreResources store() {
    return store;
  }

  @Override
  public void close() {
    buildPool.close();
    store.close();
  }
}
