package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionMemory;
import dev.eddy.query.collection.CollectionSearches;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.metrics.ResponseCount;
import dev.eddy.query.service.ContractVersion;
import dev.eddy.query.service.Optimizations;
import dev.eddy.query.service.Telemetry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a server tells of itself: the more, the higher the level. */
public final class TelemetryWriter {
  private static final double NANOS_PER_MICRO = 1e3;

  private TelemetryWriter() {}

  public static void telemetry(JsonGenerator generator, Telemetry telemetry) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("id", telemetry.id().toString());
    generator.writeObjectFieldStart("app");
    generator.writeStringField("name", "qdrant");
    generator.writeStringField("version", ContractVersion.VERSION);
    generator.writeStringField("startup", telemetry.started().toString());
    generator.writeEndObject();
    generator.writeObjectFieldStart("collections");
    generator.writeNumberField("number_of_collections", telemetry.collectionCount());
    if (telemetry.isDetailed()) {
      generator.writeArrayFieldStart("collections");
      for (Telemetry.Collection collection : telemetry.collections()) {
        collection(generator, collection, telemetry.hasConfigs());
      }
      generator.writeEndArray();
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("cluster");
    generator.writeBooleanField("enabled", false);
    generator.writeEndObject();
    generator.writeObjectFieldStart("requests");
    boolean perCollection = telemetry.options().isPerCollection();
    responses(generator, "rest", telemetry.responses(), ResponseCount::isRest, perCollection);
    responses(generator, "grpc", telemetry.responses(), count -> !count.isRest(), perCollection);
    generator.writeEndObject();
    if (telemetry.isDetailed()) {
      process(generator, telemetry);
    }
    generator.writeObjectFieldStart("quota");
    generator.writeFieldName("config");
    QuotaWriter.config(generator, telemetry.quotas());
    generator.writeFieldName("exceeded");
    QuotaWriter.exceeded(generator, telemetry.exceeded());
    generator.writeEndObject();
    generator.writeEndObject();
  }

