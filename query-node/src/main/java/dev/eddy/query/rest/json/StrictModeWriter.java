package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.StrictMode.Bound;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits of a collection in answers. */
final class StrictModeWriter {
  private StrictModeWriter() {}

  static void limits(JsonGenerator generator, StrictMode limits) throws IOException {
    generator.writeStartObject();
    flag(generator, "enabled", limits.enabled());
    number(generator, "max_query_limit", limits.maxQueryLimit());
    number(generator, "max_timeout", limits.maxTimeout());
    flag(generator, "unindexed_filtering_retrieve", limits.unindexedFilteringRetrieve());
    flag(generator, "unindexed_filtering_update", limits.unindexedFilteringUpdate());
    number(generator, "search_max_hnsw_ef", limits.searchMaxHnswEf());
    flag(generator, "search_allow_exact", limits.searchAllowExact());
    if (limits.searchMaxOversampling() != null) {
      generator.writeNumberField("search_max_oversampling", limits.searchMaxOversampling());
    }
    number(generator, "upsert_max_batchsize", limits.upsertMaxBatchsize());
    number(generator, "search_max_batchsize", limits.searchMaxBatchsize());
    number(generator, "max_collection_vector_size_bytes", limits.maxCollectionVectorSizeBytes());
    number(generator, "max_collection_payload_size_bytes", limits.maxCollectionPayloadSizeBytes());
    number(generator, "max_points_count", limits.maxPointsCount());
    number(generator, "read_rate_limit", limits.readRateLimit());
    number(generator, "write_rate_limit", limits.writeRateLimit());
    number(generator, "filter_max_conditions", limits.filterMaxConditions());
    number(generator, "condition_max_size", limits.conditionMaxSize());
    bounds(generator, "multivector_config", "max_vectors", limits.multivectors());
    bounds(generator, "sparse_config", "max_length", limits.sparseVectors());
    number(generator, "max_payload_index_count", limits.maxPayloadIndexCount());
    number(generator, "max_resident_memory_percent", limits.maxResidentMemoryPercent());
    generator.writeEndObject();
  }

  private static void bounds(
      JsonGenerator generator, String field, String limit, Map<String, Bound> bounds)
      throws IOException {
    if (bounds.isEmpty()) {
      return;
    }
    generator.writeObjectFieldStart(field);
    for (Map.Entry<String, Bound> bound : bounds.entrySet()) {
      generator.writeObjectFieldStart(bound.getKey());
      number(generator, limit, bound.getValue().max());
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void flag(JsonGenerator generator, String field, @Nullable Boolean value)
      throws IOException {
    if (value != null) {
      generator.writeBooleanField(field, value);
    }
  }

  private static void number(JsonGenerator generator, String field, @Nullable Number value)
      throws IOException {
    if (value != null) {
      generator.writeNumberField(field, value.longValue());
    }
  }
}
