package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.query.collection.CollectionAlias;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionShards;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collections in answers: state, effective configuration, aliases and shards. */
public final class CollectionWriter {
  private CollectionWriter() {}

  public static void names(JsonGenerator generator, List<String> names) throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("collections");
    for (String name : names) {
      generator.writeStartObject();
      generator.writeStringField("name", name);
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  public static void aliases(JsonGenerator generator, List<CollectionAlias> aliases)
      throws IOException {
    generator.writeStartObject();
    generator.writeArrayFieldStart("aliases");
    for (CollectionAlias alias : aliases) {
      generator.writeStartObject();
      generator.writeStringField("alias_name", alias.alias());
      generator.writeStringField("collection_name", alias.collection());
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  public static void info(JsonGenerator generator, CollectionInfo info) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("status", info.status().name().toLowerCase(Locale.ROOT));
    generator.writeFieldName("optimizer_status");
    optimizerStatus(generator, info.optimizerError());
    if (!info.warnings().isEmpty()) {
      generator.writeArrayFieldStart("warnings");
      for (String warning : info.warnings()) {
        generator.writeStartObject();
        generator.writeStringField("message", warning);
        generator.writeEndObject();
      }
      generator.writeEndArray();
    }
    generator.writeNumberField("indexed_vectors_count", info.indexedVectors());
    generator.writeNumberField("points_count", info.points());
    generator.writeNumberField("segments_count", info.segments());
    generator.writeFieldName("config");
    config(generator, info.spec());
    generator.writeFieldName("payload_schema");
    FieldIndexWriter.schema(generator, info);
    generator.writeObjectFieldStart("update_queue");
    generator.writeNumberField("length", info.updateQueueLength());
    generator.writeEndObject();
    generator.writeEndObject();
  }

  static void optimizerStatus(JsonGenerator generator, @Nullable String error) throws IOException {
    if (error == null) {
      generator.writeString("ok");
    } else {
      generator.writeStartObject();
      generator.writeStringField("error", error);
      generator.writeEndObject();
    }
  }

  static void config(JsonGenerator generator, CollectionSpec spec) throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("params");
    params(generator, spec);
    generator.writeFieldName("hnsw_config");
    hnsw(generator, spec.hnsw());
    generator.writeFieldName("optimizer_config");
    optimizers(generator, spec.optimizers());
    generator.writeObjectFieldStart("wal_config");
    generator.writeNumberField("wal_capacity_mb", spec.wal().walCapacityMb());
    generator.writeNumberField("wal_segments_ahead", spec.wal().walSegmentsAhead());
    generator.writeNumberField("wal_retain_closed", spec.wal().walRetainClosed());
    generator.writeEndObject();
    generator.writeFieldName("quantization_config");
    QuantizationWriter.write(generator, spec.quantization());
    if (spec.strictMode() != null) {
      generator.writeFieldName("strict_mode_config");
      StrictModeWriter.limits(generator, spec.strictMode());
    }
    if (spec.metadata() != null) {
      generator.writeFieldName("metadata");
      JsonCodec.write(spec.metadata(), generator);
    }
    generator.writeEndObject();
  }

  static void params(JsonGenerator generator, CollectionSpec spec) throws IOException {
    generator.writeStartObject();
    generator.writeFieldName("vectors");
    VectorParams unnamed = spec.vectors().get(Vectors.UNNAMED);
    if (unnamed != null && spec.vectors().size() == 1) {
      vector(generator, unnamed);
    } else {
      generator.writeStartObject();
      for (Map.Entry<String, VectorParams> named : spec.vectors().entrySet()) {
        generator.writeFieldName(named.getKey());
        vector(generator, named.getValue());
      }
      generator.writeEndObject();
    }
    generator.writeNumberField("shard_number", spec.shardNumber());
    generator.writeNumberField("replication_factor", spec.replicationFactor());
    generator.writeNumberField("write_consistency_factor", spec.writeConsistencyFactor());
    number(generator, "read_fan_out_factor", spec.readFanOutFactor());
    number(generator, "read_fan_out_delay_ms", spec.readFanOutDelayMs());
    generator.writeBooleanField("on_disk_payload", spec.onDiskPayload());
    if (spec.payloadMemory() != null) {
      generator.writeObjectFieldStart("payload");
      generator.writeStringField("memory", spec.payloadMemory());
      generator.writeEndObject();
    }
    if (!spec.sparseVectors().isEmpty()) {
      generator.writeObjectFieldStart("sparse_vectors");
      for (Map.Entry<String, SparseVectorParams> named : spec.sparseVectors().entrySet()) {
        generator.writeFieldName(named.getKey());
        sparse(generator, named.getValue());
      }
      generator.writeEndObject();
    }
    generator.writeEndObject();
  }

  private static void vector(JsonGenerator generator, VectorParams params) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("size", params.size());
    generator.writeStringField("distance", params.distance().apiName());
    if (params.hnsw() != null) {
      generator.writeFieldName("hnsw_config");
      hnswDiff(generator, params.hnsw());
    }
    flag(generator, "on_disk", params.onDisk());
    text(generator, "memory", params.memory());
    text(generator, "datatype", params.datatype());
    if (params.multivector() != null) {
      generator.writeObjectFieldStart("multivector_config");
      generator.writeStringField("comparator", params.multivector().apiName());
      generator.writeEndObject();
    }
    if (params.quantization() != null) {
      generator.writeFieldName("quantization_config");
      QuantizationWriter.write(generator, params.quantization());
    }
    generator.writeEndObject();
  }

