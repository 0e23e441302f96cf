package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.VectorName;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Vectors;
import dev.eddy.proto.qdrant.AliasOperations;
import dev.eddy.proto.qdrant.ChangeAliases;
import dev.eddy.proto.qdrant.CollectionParamsDiff;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.DenseVectorCreationConfig;
import dev.eddy.proto.qdrant.MultiVectorComparator;
import dev.eddy.proto.qdrant.PayloadStorageParams;
import dev.eddy.proto.qdrant.ShardingMethod;
import dev.eddy.proto.qdrant.UpdateCollection;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.VectorParamsDiff;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.qdrant.VectorsConfigDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collections and aliases as clients ask for them. Names of collections and timeouts are the
 * caller's to take up. What tunes a mechanism that Eddy has not is checked, kept and shown back.
 */
public final class QdrantCollections {
  private QdrantCollections() {}

  /** What a new collection is asked to be; what is not said takes its default. */
  @SuppressWarnings("deprecation") // on_disk_payload is deprecated and still in use.
  public static CollectionSpec spec(CreateCollection message) {
    Rules.checkKnown(message);
    check(message.getShardingMethod());
    return new CollectionSpec(
            message.hasVectorsConfig() ? vectors(message.getVectorsConfig()) : Map.of(),
            atLeastOne(message.hasShardNumber(), message.getShardNumber(), "shard_number"),
            atLeastOne(
                message.hasReplicationFactor(),
                message.getReplicationFactor(),
                "replication_factor"),
            atLeastOne(
                message.hasWriteConsistencyFactor(),
                message.getWriteConsistencyFactor(),
                "write_consistency_factor"),
            null,
            null,
            !message.hasOnDiskPayload() || message.getOnDiskPayload(),
            payloadMemory(message.getPayload(), "payload.memory"),
            HnswConfig.DEFAULT.with(QdrantSettings.hnsw(message.getHnswConfig(), "hnsw_config")),
            OptimizersConfig.DEFAULT.with(
                QdrantSettings.optimizers(message.getOptimizersConfig(), "optimizers_config")),
            QdrantSettings.wal(message.getWalConfig(), "wal_config"),
            message.getMetadataCount() == 0 ? null : QdrantValues.object(message.getMetadataMap()))
        .withSparseVectors(
            QdrantSparse.params(message.getSparseVectorsConfig(), "sparse_vectors_config"))
        .withStrictMode(
            QdrantStrictMode.limits(message.hasStrictModeConfig(), message.getStrictModeConfig()))
        .withQuantization(
            QdrantQuantization.config(
                message.hasQuantizationConfig(),
                message.getQuantizationConfig(),
                "quantization_config"));
  }

  private static void check(ShardingMethod method) {
    switch (method) {
      case Auto -> {}
      case Custom -> throw EddyException.notImplemented("sharding_method");
      case UNRECOGNIZED -> throw Rules.unrecognized("sharding_method");
    }
  }

  private static int atLeastOne(boolean present, int value, String path) {
    return present ? Rules.setting32(1, value, path) : 1;
  }

  private static @Nullable String payloadMemory(PayloadStorageParams message, String path) {
    return QdrantSettings.storageMemory(message.hasMemory(), message.getMemory(), path);
  }

