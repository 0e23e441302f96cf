package dev.eddy.query.rest.json;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.WalConfig;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a new collection is asked to be; what is not said takes its default. */
public final class CollectionSpecReader {
  private final JsonBody body;
  private Map<String, VectorParams> vectors = Map.of();
  private int shardNumber = 1;
  private int replicationFactor = 1;
  private int writeConsistencyFactor = 1;
  private boolean onDiskPayload = true;
  private @Nullable String payloadMemory;
  private HnswConfig hnsw = HnswConfig.DEFAULT;
  private OptimizersConfig optimizers = OptimizersConfig.DEFAULT;
  private WalConfig wal = WalConfig.DEFAULT;
  private @Nullable JsonObject metadata;
  private Map<String, SparseVectorParams> sparseVectors = Map.of();
  private @Nullable StrictMode strictMode;
  private @Nullable Quantization quantization;

  private CollectionSpecReader(JsonBody body) {
    this.body = body;
  }

  public static CollectionSpec read(JsonBody body) throws IOException {
    CollectionSpecReader reader = new CollectionSpecReader(body);
    body.object("struct CreateCollection", reader::field);
    return new CollectionSpec(
            reader.vectors,
            reader.shardNumber,
            reader.replicationFactor,
            reader.writeConsistencyFactor,
            null,
            null,
            reader.onDiskPayload,
            reader.payloadMemory,
            reader.hnsw,
            reader.optimizers,
            reader.wal,
            reader.metadata)
        .withSparseVectors(reader.sparseVectors)
        .withStrictMode(reader.strictMode)
        .withQuantization(reader.quantization);
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "vectors" -> vectors = VectorParamsReader.read(body);
      case "shard_number" -> shardNumber = body.u32AtLeast(1);
      case "replication_factor" -> replicationFactor = body.u32AtLeast(1);
      case "write_consistency_factor" -> writeConsistencyFactor = body.u32AtLeast(1);
      case "on_disk_payload" -> onDiskPayload = body.bool();
      case "payload" -> payloadMemory = ConfigReader.payloadMemory(body);
      case "hnsw_config" -> hnsw = HnswConfig.DEFAULT.with(ConfigReader.hnsw(body));
      case "optimizers_config", "optimizer_config" ->
          optimizers = OptimizersConfig.DEFAULT.with(ConfigReader.optimizers(body));
      case "wal_config" -> wal = ConfigReader.wal(body);
      case "metadata" -> metadata = PayloadReader.object(body);
      case "sharding_method" -> {
        body.word(List.of("auto", "custom"));
        body.refuseUnless(value -> value.equals(new JsonString("auto")));
      }
      case "sparse_vectors" -> sparseVectors = SparseParamsReader.read(body);
      case "strict_mode_config" -> strictMode = StrictModeReader.read(body);
      case "quantization_config", "quantization" -> quantization = QuantizationReader.read(body);
      default -> body.skip();
    }
  }
}