  private static void sparse(JsonGenerator generator, SparseVectorParams params)
      throws IOException {
    generator.writeStartObject();
    SparseVectorParams.Index index = params.index();
    if (index != null) {
      generator.writeObjectFieldStart("index");
      number(generator, "full_scan_threshold", index.fullScanThreshold());
      flag(generator, "on_disk", index.onDisk());
      text(generator, "memory", index.memory());
      text(generator, "datatype", index.datatype());
      generator.writeEndObject();
    }
    if (params.modifier() != null) {
      generator.writeStringField("modifier", params.modifier().apiName());
    }
    generator.writeEndObject();
  }

  private static void hnswDiff(JsonGenerator generator, HnswDiff diff) throws IOException {
    generator.writeStartObject();
    number(generator, "m", diff.m());
    number(generator, "ef_construct", diff.efConstruct());
    number(generator, "full_scan_threshold", diff.fullScanThreshold());
    number(generator, "max_indexing_threads", diff.maxIndexingThreads());
    flag(generator, "on_disk", diff.onDisk());
    text(generator, "memory", diff.memory());
    number(generator, "payload_m", diff.payloadM());
    flag(generator, "inline_storage", diff.inlineStorage());
    generator.writeEndObject();
  }

  private static void hnsw(JsonGenerator generator, HnswConfig config) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("m", config.m());
    generator.writeNumberField("ef_construct", config.efConstruct());
    generator.writeNumberField("full_scan_threshold", config.fullScanThreshold());
    generator.writeNumberField("max_indexing_threads", config.maxIndexingThreads());
    flag(generator, "on_disk", config.onDisk());
    text(generator, "memory", config.memory());
    number(generator, "payload_m", config.payloadM());
    flag(generator, "inline_storage", config.inlineStorage());
    generator.writeEndObject();
  }

  private static void optimizers(JsonGenerator generator, OptimizersConfig config)
      throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("deleted_threshold", config.deletedThreshold());
    generator.writeNumberField("vacuum_min_vector_number", config.vacuumMinVectorNumber());
    generator.writeNumberField("default_segment_number", config.defaultSegmentNumber());
    numberOrNull(generator, "max_segment_size", config.maxSegmentSize());
    numberOrNull(generator, "memmap_threshold", config.memmapThreshold());
    numberOrNull(generator, "indexing_threshold", config.indexingThreshold());
    generator.writeNumberField("flush_interval_sec", config.flushIntervalSec());
    numberOrNull(generator, "max_optimization_threads", config.maxOptimizationThreads());
    flag(generator, "prevent_unoptimized", config.preventUnoptimized());
    generator.writeEndObject();
  }

  public static void shards(JsonGenerator generator, CollectionShards shards) throws IOException {
    generator.writeStartObject();
    unsigned(generator, "peer_id", shards.peerId());
    generator.writeNumberField("shard_count", shards.shardCount());
    generator.writeArrayFieldStart("local_shards");
    for (CollectionShards.LocalShard shard : shards.local()) {
      generator.writeStartObject();
      generator.writeNumberField("shard_id", shard.shard());
      generator.writeNumberField("points_count", shard.points());
      generator.writeStringField("state", state(shard.state()));
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("remote_shards");
    for (CollectionShards.RemoteShard shard : shards.remote()) {
      generator.writeStartObject();
      generator.writeNumberField("shard_id", shard.shard());
      unsigned(generator, "peer_id", shard.peerId());
      generator.writeStringField("state", state(shard.state()));
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeArrayFieldStart("shard_transfers");
    generator.writeEndArray();
    generator.writeEndObject();
  }

  /** The contract's word for the state of a replica. */
  static String state(ReplicaState state) {
    return switch (state) {
      case READING -> "Active";
      case CATCHING_UP, JOINING -> "Partial";
      case LEAVING -> "Dead";
    };
  }

  private static void unsigned(JsonGenerator generator, String field, long bits)
      throws IOException {
    generator.writeFieldName(field);
    PointWriter.id(generator, PointId.of(bits));
  }

  private static void number(JsonGenerator generator, String field, @Nullable Number value)
      throws IOException {
    if (value != null) {
      generator.writeNumberField(field, value.longValue());
    }
  }

  private static void numberOrNull(JsonGenerator generator, String field, @Nullable Number value)
      throws IOException {
    if (value == null) {
      generator.writeNullField(field);
    } else {
      generator.writeNumberField(field, value.longValue());
    }
  }

  private static void flag(JsonGenerator generator, String field, @Nullable Boolean value)
      throws IOException {
    if (value != null) {
      generator.writeBooleanField(field, value);
    }
  }

  private static void text(JsonGenerator generator, String field, @Nullable String value)
      throws IOException {
    if (value != null) {
      generator.writeStringField(field, value);
    }
  }
}
