package dev.eddy.query.service;

import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionMemory;
import dev.eddy.query.collection.CollectionSearches;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.metrics.ResponseCount;
import dev.eddy.query.quota.QuotaExceeded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of itself: the more, the higher the level.
 *
 * @param options what was asked for
 * @param id of the process
 * @param started when the process did
 * @param collections none below {@link #LEVEL_COLLECTIONS}
 * @param memory told from {@link #LEVEL_COLLECTIONS} on
 * @param shardMemory what the node's shards hold; null when it hosts none or has not said yet
 */
public record Telemetry(
    TelemetryOptions options,
    UUID id,
    Instant started,
    int collectionCount,
    List<Collection> collections,
    List<ResponseCount> responses,
    Memory memory,
    @Nullable MemoryReport shardMemory,
    QuotaConfig quotas,
    QuotaExceeded exceeded) {
  /** From here on memory, threads and the state of each collection are told. */
  public static final int LEVEL_COLLECTIONS = 1;

  /** From here on the configuration of each collection is told, and not its state. */
  public static final int LEVEL_CONFIG = 2;

  /** From here on the shards of each collection are told. */
  public static final int LEVEL_SHARDS = 3;

  /**
   * One collection.
   *
   * @param id its name, or what stands for it
   * @param placement null below {@link #LEVEL_SHARDS}
   * @param memory of one replica of each shard; null below {@link #LEVEL_SHARDS}
   * @param searches of one replica of each shard; null below {@link #LEVEL_SHARDS}
   */
  public record Collection(
      String id,
      CollectionInfo info,
      @Nullable CollectionShards placement,
      @Nullable CollectionMemory memory,
      @Nullable CollectionSearches searches) {

    public Optional<CollectionShards> shards() {
      return Optional.ofNullable(placement);
    }
  }

  /**
   * In bytes, but for the processors.
   *
   * @param used of the heap
   * @param retained of the heap, had and not used
   * @param resident of the process; of the heap where the system does not tell
   */
  public record Memory(long used, long retained, long resident, int processors) {}

  public Telemetry {
    collections = List.copyOf(collections);
    responses = List.copyOf(responses);
  }

  /** Whether the states of collections and of the process are told. */
  public boolean isDetailed() {
    return options.level() >= LEVEL_COLLECTIONS;
  }

  /** Whether configurations of collections are told. */
  public boolean hasConfigs() {
    return options.level() >= LEVEL_CONFIG;
  }
}
