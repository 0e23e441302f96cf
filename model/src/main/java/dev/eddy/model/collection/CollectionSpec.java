package dev.eddy.model.collection;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.limit.Limit;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything a collection was asked to be, defaults filled in. Travels whole in Genesis and
 * configuration records, so that the meaning of every later record follows from the log alone.
 *
 * @param vectors by name in the order of names; the unnamed vector has the empty name
 * @param shardNumber log partitions, at least 1; fixed for a generation
 * @param writeConsistencyFactor stored and shown back, without effect: the log decides
 * @param readFanOutFactor stored and shown back, without effect; null = not given
 * @param readFanOutDelayMs stored and shown back, without effect; null = not given
 * @param payloadMemory {@code cold} or {@code cached} as the client gave it, or null
 * @param metadata the client's own object, or null
 * @param payloadIndexes the declared payload fields by their paths, in the order of their texts; of
 *     several spellings of one path the last in that order is there alone
 * @param strictMode limits, or null
 * @param sparseVectors by name in the order of names; no name is that of a dense vector, too
 * @param quantization of vectors that have none of their own, or null
 */
public record CollectionSpec(
    Map<String, VectorParams> vectors,
    int shardNumber,
    int replicationFactor,
    int writeConsistencyFactor,
    @Nullable Integer readFanOutFactor,
    @Nullable Long readFanOutDelayMs,
    boolean onDiskPayload,
    @Nullable String payloadMemory,
    HnswConfig hnsw,
    OptimizersConfig optimizers,
    WalConfig wal,
    @Nullable JsonObject metadata,
    Map<String, FieldIndex> payloadIndexes,
    @Nullable StrictMode strictMode,
    Map<String, SparseVectorParams> sparseVectors,
    @Nullable Quantization quantization) {
  /** Shards that can be asked for: each is a partition of the log and a writer of its node. */
  public static final int SHARDS_MAX = (int) Limit.SHARDS.standard();

  public CollectionSpec {
    vectors = Collections.unmodifiableMap(new TreeMap<>(vectors));
    sparseVectors = Collections.unmodifiableMap(new TreeMap<>(sparseVectors));
    payloadIndexes = Collections.unmodifiableMap(oneEach(new TreeMap<>(payloadIndexes)));
    if (shardNumber < 1 || replicationFactor < 1 || writeConsistencyFactor < 1) {
      throw new IllegalArgumentException(
          "shard, replication and consistency numbers are at least 1");
    }
  }

  /**
   * Leaves each path one declaration: logs of early builds have fields that were declared twice, in
   * two spellings, and filters went by the last of them.
   */
  private static SortedMap<String, FieldIndex> oneEach(SortedMap<String, FieldIndex> indexes) {
    if (indexes.size() < 2) {
      return indexes;
    }
    Map<List<KeyPath.Step>, String> spellings = new HashMap<>();
    indexes.keySet().forEach(field -> spellings.put(KeyPath.parse(field).steps(), field));
    indexes.keySet().retainAll(Set.copyOf(spellings.values()));
    return indexes;
  }

  /** A collection without declared fields, limits, sparse vectors and quantization. */
  public CollectionSpec(
      Map<String, VectorParams> vectors,
      int shardNumber,
      int replicationFactor,
      int writeConsistencyFactor,
      @Nullable Integer readFanOutFactor,
      @Nullable Long readFanOutDelayMs,
      boolean onDiskPayload,
      @Nullable String payloadMemory,
      HnswConfig hnsw,
      OptimizersConfig optimizers,
      WalConfig wal,
      @Nullable JsonObject metadata) {
    this(
        vectors,
        shardNumber,
        replicationFactor,
        writeConsistencyFactor,
        readFanOutFactor,
        readFanOutDelayMs,
        onDiskPayload,
        payloadMemory,
        hnsw,
        optimizers,
        wal,
        metadata,
        Map.of(),
        null,
        Map.of(),
        null);
  }

  /** A collection of one shard and one replica with default settings. */
  public static CollectionSpec of(Map<String, VectorParams> vectors) {
    return new CollectionSpec(
        vectors,
        1,
        1,
        1,
        null,
        null,
        true,
        null,
        HnswConfig.DEFAULT,
        OptimizersConfig.DEFAULT,
        WalConfig.DEFAULT,
        null);
  }

  /** The same with other numbers of shards and replicas. */
  public CollectionSpec distributed(int shards, int replicas) {
    return new CollectionSpec(
        vectors,
        shards,
        replicas,
        writeConsistencyFactor,
        readFanOutFactor,
        readFanOutDelayMs,
        onDiskPayload,
        payloadMemory,
        hnsw,
        optimizers,
        wal,
        metadata,
        payloadIndexes,
        strictMode,
        sparseVectors,
        quantization);
  }

  /** The same with other vectors. */
  public CollectionSpec withVectors(Map<String, VectorParams> others) {
    return with(others, payloadIndexes, strictMode, sparseVectors, quantization);
  }

  /** The same with other declared fields. */
  public CollectionSpec withPayloadIndexes(Map<String, FieldIndex> others) {
    return with(vectors, others, strictMode, sparseVectors, quantization);
  }

  /** The same with other limits. */
  public CollectionSpec withStrictMode(@Nullable StrictMode other) {
    return with(vectors, payloadIndexes, other, sparseVectors, quantization);
  }

  /** The same with other sparse vectors. */
  public CollectionSpec withSparseVectors(Map<String, SparseVectorParams> others) {
    return with(vectors, payloadIndexes, strictMode, others, quantization);
  }

  /** The same with other quantization. */
  public CollectionSpec withQuantization(@Nullable Quantization other) {
    return with(vectors, payloadIndexes, strictMode, sparseVectors, other);
  }

  private CollectionSpec with(
      Map<String, VectorParams> newVectors,
      Map<String, FieldIndex> newIndexes,
      @Nullable StrictMode newStrictMode,
      Map<String, SparseVectorParams> newSparseVectors,
      @Nullable Quantization newQuantization) {
    return new CollectionSpec(
        newVectors,
        shardNumber,
        replicationFactor,
        writeConsistencyFactor,
        readFanOutFactor,
        readFanOutDelayMs,
        onDiskPayload,
        payloadMemory,
        hnsw,
        optimizers,
        wal,
        metadata,
        newIndexes,
        newStrictMode,
        newSparseVectors,
        newQuantization);
  }

  /**
   * The same, when its names of vectors are fine.
   *
   * @throws EddyException with the contract's text when a sparse vector has no name or that of a
   *     dense one
   */
  public CollectionSpec checked() {
    for (String name : sparseVectors.keySet()) {
      if (name.isEmpty()) {
        throw EddyException.wrongInput("Sparse vector name cannot be empty");
      }
      if (vectors.containsKey(name)) {
        throw EddyException.wrongInput(
            "Dense and sparse vector names must be unique - duplicate found with '" + name + "'");
      }
    }
    return this;
  }

  /** Names of all vectors, in their order. */
  public SortedSet<String> vectorNames() {
    SortedSet<String> names = new TreeSet<>(vectors.keySet());
    names.addAll(sparseVectors.keySet());
    return names;
  }

  /** The limits, where they count. */
  public Optional<StrictMode> strictModeOn() {
    return Optional.ofNullable(strictMode).filter(StrictMode::isOn);
  }

  public Optional<VectorParams> vector(String name) {
    return Optional.ofNullable(vectors.get(name));
  }

  /**
   * By what one vector is shortened for searches: its own, or the collection's; null = by nothing.
   */
  public @Nullable Quantization quantizationOf(String vectorName) {
    VectorParams params = vectors.get(vectorName);
    return params == null || params.quantization() == null ? quantization : params.quantization();
  }

  /** The graph settings of one vector: the collection's, overridden by its own. */
  public HnswConfig hnswOf(String vectorName) {
    VectorParams params = vectors.get(vectorName);
    return params == null || params.hnsw() == null ? hnsw : hnsw.with(params.hnsw());
  }
}
