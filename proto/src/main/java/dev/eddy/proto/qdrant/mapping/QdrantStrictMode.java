package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.StrictMode.Bound;
import dev.eddy.proto.qdrant.StrictModeConfig;
import dev.eddy.proto.qdrant.StrictModeMultivector;
import dev.eddy.proto.qdrant.StrictModeMultivectorConfig;
import dev.eddy.proto.qdrant.StrictModeSparse;
import dev.eddy.proto.qdrant.StrictModeSparseConfig;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The limits of a collection, as clients give and see them. */
final class QdrantStrictMode {
  private static final String AT = "strict_mode_config.";

  private QdrantStrictMode() {}

  /** Null where none were given. */
  @SuppressWarnings("deprecation") // max_resident_memory_percent has its effect for now.
  static @Nullable StrictMode limits(boolean isGiven, StrictModeConfig message) {
    if (!isGiven) {
      return null;
    }
    return new StrictMode(
        message.hasEnabled() ? (Boolean) message.getEnabled() : null,
        number(message.hasMaxQueryLimit(), 1, message.getMaxQueryLimit(), "max_query_limit"),
        number(message.hasMaxTimeout(), 1, message.getMaxTimeout(), "max_timeout"),
        message.hasUnindexedFilteringRetrieve()
            ? (Boolean) message.getUnindexedFilteringRetrieve()
            : null,
        message.hasUnindexedFilteringUpdate()
            ? (Boolean) message.getUnindexedFilteringUpdate()
            : null,
        number(message.hasSearchMaxHnswEf(), 0, message.getSearchMaxHnswEf(), "search_max_hnsw_ef"),
        message.hasSearchAllowExact() ? (Boolean) message.getSearchAllowExact() : null,
        message.hasSearchMaxOversampling()
            ? (Double) oversampling(message.getSearchMaxOversampling())
            : null,
        Rules.count(message.hasUpsertMaxBatchsize(), message.getUpsertMaxBatchsize()),
        Rules.count(message.hasSearchMaxBatchsize(), message.getSearchMaxBatchsize()),
        Rules.count(
            message.hasMaxCollectionVectorSizeBytes(), message.getMaxCollectionVectorSizeBytes()),
        Rules.count(
            message.hasMaxCollectionPayloadSizeBytes(), message.getMaxCollectionPayloadSizeBytes()),
        positive(message.hasMaxPointsCount(), message.getMaxPointsCount(), "max_points_count"),
        number(message.hasReadRateLimit(), 1, message.getReadRateLimit(), "read_rate_limit"),
        number(message.hasWriteRateLimit(), 1, message.getWriteRateLimit(), "write_rate_limit"),
        Rules.count(message.hasFilterMaxConditions(), message.getFilterMaxConditions()),
        Rules.count(message.hasConditionMaxSize(), message.getConditionMaxSize()),
        multivectors(message.getMultivectorConfig()),
        sparseVectors(message.getSparseConfig()),
        Rules.count(message.hasMaxPayloadIndexCount(), message.getMaxPayloadIndexCount()),
        message.hasMaxResidentMemoryPercent()
            ? (Integer)
                Rules.percent(
                    1, message.getMaxResidentMemoryPercent(), AT + "max_resident_memory_percent")
            : null);
  }

  /** The double of the same decimals: those of a query are doubles, too. */
  private static double oversampling(float max) {
    Rules.comparable(max, AT + "search_max_oversampling");
    return Double.parseDouble(Float.toString(max));
  }

  private static @Nullable Integer number(boolean present, int min, int value, String field) {
    return present ? (Integer) Rules.setting32(min, value, AT + field) : null;
  }

  private static @Nullable Long positive(boolean present, long value, String field) {
    if (!present) {
      return null;
    }
    Rules.atLeast(1, value, AT + field);
    return Rules.count(value);
  }

  private static Map<String, Bound> multivectors(StrictModeMultivectorConfig message) {
    Map<String, Bound> bounds = new TreeMap<>();
    message
        .getMultivectorConfigMap()
        .forEach((name, each) ->
            bounds.put(
                name,
                new Bound(
                    positive(
                        each.hasMaxVectors(),
                        each.getMaxVectors(),
                        "multivector_config." + name + ".max_vectors"))));
    return bounds;
  }

  private static Map<String, Bound> sparseVectors(StrictModeSparseConfig message) {
    Map<String, Bound> bounds = new TreeMap<>();
    message
        .getSparseConfigMap()
        .forEach((name, each) ->
            bounds.put(
                name,
                new Bound(
                    positive(
                        each.hasMaxLength(),
                        each.getMaxLength(),
                        "sparse_config." + name + ".max_length"))));
    return bounds;
  }

  @SuppressWarnings("deprecation") // As above.
  static StrictModeConfig config(StrictMode limits) {
    StrictModeConfig.Builder builder = StrictModeConfig.newBuilder();
    Given.set(limits.enabled(), builder::setEnabled);
    Given.set(limits.maxQueryLimit(), builder::setMaxQueryLimit);
    Given.set(limits.maxTimeout(), builder::setMaxTimeout);
    Given.set(limits.unindexedFilteringRetrieve(), builder::setUnindexedFilteringRetrieve);
    Given.set(limits.unindexedFilteringUpdate(), builder::setUnindexedFilteringUpdate);
    Given.set(limits.searchMaxHnswEf(), builder::setSearchMaxHnswEf);
    Given.set(limits.searchAllowExact(), builder::setSearchAllowExact);
    Given.set(
        limits.searchMaxOversampling(), max -> builder.setSearchMaxOversampling(max.floatValue()));
    Given.set(limits.upsertMaxBatchsize(), builder::setUpsertMaxBatchsize);
    Given.set(limits.searchMaxBatchsize(), builder::setSearchMaxBatchsize);
    Given.set(limits.maxCollectionVectorSizeBytes(), builder::setMaxCollectionVectorSizeBytes);
    Given.set(limits.maxCollectionPayloadSizeBytes(), builder::setMaxCollectionPayloadSizeBytes);
    Given.set(limits.maxPointsCount(), builder::setMaxPointsCount);
    Given.set(limits.readRateLimit(), builder::setReadRateLimit);
    Given.set(limits.writeRateLimit(), builder::setWriteRateLimit);
    Given.set(limits.filterMaxConditions(), builder::setFilterMaxConditions);
    Given.set(limits.conditionMaxSize(), builder::setConditionMaxSize);
    Given.set(limits.maxResidentMemoryPercent(), builder::setMaxResidentMemoryPercent);
    if (!limits.multivectors().isEmpty()) {
      StrictModeMultivectorConfig.Builder all = StrictModeMultivectorConfig.newBuilder();
      limits
          .multivectors()
          .forEach((name, bound) -> {
            StrictModeMultivector.Builder one = StrictModeMultivector.newBuilder();
            Given.set(bound.max(), one::setMaxVectors);
            all.putMultivectorConfig(name, one.build());
          });
      builder.setMultivectorConfig(all);
    }
    if (!limits.sparseVectors().isEmpty()) {
      StrictModeSparseConfig.Builder all = StrictModeSparseConfig.newBuilder();
      limits
          .sparseVectors()
          .forEach((name, bound) -> {
            StrictModeSparse.Builder one = StrictModeSparse.newBuilder();
            Given.set(bound.max(), one::setMaxLength);
            all.putSparseConfig(name, one.build());
          });
      builder.setSparseConfig(all);
    }
    Given.set(limits.maxPayloadIndexCount(), builder::setMaxPayloadIndexCount);
    return builder.build();
  }
}
