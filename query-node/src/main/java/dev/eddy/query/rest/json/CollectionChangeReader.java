package dev.eddy.query.rest.json;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to change of a collection; what is not said stays. */
public final class CollectionChangeReader {
  private final JsonBody body;
  private final Map<String, CollectionChange.VectorDiff> vectors = new LinkedHashMap<>();
  private @Nullable HnswDiff hnsw;
  private OptimizersConfig.@Nullable Diff optimizers;
  private @Nullable Integer replicationFactor;
  private @Nullable Integer writeConsistencyFactor;
  private @Nullable Integer readFanOutFactor;
  private @Nullable Long readFanOutDelayMs;
  private @Nullable Boolean onDiskPayload;
  private @Nullable String payloadMemory;
  private @Nullable JsonObject metadata;
  private Map<String, SparseVectorParams> sparseVectors = Map.of();
  private @Nullable StrictMode strictMode;
  private @Nullable QuantizationDiff quantization;

  private CollectionChangeReader(JsonBody body) {
    this.body = body;
  }

  public static CollectionChange read(JsonBody body) throws IOException {
    CollectionChangeReader reader = new CollectionChangeReader(body);
    body.object("struct UpdateCollection", reader::field);
    return new CollectionChange(
            reader.vectors,
            reader.hnsw,
            reader.optimizers,
            reader.replicationFactor,
            reader.writeConsistencyFactor,
            reader.readFanOutFactor,
            reader.readFanOutDelayMs,
            reader.onDiskPayload,
            reader.payloadMemory,
            reader.metadata)
        .withSparseVectors(reader.sparseVectors)
        .withStrictMode(reader.strictMode)
        .withQuantization(reader.quantization);
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "vectors" -> body.map(name -> vectors.put(name, vectorDiff()));
      case "hnsw_config" -> hnsw = ConfigReader.hnsw(body);
      case "optimizers_config", "optimizer_config" -> optimizers = ConfigReader.optimizers(body);
      case "params" -> body.object("struct CollectionParamsDiff", this::param);
      case "metadata" -> metadata = PayloadReader.object(body);
      case "sparse_vectors" -> sparseVectors = SparseParamsReader.read(body);
      case "strict_mode_config" -> strictMode = StrictModeReader.read(body);
      case "quantization_config", "quantization" -> quantization = QuantizationReader.diff(body);
      default -> body.skip();
    }
  }

  private void param(String field) throws IOException {
    switch (field) {
      case "replication_factor" -> replicationFactor = body.u32AtLeast(1);
      case "write_consistency_factor" -> writeConsistencyFactor = body.u32AtLeast(1);
      case "read_fan_out_factor" -> readFanOutFactor = body.u32AtLeast(0);
      case "read_fan_out_delay_ms" -> readFanOutDelayMs = body.count();
      case "on_disk_payload" -> onDiskPayload = body.bool();
      case "payload" -> payloadMemory = ConfigReader.payloadMemory(body);
      default -> body.skip();
    }
  }

  private CollectionChange.VectorDiff vectorDiff() throws IOException {
    var draft =
        new Object() {
          @Nullable HnswDiff hnsw;
          @Nullable Boolean onDisk;
          @Nullable String memory;
          @Nullable QuantizationDiff quantization;
        };
    body.object(
        "struct VectorParamsDiff",
        field -> {
          switch (field) {
            case "hnsw_config" -> draft.hnsw = ConfigReader.hnsw(body);
            case "on_disk" -> draft.onDisk = body.bool();
            case "memory" -> draft.memory = ConfigReader.storageMemory(body);
            case "quantization_config", "quantization" ->
                draft.quantization = QuantizationReader.diff(body);
            default -> body.skip();
          }
        });
    return new CollectionChange.VectorDiff(
        draft.hnsw, draft.onDisk, draft.memory, draft.quantization);
  }
}
