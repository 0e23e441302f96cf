package dev.eddy.standalone.role;

import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.limit.Limits;
import java.nio.file.Path;

/**
 * What a process is told.
 *
 * @param data its folder
 * @param cluster prefix of topics, groups and transactional ids
 * @param host address to bind
 * @param advertised name under which others reach this machine
 * @param memoryBytes what the whole process may use
 * @param shardMemoryBytes of heap that shards may hold; 0 = a part of the heap
 * @param unlinkedBytes of vectors that may wait for links beside searches; 0 = as usual
 * @param limits of what clients ask
 * @param isUsageTold whether answers say what their requests used
 */
public record ProcessSettings(
    Path data,
    String cluster,
    String host,
    String advertised,
    long memoryBytes,
    long shardMemoryBytes,
    long unlinkedBytes,
    Limits limits,
    boolean isUsageTold) {

  /** Of a process whose answers don't say what their requests used, with no word on its shards. */
  public ProcessSettings(
      Path data, String cluster, String host, String advertised, long memoryBytes, Limits limits) {
    this(data, cluster, host, advertised, memoryBytes, 0, 0, limits, false);
  }

  /** The same with another word on usage. */
  public ProcessSettings tellingUsage(boolean isTold) {
    return new ProcessSettings(
        data,
        cluster,
        host,
        advertised,
        memoryBytes,
        shardMemoryBytes,
        unlinkedBytes,
        limits,
        isTold);
  }

  /** The same with other heap for shards; 0 = a part of the heap. */
  public ProcessSettings withShardMemory(long bytes) {
    return new ProcessSettings(
        data, cluster, host, advertised, memoryBytes, bytes, unlinkedBytes, limits, isUsageTold);
  }

  /** The same with other bytes of vectors that may wait for links; 0 = as usual. */
  public ProcessSettings withUnlinkedMemory(long bytes) {
    return new ProcessSettings(
        data, cluster, host, advertised, memoryBytes, shardMemoryBytes, bytes, limits, isUsageTold);
  }

  /** How shards are kept, which is so where nothing was said. */
  ShardSettings shards(ShardSettings byDefault) {
    return unlinkedBytes == 0 ? byDefault : byDefault.withMaxUnlinkedBytes(unlinkedBytes);
  }

  /** Bytes of heap that shards may hold; these where nothing was said. */
  long shardMemoryOr(long byDefault) {
    return shardMemoryBytes == 0 ? byDefault : shardMemoryBytes;
  }
}
