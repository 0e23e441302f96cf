package dev.eddy.query.rest.json;

import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.WalConfig;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects that creating and changing a collection have in common. */
final class ConfigReader {
  private static final List<String> MEMORY = List.of("cold", "cached", "pinned");

  private ConfigReader() {}

  static HnswDiff hnsw(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Integer m;
          @Nullable Integer efConstruct;
          @Nullable Integer fullScanThreshold;
          @Nullable Integer maxIndexingThreads;
          @Nullable Boolean onDisk;
          @Nullable String memory;
          @Nullable Integer payloadM;
          @Nullable Boolean inlineStorage;
        };
    body.object(
        "struct HnswConfigDiff",
        field -> {
          switch (field) {
            case "m" -> draft.m = body.intAtLeast(0);
            case "ef_construct" -> draft.efConstruct = body.intAtLeast(4);
            case "full_scan_threshold" -> draft.fullScanThreshold = body.intAtLeast(10);
            case "max_indexing_threads" -> draft.maxIndexingThreads = body.intAtLeast(0);
            case "on_disk" -> draft.onDisk = body.bool();
            case "memory" -> draft.memory = body.word(MEMORY);
            case "payload_m" -> draft.payloadM = body.intAtLeast(0);
            case "inline_storage" -> draft.inlineStorage = body.bool();
            default -> body.skip();
          }
        });
    return new HnswDiff(
        draft.m,
        draft.efConstruct,
        draft.fullScanThreshold,
        draft.maxIndexingThreads,
        draft.onDisk,
        draft.memory,
        draft.payloadM,
        draft.inlineStorage);
  }

  static OptimizersConfig.Diff optimizers(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Double deletedThreshold;
          @Nullable Integer vacuumMinVectorNumber;
          @Nullable Integer defaultSegmentNumber;
          @Nullable Integer maxSegmentSize;
          @Nullable Integer memmapThreshold;
          @Nullable Integer indexingThreshold;
          @Nullable Long flushIntervalSec;
          @Nullable Integer maxOptimizationThreads;
          @Nullable Boolean preventUnoptimized;
        };
    body.object(
        "struct OptimizersConfigDiff",
        field -> {
          switch (field) {
            case "deleted_threshold" -> draft.deletedThreshold = body.f64Within(0, 1);
            case "vacuum_min_vector_number" -> draft.vacuumMinVectorNumber = body.intAtLeast(100);
            case "default_segment_number" -> draft.defaultSegmentNumber = body.intAtLeast(0);
            case "max_segment_size" -> draft.maxSegmentSize = body.intAtLeast(1);
            case "memmap_threshold" -> draft.memmapThreshold = body.intAtLeast(0);
            case "indexing_threshold" -> draft.indexingThreshold = body.intAtLeast(0);
            case "flush_interval_sec" -> draft.flushIntervalSec = body.count();
            case "max_optimization_threads" -> draft.maxOptimizationThreads = threads(body);
            case "prevent_unoptimized" -> draft.preventUnoptimized = body.bool();
            default -> body.skip();
          }
        });
    return new OptimizersConfig.Diff(
        draft.deletedThreshold,
        draft.vacuumMinVectorNumber,
        draft.defaultSegmentNumber,
        draft.maxSegmentSize,
        draft.memmapThreshold,
        draft.indexingThreshold,
        draft.flushIntervalSec,
        draft.maxOptimizationThreads,
        draft.preventUnoptimized);
  }

  /** A number, or {@code "auto"} for none given. */
  private static @Nullable Integer threads(JsonBody body) throws IOException {
    if (body.isString()) {
      body.word(List.of("auto"));
      return null;
    }
    return body.intAtLeast(0);
  }

  static WalConfig wal(JsonBody body) throws IOException {
    var draft =
        new Object() {
          int capacityMb = WalConfig.DEFAULT.walCapacityMb();
          int segmentsAhead = WalConfig.DEFAULT.walSegmentsAhead();
          int retainClosed = WalConfig.DEFAULT.walRetainClosed();
        };
    body.object(
        "struct WalConfigDiff",
        field -> {
          switch (field) {
            case "wal_capacity_mb" -> draft.capacityMb = body.intAtLeast(1);
            case "wal_segments_ahead" -> draft.segmentsAhead = body.intAtLeast(0);
            case "wal_retain_closed" -> draft.retainClosed = body.intAtLeast(1);
            default -> body.skip();
          }
        });
    return new WalConfig(draft.capacityMb, draft.segmentsAhead, draft.retainClosed);
  }

  /** {@code payload: {"memory": ...}}. */
  static @Nullable String payloadMemory(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable String memory;
        };
    body.object(
        "struct PayloadStorageParams",
        field -> {
          if (field.equals("memory")) {
            draft.memory = storageMemory(body);
          } else {
            body.skip();
          }
        });
    return draft.memory;
  }

  /** Where an index may be kept. */
  static String memory(JsonBody body) throws IOException {
    return body.word(MEMORY);
  }

  /** Where vectors or payloads may be kept: {@code pinned} is not among it. */
  static String storageMemory(JsonBody body) throws IOException {
    String memory = body.word(MEMORY);
    if (memory.equals("pinned")) {
      body.problem("value \"pinned\" invalid, must be cold or cached: pinned is for indexes only");
    }
    return memory;
  }
}
