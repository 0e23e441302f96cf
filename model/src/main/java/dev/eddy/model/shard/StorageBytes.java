package dev.eddy.model.shard;

/**
 * What points take where they are stored, without replicas and indexes.
 *
 * @param vectors bytes of the numbers of all vectors
 * @param payloads bytes of all payloads, an estimate
 */
public record StorageBytes(long vectors, long payloads) {
  public static final StorageBytes NONE = new StorageBytes(0, 0);

  /** Both together. */
  public StorageBytes plus(StorageBytes other) {
    return new StorageBytes(vectors + other.vectors, payloads + other.payloads);
  }
}
