package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.metrics.ResponseCount;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a server tells of itself: the more, the higher the level. */
public final class TelemetryWriter {
  /** From here on memory, threads and the state of each collection are told. */
  public static final int LEVEL_COLLECTIONS = 1;

  /** From here on the configuration of each collection is told. */
  public static final int LEVEL_CONFIG = 2;

  /** From here on the shards of each collection are told. */
  public static final int LEVEL_SHARDS = 3;

  private static final double NANOS_PER_MICRO = 1e3;

  private TelemetryWriter() {}

  /**
   * What is known.
   *
   * @param id of the process
   * @param collections none below {@link #LEVEL_COLLECTIONS}
   */
  public record Telemetry(
      UUID id,
      String version,
      Instant started,
      int collectionCount,
      List<Collection> collections,
      List<ResponseCount> responses,
      Memory memory) {
    public Telemetry {
      collections = List.copyOf(collections);
      responses = List.copyOf(responses);
    }
  }

  /**
   * One collection.
   *
   * @param shards null below {@link #LEVEL_SHARDS}
   */
  public record Collection(String id, CollectionInfo info, @Nullable CollectionShards shards) {}

  /** Of the heap, in bytes, and processors. */
  public record Memory(long used, long committed, long max, int processors) {}

  public static void telemetry(
      JsonGenerator generator, Telemetry telemetry, int level, boolean perCollection)
      throws IOException {
    generator.writeStartObject();
    generator.writeStringField("id", telemetry.id().toString());
    generator.writeObjectFieldStart("app");
    generator.writeStringField("name", "qdrant");
    generator.writeStringField("version", telemetry.version());
    generator.writeStringField("startup", telemetry.started().toString());
    generator.writeEndObject();
    generator.writeObjectFieldStart("collections");
    generator.writeNumberField("number_of_collections", telemetry.collectionCount());
    if (level >= LEVEL_COLLECTIONS) {
      generator.writeArrayFieldStart("collections");
      for (Collection collection : telemetry.collections()) {
        collection(generator, collection, level);
      }
      generator.writeEndArray();
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("cluster");
    generator.writeBooleanField("enabled", false);
    generator.writeEndObject();
    generator.writeObjectFieldStart("requests");
    responses(generator, "rest", telemetry.responses(), ResponseCount::isRest, perCollection);
    responses(generator, "grpc", telemetry.responses(), count -> !count.isRest(), perCollection);
    generator.writeEndObject();
    if (level >= LEVEL_COLLECTIONS) {
      process(generator, telemetry.memory());
    }
    generator.writeObjectFieldStart("quota");
    generator.writeObjectFieldStart("config");
    generator.writeBooleanField("enabled", false);
    generator.writeEndObject();
    generator.writeObjectFieldStart("exceeded");
    generator.writeNullField("resident_memory");
    generator.writeNullField("disk_usage");
    generator.writeEndObject();
    generator.writeEndObject();
    generator.writeEndObject();
  }

  private static void process(JsonGenerator generator, Memory memory) throws IOException {
    generator.writeObjectFieldStart("memory");
    generator.writeNumberField("active_bytes", memory.used());
    generator.writeNumberField("allocated_bytes", memory.used());
    generator.writeNumberField("metadata_bytes", 0);
    generator.writeNumberField("resident_bytes", memory.committed());
    generator.writeNumberField("retained_bytes", memory.committed() - memory.used());
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

  private static void collection(JsonGenerator generator, Collection collection, int level)
      throws IOException {
    CollectionInfo info = collection.info();
    generator.writeStartObject();
    if (level < LEVEL_CONFIG) {
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
      shards(generator, collection.shards());
    }
    generator.writeEndObject();
  }

  private static void shards(JsonGenerator generator, @Nullable CollectionShards shards)
      throws IOException {
    if (shards == null) {
      return;
    }
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

  /** What background work goes on, as far as the contract's words for it mean anything here. */
  public static void optimizations(JsonGenerator generator, CollectionInfo info, List<String> with)
      throws IOException {
    boolean isBusy = info.status() == CollectionInfo.Status.YELLOW;
    generator.writeStartObject();
    generator.writeObjectFieldStart("summary");
    generator.writeNumberField("queued_optimizations", isBusy ? 1 : 0);
    generator.writeNumberField("queued_segments", isBusy ? 1 : 0);
    generator.writeNumberField(
        "queued_points", isBusy ? Math.max(0, info.points() - info.indexedVectors()) : 0);
    generator.writeNumberField("idle_segments", info.segments() - (isBusy ? 1 : 0));
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