  private static void process(JsonGenerator generator, Telemetry telemetry) throws IOException {
    Telemetry.Memory memory = telemetry.memory();
    generator.writeObjectFieldStart("memory");
    generator.writeNumberField("active_bytes", memory.used());
    generator.writeNumberField("allocated_bytes", memory.used());
    generator.writeNumberField("metadata_bytes", 0);
    generator.writeNumberField("resident_bytes", memory.resident());
    generator.writeNumberField("retained_bytes", memory.retained());
    MemoryReport shards = telemetry.shardMemory();
    if (shards != null) {
      generator.writeFieldName("shards");
      MemoryWriter.report(generator, shards);
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("hardware");
    generator.writeObjectFieldStart("collection_data");
    generator.writeEndObject();
    generator.writeEndObject();
    generator.writeObjectFieldStart("search_pool");
    generator.writeStringField("mode", "high_cpu");
    generator.writeNumberField("high_cpu_threads", memory.processors());
    generator.writeNumberField("high_io_threads", 0);
    generator.writeEndObject();
  }

  private static void collection(
      JsonGenerator generator, Telemetry.Collection collection, boolean hasConfig)
      throws IOException {
    CollectionInfo info = collection.info();
    generator.writeStartObject();
    if (!hasConfig) {
      generator.writeNumberField("vectors", info.points());
      generator.writeFieldName("optimizers_status");
      CollectionWriter.optimizerStatus(generator, info.optimizerError());
      generator.writeFieldName("params");
      CollectionWriter.params(generator, info.spec());
    } else {
      generator.writeStringField("id", collection.id());
      generator.writeNumberField("init_time_ms", 0);
      generator.writeFieldName("config");
      CollectionWriter.config(generator, info.spec());
      shards(generator, collection);
    }
    generator.writeEndObject();
  }

  private static void shards(JsonGenerator generator, Telemetry.Collection collection)
      throws IOException {
    CollectionShards shards = collection.placement();
    if (shards == null) {
      return;
    }
    CollectionMemory memory = collection.memory();
    CollectionSearches searches = collection.searches();
    generator.writeArrayFieldStart("shards");
    for (int shard = 0; shard < shards.shardCount(); shard++) {
      generator.writeStartObject();
      generator.writeNumberField("id", shard);
      generator.writeNullField("local");
      generator.writeArrayFieldStart("remote");
      generator.writeEndArray();
      generator.writeObjectFieldStart("replicate_states");
      for (CollectionShards.LocalShard local : shards.local()) {
        if (local.shard() == shard) {
          generator.writeStringField(
              Long.toUnsignedString(shards.peerId()), CollectionWriter.state(local.state()));
        }
      }
      for (CollectionShards.RemoteShard remote : shards.remote()) {
        if (remote.shard() == shard) {
          generator.writeStringField(
              Long.toUnsignedString(remote.peerId()), CollectionWriter.state(remote.state()));
        }
      }
      generator.writeEndObject();
      if (memory != null && shard < memory.shards().size()) {
        generator.writeFieldName("memory");
        MemoryWriter.use(generator, memory.shards().get(shard));
      }
      if (searches != null && shard < searches.shards().size()) {
        SearchesWriter.members(generator, searches.shards().get(shard));
      }
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("transfers");
    generator.writeEndArray();
    generator.writeArrayFieldStart("resharding");
    generator.writeEndArray();
    generator.writeObjectFieldStart("shard_clean_tasks");
    generator.writeEndObject();
  }

  private static void responses(
      JsonGenerator generator,
      String edge,
      List<ResponseCount> all,
      Predicate<ResponseCount> isOfEdge,
      boolean perCollection)
      throws IOException {
    Map<String, Map<String, Map<Integer, ResponseCount>>> byCollection = new TreeMap<>();
    all.stream()
        .filter(isOfEdge)
        .forEach(count ->
            byCollection
                .computeIfAbsent(count.collection(), key -> new TreeMap<>())
                .computeIfAbsent(count.endpoint(), key -> new TreeMap<>())
                .put(count.status(), count));
    generator.writeObjectFieldStart(edge);
    generator.writeFieldName("responses");
    endpoints(generator, perCollection ? Map.of() : byCollection.getOrDefault("", Map.of()));
    if (perCollection) {
      generator.writeObjectFieldStart("per_collection_responses");
      for (var collection : byCollection.entrySet()) {
        generator.writeFieldName(collection.getKey());
        endpoints(generator, collection.getValue());
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void endpoints(
      JsonGenerator generator, Map<String, Map<Integer, ResponseCount>> endpoints)
      throws IOException {
    generator.writeStartObject();
    for (var endpoint : endpoints.entrySet()) {
      generator.writeObjectFieldStart(endpoint.getKey());
      for (ResponseCount count : endpoint.getValue().values()) {
        generator.writeObjectFieldStart(Integer.toString(count.status()));
        generator.writeNumberField("count", count.count());
        generator.writeNumberField(
            "avg_duration_micros", count.totalNanos() / NANOS_PER_MICRO / count.count());
        generator.writeNumberField("min_duration_micros", count.minNanos() / NANOS_PER_MICRO);
        generator.writeNumberField("max_duration_micros", count.maxNanos() / NANOS_PER_MICRO);
        generator.writeNumberField(
            "total_duration_micros", (long) (count.totalNanos() / NANOS_PER_MICRO));
        generator.writeStringField("last_responded", count.last().toString());
        generator.writeEndObject();
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  /** The lists that are asked for are empty: segments have no names outside of their node. */
  public static void optimizations(
      JsonGenerator generator, Optimizations optimizations, List<String> with) throws IOException {
    generator.writeStartObject();
    generator.writeObjectFieldStart("summary");
    generator.writeNumberField("queued_optimizations", optimizations.queuedOptimizations());
    generator.writeNumberField("queued_segments", optimizations.queuedSegments());
    generator.writeNumberField("queued_points", optimizations.queuedPoints());
    generator.writeNumberField("idle_segments", optimizations.idleSegments());
    generator.writeEndObject();
    generator.writeArrayFieldStart("running");
    generator.writeEndArray();
    for (String list : List.of("queued", "completed", "idle_segments")) {
      if (with.contains(list)) {
        generator.writeArrayFieldStart(list);
        generator.writeEndArray();
      }
    }
    generator.writeEndObject();
  }
}
