package dev.eddy.engine.points;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * What all point stores of a node share: one block cache and one bound on write buffers. Close it
 * after the last store. Thread-safe.
 */
public final class StoreResources implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private final Cache blockCache;
  private final WriteBufferManager writeBuffers;

  /**
   * @param blockCacheBytes for blocks, indexes and filters, write buffers included
   * @param writeBufferBytes for data not flushed yet, over all stores; at most the cache's
   */
  public StoreResources(long blockCacheBytes, long writeBufferBytes) {
    if (writeBufferBytes < 1 || blockCacheBytes < writeBufferBytes) {
      throw new IllegalArgumentException(
          "block cache %d bytes must hold the write buffers' %d bytes"
              .formatted(blockCacheBytes, writeBufferBytes));
    }
    this.blockCache = new LRUCache(blockCacheBytes);
    this.writeBuffers = new WriteBufferManager(writeBufferBytes, blockCache);
  }

  /** Bytes in use of the block cache, write buffers included. */
  public long blockCacheBytes() {
    return blockCache.getUsage();
  }

  Cache blockCache() {
    return blockCache;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }

  @Override
  public void close() {
    writeBuffers.close();
    blockCache.close();
  }
}
