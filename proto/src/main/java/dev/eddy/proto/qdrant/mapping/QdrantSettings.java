package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.WalConfig;
import dev.eddy.proto.qdrant.HnswConfigDiff;
import dev.eddy.proto.qdrant.MaxOptimizationThreads;
import dev.eddy.proto.qdrant.Memory;
import dev.eddy.proto.qdrant.OptimizersConfigDiff;
import dev.eddy.proto.qdrant.WalConfigDiff;
import org.jspecify.annotations.Nullable;

/** Settings of graphs, background work and the original's log, as clients give and see them. */
final class QdrantSettings {
  private QdrantSettings() {}

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  static HnswDiff hnsw(HnswConfigDiff message, String path) {
    return new HnswDiff(
        number(message.hasM(), 0, message.getM(), path + ".m"),
        number(message.hasEfConstruct(), 4, message.getEfConstruct(), path + ".ef_construct"),
        number(
            message.hasFullScanThreshold(),
            10,
            message.getFullScanThreshold(),
            path + ".full_scan_threshold"),
        number(
            message.hasMaxIndexingThreads(),
            0,
            message.getMaxIndexingThreads(),
            path + ".max_indexing_threads"),
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        memory(message.hasMemory(), message.getMemory(), path + ".memory"),
        number(message.hasPayloadM(), 0, message.getPayloadM(), path + ".payload_m"),
        message.hasInlineStorage() ? (Boolean) message.getInlineStorage() : null);
  }

