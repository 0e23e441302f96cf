package dev.eddy.query.rest.json;

import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.StrictMode.Bound;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of a collection, as a body gives them. */
final class StrictModeReader {
  private final JsonBody body;
  private @Nullable Boolean enabled;
  private @Nullable Integer maxQueryLimit;
  private @Nullable Integer maxTimeout;
  private @Nullable Boolean unindexedFilteringRetrieve;
  private @Nullable Boolean unindexedFilteringUpdate;
  private @Nullable Integer searchMaxHnswEf;
  private @Nullable Boolean searchAllowExact;
  private @Nullable Double searchMaxOversampling;
  private @Nullable Long upsertMaxBatchsize;
  private @Nullable Long searchMaxBatchsize;
  private @Nullable Long maxPointsCount;
  private @Nullable Integer readRateLimit;
  private @Nullable Integer writeRateLimit;
  private @Nullable Long filterMaxConditions;
  private @Nullable Long conditionMaxSize;
  private Map<String, Bound> multivectors = Map.of();
  private Map<String, Bound> sparseVectors = Map.of();
  private @Nullable Long maxVectorBytes;
  private @Nullable Long maxPayloadBytes;
  private @Nullable Long maxPayloadIndexCount;
  private @Nullable Integer maxResidentMemoryPercent;

  private StrictModeReader(JsonBody body) {
    this.body = body;
  }

  static StrictMode read(JsonBody body) throws IOException {
    StrictModeReader reader = new StrictModeReader(body);
    body.object("struct StrictModeConfig", reader::field);
    return reader.build();
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "enabled" -> enabled = body.bool();
      case "max_query_limit" -> maxQueryLimit = body.intAtLeast(1);
      case "max_timeout" -> maxTimeout = body.intAtLeast(1);
      case "unindexed_filtering_retrieve" -> unindexedFilteringRetrieve = body.bool();
      case "unindexed_filtering_update" -> unindexedFilteringUpdate = body.bool();
      case "search_max_hnsw_ef" -> searchMaxHnswEf = body.intAtLeast(0);
      case "search_allow_exact" -> searchAllowExact = body.bool();
      case "search_max_oversampling" -> searchMaxOversampling = body.f64();
      case "upsert_max_batchsize" -> upsertMaxBatchsize = body.count();
      case "search_max_batchsize" -> searchMaxBatchsize = body.count();
      case "max_points_count" -> maxPointsCount = body.countAtLeast(1);
      case "read_rate_limit" -> readRateLimit = body.intAtLeast(1);
      case "write_rate_limit" -> writeRateLimit = body.intAtLeast(1);
      case "filter_max_conditions" -> filterMaxConditions = body.count();
      case "condition_max_size" -> conditionMaxSize = body.count();
      case "multivector_config" -> multivectors = bounds("max_vectors");
      case "sparse_config" -> sparseVectors = bounds("max_length");
      case "max_payload_index_count" -> maxPayloadIndexCount = body.count();
      case "max_resident_memory_percent" -> maxResidentMemoryPercent = body.percent(1);
      case "max_collection_vector_size_bytes" -> maxVectorBytes = body.count();
      case "max_collection_payload_size_bytes" -> maxPayloadBytes = body.count();
      default -> body.skip();
    }
  }

  private Map<String, Bound> bounds(String limit) throws IOException {
    Map<String, Bound> bounds = new LinkedHashMap<>();
    body.map(name -> {
      var draft =
          new Object() {
            @Nullable Long max;
          };
      body.object(
          "a map",
          field -> {
            if (field.equals(limit)) {
              draft.max = body.countAtLeast(1);
            } else {
              body.skip();
            }
          });
      bounds.put(name, new Bound(draft.max));
    });
    return bounds;
  }

  private StrictMode build() {
    return new StrictMode(
        enabled,
        maxQueryLimit,
        maxTimeout,
        unindexedFilteringRetrieve,
        unindexedFilteringUpdate,
        searchMaxHnswEf,
        searchAllowExact,
        searchMaxOversampling,
        upsertMaxBatchsize,
        searchMaxBatchsize,
        maxVectorBytes,
        maxPayloadBytes,
        maxPointsCount,
        readRateLimit,
        writeRateLimit,
        filterMaxConditions,
        conditionMaxSize,
        multivectors,
        sparseVectors,
        maxPayloadIndexCount,
        maxResidentMemoryPercent);
  }
}
