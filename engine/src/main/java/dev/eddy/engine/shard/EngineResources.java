package dev.eddy.engine.shard;

import dev.eddy.engine.points.StoreResources;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.MemoryBudget;

/**
 * What all shards of a node share: threads that link and merge, the block cache and the bound on
 * write buffers. Close it after the last shard. Thread-safe.
 */
public final class EngineResources implements AutoCloseable {
  private static final long MIB = 1L << 20;

  private final BuildPool buildPool;
  private final StoreResources store;
  private final FusedPolicy fused;
  private final MemoryBudget memory;

  /** Without fused codes, and with memory that is never short. */
  public EngineResources(int buildThreads, long blockCacheBytes, long writeBufferBytes) {
    this(buildThreads, blockCacheBytes, writeBufferBytes, 0, MemoryBudget.unlimited());
  }

  /**
   * @param buildThreads threads that link and merge, at least 1
   * @param blockCacheBytes for payloads' blocks, write buffers included
   * @param writeBufferBytes of payloads not flushed yet, over all shards; at most the cache's
   * @param fusedBytes of heap for fused codes, over all shards; 0 = none
   * @param memory the heap that shards may hold, fused codes included
   */
  public EngineResources(
      int buildThreads,
      long blockCacheBytes,
      long writeBufferBytes,
      long fusedBytes,
      MemoryBudget memory) {
    this(
        buildThreads,
        blockCacheBytes,
        writeBufferBytes,
        FusedPolicy.within(fusedBytes, memory),
        memory);
  }

  /** With any policy, so that tests need fewer rows for fused codes. */
  EngineResources(
      int buildThreads,
      long blockCacheBytes,
      long writeBufferBytes,
      FusedPolicy fused,
      MemoryBudget memory) {
    this.memory = memory;
    this.fused = fused;
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

  FusedPolicy fused() {
    return fused;
  }

  MemoryBudget memory() {
    return memory;
  }

  /** Native memory of payloads that all shards share: blocks that were read, and write buffers. */
  public long blockCacheBytes() {
    return store.blockCacheBytes();
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
