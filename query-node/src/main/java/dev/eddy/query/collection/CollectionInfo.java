package dev.eddy.query.collection;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.shard.StorageBytes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A collection as it is now, summed over its shards.
 *
 * @param name its own name, also when asked by an alias
 * @param optimizerError null = ok
 * @param warnings what the operator should know; mostly empty
 * @param segments at least 1
 * @param updateQueueLength records in the log that are not applied yet, seen by the replicas that
 *     answered
 * @param storage what the points take, over all shards
 * @param fieldPoints points that have a value of each declared field
 */
public record CollectionInfo(
    String name,
    UUID collectionId,
    int generation,
    Status status,
    @Nullable String optimizerError,
    List<String> warnings,
    long points,
    long indexedVectors,
    long segments,
    CollectionSpec spec,
    long updateQueueLength,
    StorageBytes storage,
    Map<String, Long> fieldPoints) {

  /** The contract's four colours. */
  public enum Status {
    /** Everything is indexed. */
    GREEN,
    /** Indexing goes on. */
    YELLOW,
    /** Restarted with work pending. */
    GREY,
    /** A shard has failed. */
    RED
  }

  public CollectionInfo {
    warnings = List.copyOf(warnings);
    fieldPoints = Map.copyOf(fieldPoints);
  }
}
