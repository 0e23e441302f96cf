package dev.eddy.engine.points;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * What all point stores of a node share: options, one block cache and one bound on write buffers.
 * Close it after the last store. Thread-safe.
 */
public final class StoreResources implements AutoCloseable {
  /**
   * A store takes two of these with its first change, and they count as write buffers, of which
   * there may be for thousands of stores.
   */
  private static final long ARENA_BLOCK_BYTES = 16L << 10;

  static {
    RocksDB.loadLibrary();
  }

  private final Cache blockCache;
  private final WriteBufferManager writeBuffers;
  private final BloomFilter bloom = new BloomFilter(10, false);
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final DBOptions options;
  private final ColumnFamilyOptions familyOptions;

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
    this.options = options(writeBuffers);
    this.familyOptions = familyOptions(blockCache, bloom);
  }

  private static DBOptions options(WriteBufferManager writeBuffers) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setWriteBufferManager(writeBuffers)
        .setAtomicFlush(true)
        .setAllowConcurrentMemtableWrite(false)
        .setEnableWriteThreadAdaptiveYield(false)
        .setMaxBackgroundJobs(2)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setSkipStatsUpdateOnDbOpen(true)
        .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
        .setKeepLogFileNum(1)
        .setMaxFileOpeningThreads(1) // More are made anew for each store, whatever it has.
        .setTableCacheNumshardbits(0) // All tables stay open: the cache is hardly asked.
        .setAvoidFlushDuringShutdown(true)
        .setParanoidChecks(true);
  }

  private static ColumnFamilyOptions familyOptions(Cache blockCache, BloomFilter bloom) {
    return new ColumnFamilyOptions()
        .setWriteBufferSize(32L << 20)
        .setArenaBlockSize(ARENA_BLOCK_BYTES)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(blockCache)
                .setBlockSize(8L << 10)
                .setFilterPolicy(bloom)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true));
  }

  /** Bytes in use of the block cache, write buffers included. */
  public long blockCacheBytes() {
    return blockCache.getUsage();
  }

  DBOptions options() {
    return options;
  }

  ColumnFamilyOptions familyOptions() {
    return familyOptions;
  }

  WriteOptions writeOptions() {
    return writeOptions;
  }

  @Override
  public void close() {
    familyOptions.close();
    options.close();
    writeOptions.close();
    bloom.close();
    writeBuffers.close();
    blockCache.close();
  }
}