  private static Map<String, dev.eddy.model.collection.VectorParams> vectors(
      VectorsConfig message) {
    return switch (message.getConfigCase()) {
      case PARAMS -> Map.of(Vectors.UNNAMED, vector(message.getParams(), "vectors_config.params"));
      case PARAMS_MAP -> {
        Map<String, dev.eddy.model.collection.VectorParams> vectors = new TreeMap<>();
        message
            .getParamsMap()
            .getMapMap()
            .forEach((name, params) -> {
              VectorName.problem(name)
                  .ifPresent(problem -> {
                    throw VectorName.refusal(name, "vectors_config: " + problem);
                  });
              vectors.put(name, vector(params, "vectors_config.params_map." + name));
            });
        yield vectors;
      }
      case CONFIG_NOT_SET -> throw Rules.unset("vectors_config");
    };
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static dev.eddy.model.collection.VectorParams vector(VectorParams message, String path) {
    long size = message.getSize();
    if (size < 1 || size > dev.eddy.model.collection.VectorParams.SIZE_MAX) {
      RuleBook.note(
          EddyException.validation(
                  "%s.size: value %s invalid, must be from 1 to %d"
                      .formatted(
                          path,
                          Long.toUnsignedString(size),
                          dev.eddy.model.collection.VectorParams.SIZE_MAX))
              .beyond(Limit.VECTOR_DIMENSIONS));
      size = 1;
    }
    return new dev.eddy.model.collection.VectorParams(
        (int) size,
        distance(message.getDistance(), path + ".distance"),
        message.hasHnswConfig()
            ? QdrantSettings.hnsw(message.getHnswConfig(), path + ".hnsw_config")
            : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        QdrantSettings.storageMemory(message.hasMemory(), message.getMemory(), path + ".memory"),
        QdrantSparse.datatype(message.getDatatype(), path + ".datatype"),
        message.hasMultivectorConfig()
            ? comparator(
                message.getMultivectorConfig().getComparator(),
                path + ".multivector_config.comparator")
            : null,
        QdrantQuantization.config(
            message.hasQuantizationConfig(),
            message.getQuantizationConfig(),
            path + ".quantization_config"));
  }

  private static dev.eddy.model.collection.MultiVectorComparator comparator(
      MultiVectorComparator message, String path) {
    return switch (message) {
      case MaxSim -> dev.eddy.model.collection.MultiVectorComparator.MAX_SIM;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  /** Of a vector that is added to a collection. */
  static dev.eddy.model.collection.VectorParams vector(DenseVectorCreationConfig message) {
    VectorParams.Builder params =
        VectorParams.newBuilder()
            .setSize(message.getSize())
            .setDistanceValue(message.getDistanceValue());
    if (message.hasMultivectorConfig()) {
      params.setMultivectorConfig(message.getMultivectorConfig());
    }
    if (message.hasDatatype()) {
      params.setDatatypeValue(message.getDatatypeValue());
    }
    return vector(params.build(), "dense_config");
  }

  private static Distance distance(dev.eddy.proto.qdrant.Distance message, String path) {
    return switch (message) {
      case Cosine -> Distance.COSINE;
      case Euclid -> Distance.EUCLID;
      case Dot -> Distance.DOT;
      case Manhattan -> Distance.MANHATTAN;
      case UnknownDistance -> throw Rules.unset(path);
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  /** What changes of a collection. */
  @SuppressWarnings("deprecation") // on_disk_payload is deprecated and still in use.
  public static CollectionChange change(UpdateCollection message) {
    Rules.checkKnown(message);
    CollectionParamsDiff params = message.getParams();
    return new CollectionChange(
            message.hasVectorsConfig() ? diffs(message.getVectorsConfig()) : Map.of(),
            message.hasHnswConfig()
                ? QdrantSettings.hnsw(message.getHnswConfig(), "hnsw_config")
                : null,
            message.hasOptimizersConfig()
                ? QdrantSettings.optimizers(message.getOptimizersConfig(), "optimizers_config")
                : null,
            number(
                params.hasReplicationFactor(),
                params.getReplicationFactor(),
                "params.replication_factor"),
            number(
                params.hasWriteConsistencyFactor(),
                params.getWriteConsistencyFactor(),
                "params.write_consistency_factor"),
            number(
                params.hasReadFanOutFactor(),
                params.getReadFanOutFactor(),
                "params.read_fan_out_factor"),
            Rules.count(params.hasReadFanOutDelayMs(), params.getReadFanOutDelayMs()),
            params.hasOnDiskPayload() ? (Boolean) params.getOnDiskPayload() : null,
            payloadMemory(params.getPayload(), "params.payload.memory"),
            message.getMetadataCount() == 0 ? null : QdrantValues.object(message.getMetadataMap()))
        .withSparseVectors(
            QdrantSparse.params(message.getSparseVectorsConfig(), "sparse_vectors_config"))
        .withStrictMode(
            QdrantStrictMode.limits(message.hasStrictModeConfig(), message.getStrictModeConfig()))
        .withQuantization(
            QdrantQuantization.diff(
                message.hasQuantizationConfig(),
                message.getQuantizationConfig(),
                "quantization_config"));
  }

  private static @Nullable Integer number(boolean present, int value, String path) {
    int min = path.endsWith("read_fan_out_factor") ? 0 : 1;
    return present ? (Integer) Rules.setting32(min, value, path) : null;
  }

  private static Map<String, VectorDiff> diffs(VectorsConfigDiff message) {
    return switch (message.getConfigCase()) {
      case PARAMS -> Map.of(Vectors.UNNAMED, diff(message.getParams(), "vectors_config.params"));
      case PARAMS_MAP -> {
        Map<String, VectorDiff> diffs = new TreeMap<>();
        message
            .getParamsMap()
            .getMapMap()
            .forEach(
                (name, diff) -> diffs.put(name, diff(diff, "vectors_config.params_map." + name)));
        yield diffs;
      }
      case CONFIG_NOT_SET -> throw Rules.unset("vectors_config");
    };
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static VectorDiff diff(VectorParamsDiff message, String path) {
    return new VectorDiff(
        message.hasHnswConfig()
            ? QdrantSettings.hnsw(message.getHnswConfig(), path + ".hnsw_config")
            : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        QdrantSettings.storageMemory(message.hasMemory(), message.getMemory(), path + ".memory"),
        QdrantQuantization.diff(
            message.hasQuantizationConfig(),
            message.getQuantizationConfig(),
            path + ".quantization_config"));
  }

  /** The actions of a change of aliases, in order. */
  public static List<AliasAction> aliases(ChangeAliases message) {
    Rules.checkKnown(message);
    List<AliasAction> actions = new ArrayList<>(message.getActionsCount());
    for (AliasOperations operation : message.getActionsList()) {
      actions.add(
          switch (operation.getActionCase()) {
            case CREATE_ALIAS ->
                new AliasAction.Create(
                    operation.getCreateAlias().getCollectionName(),
                    operation.getCreateAlias().getAliasName());
            case RENAME_ALIAS ->
                new AliasAction.Rename(
                    operation.getRenameAlias().getOldAliasName(),
                    operation.getRenameAlias().getNewAliasName());
            case DELETE_ALIAS -> new AliasAction.Delete(operation.getDeleteAlias().getAliasName());
            case ACTION_NOT_SET -> throw Rules.unset("actions[" + actions.size() + "]");
          });
    }
    return actions;
  }
}