  static HnswConfigDiff hnsw(HnswConfig config) {
    return hnsw(
        new HnswDiff(
            config.m(),
            config.efConstruct(),
            config.fullScanThreshold(),
            config.maxIndexingThreads(),
            config.onDisk(),
            config.memory(),
            config.payloadM(),
            config.inlineStorage()));
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  static HnswConfigDiff hnsw(HnswDiff diff) {
    HnswConfigDiff.Builder builder = HnswConfigDiff.newBuilder();
    Given.setLong(diff.m(), builder::setM);
    Given.setLong(diff.efConstruct(), builder::setEfConstruct);
    Given.setLong(diff.fullScanThreshold(), builder::setFullScanThreshold);
    Given.setLong(diff.maxIndexingThreads(), builder::setMaxIndexingThreads);
    Given.set(diff.onDisk(), builder::setOnDisk);
    Given.set(diff.memory(), word -> builder.setMemory(memory(word)));
    Given.setLong(diff.payloadM(), builder::setPayloadM);
    Given.set(diff.inlineStorage(), builder::setInlineStorage);
    return builder.build();
  }

  static OptimizersConfig.Diff optimizers(OptimizersConfigDiff message, String path) {
    return new OptimizersConfig.Diff(
        message.hasDeletedThreshold()
            ? (Double)
                Rules.within(0, 1, message.getDeletedThreshold(), path + ".deleted_threshold")
            : null,
        number(
            message.hasVacuumMinVectorNumber(),
            100,
            message.getVacuumMinVectorNumber(),
            path + ".vacuum_min_vector_number"),
        number(
            message.hasDefaultSegmentNumber(),
            0,
            message.getDefaultSegmentNumber(),
            path + ".default_segment_number"),
        number(
            message.hasMaxSegmentSize(),
            1,
            message.getMaxSegmentSize(),
            path + ".max_segment_size"),
        number(
            message.hasMemmapThreshold(),
            0,
            message.getMemmapThreshold(),
            path + ".memmap_threshold"),
        number(
            message.hasIndexingThreshold(),
            0,
            message.getIndexingThreshold(),
            path + ".indexing_threshold"),
        Rules.count(message.hasFlushIntervalSec(), message.getFlushIntervalSec()),
        threads(message, path),
        message.hasPreventUnoptimized() ? (Boolean) message.getPreventUnoptimized() : null);
  }

  /** A number; null for none given and for "auto". */
  private static @Nullable Integer threads(OptimizersConfigDiff message, String path) {
    if (!message.hasMaxOptimizationThreads()) {
      return number(
          message.hasDeprecatedMaxOptimizationThreads(),
          0,
          message.getDeprecatedMaxOptimizationThreads(),
          path + ".deprecated_max_optimization_threads");
    }
    MaxOptimizationThreads threads = message.getMaxOptimizationThreads();
    String place = path + ".max_optimization_threads";
    return switch (threads.getVariantCase()) {
      case VALUE -> (Integer) Rules.setting(0, threads.getValue(), place);
      case SETTING -> {
        if (threads.getSetting() != MaxOptimizationThreads.Setting.Auto) {
          throw Rules.unrecognized(place);
        }
        yield null;
      }
      case VARIANT_NOT_SET -> throw Rules.unset(place);
    };
  }

  static OptimizersConfigDiff optimizers(OptimizersConfig config) {
    OptimizersConfigDiff.Builder builder =
        OptimizersConfigDiff.newBuilder()
            .setDeletedThreshold(config.deletedThreshold())
            .setVacuumMinVectorNumber(config.vacuumMinVectorNumber())
            .setDefaultSegmentNumber(config.defaultSegmentNumber())
            .setFlushIntervalSec(config.flushIntervalSec());
    Given.setLong(config.maxSegmentSize(), builder::setMaxSegmentSize);
    Given.setLong(config.memmapThreshold(), builder::setMemmapThreshold);
    Given.setLong(config.indexingThreshold(), builder::setIndexingThreshold);
    Given.set(
        config.maxOptimizationThreads(),
        threads ->
            builder
                .setMaxOptimizationThreads(MaxOptimizationThreads.newBuilder().setValue(threads))
                .setDeprecatedMaxOptimizationThreads(threads));
    Given.set(config.preventUnoptimized(), builder::setPreventUnoptimized);
    return builder.build();
  }

  static WalConfig wal(WalConfigDiff message, String path) {
    WalConfig standard = WalConfig.DEFAULT;
    return new WalConfig(
        message.hasWalCapacityMb()
            ? Rules.setting(1, message.getWalCapacityMb(), path + ".wal_capacity_mb")
            : standard.walCapacityMb(),
        message.hasWalSegmentsAhead()
            ? Rules.setting(0, message.getWalSegmentsAhead(), path + ".wal_segments_ahead")
            : standard.walSegmentsAhead(),
        message.hasWalRetainClosed()
            ? Rules.setting(1, message.getWalRetainClosed(), path + ".wal_retain_closed")
            : standard.walRetainClosed());
  }

  static WalConfigDiff wal(WalConfig config) {
    return WalConfigDiff.newBuilder()
        .setWalCapacityMb(config.walCapacityMb())
        .setWalSegmentsAhead(config.walSegmentsAhead())
        .setWalRetainClosed(config.walRetainClosed())
        .build();
  }

  static @Nullable String memory(boolean present, Memory memory, String path) {
    if (!present) {
      return null;
    }
    return switch (memory) {
      case MemoryUnknown -> null;
      case Cold -> "cold";
      case Cached -> "cached";
      case Pinned -> "pinned";
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  /** Where vectors or payloads are kept, which can't be pinned. */
  static @Nullable String storageMemory(boolean present, Memory memory, String path) {
    if (present && memory == Memory.Pinned) {
      RuleBook.note(path + ": value pinned invalid, must be cold or cached");
    }
    return memory(present, memory, path);
  }

  static Memory memory(String word) {
    return switch (word) {
      case "cold" -> Memory.Cold;
      case "cached" -> Memory.Cached;
      case "pinned" -> Memory.Pinned;
      default -> Memory.MemoryUnknown;
    };
  }

  private static @Nullable Integer number(boolean present, int min, long value, String path) {
    return present ? (Integer) Rules.setting(min, value, path) : null;
  }
}
