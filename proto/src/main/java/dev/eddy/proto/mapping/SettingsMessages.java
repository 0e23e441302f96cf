package dev.eddy.proto.mapping;

import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.proto.model.HnswMessage;
import dev.eddy.proto.model.OptimizersMessage;

/** Settings of graphs and of background work, as messages. */
final class SettingsMessages {
  private SettingsMessages() {}

  static HnswMessage hnsw(HnswDiff diff) {
    HnswMessage.Builder builder = HnswMessage.newBuilder();
    Present.set(diff.m(), builder::setM);
    Present.set(diff.efConstruct(), builder::setEfConstruct);
    Present.set(diff.fullScanThreshold(), builder::setFullScanThreshold);
    Present.set(diff.maxIndexingThreads(), builder::setMaxIndexingThreads);
    Present.set(diff.onDisk(), builder::setOnDisk);
    Present.set(diff.memory(), builder::setMemory);
    Present.set(diff.payloadM(), builder::setPayloadM);
    Present.set(diff.inlineStorage(), builder::setInlineStorage);
    return builder.build();
  }

  static HnswMessage hnsw(HnswConfig config) {
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

  static HnswDiff diff(HnswMessage message) {
    return new HnswDiff(
        message.hasM() ? (Integer) message.getM() : null,
        message.hasEfConstruct() ? (Integer) message.getEfConstruct() : null,
        message.hasFullScanThreshold() ? (Integer) message.getFullScanThreshold() : null,
        message.hasMaxIndexingThreads() ? (Integer) message.getMaxIndexingThreads() : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        message.hasMemory() ? message.getMemory() : null,
        message.hasPayloadM() ? (Integer) message.getPayloadM() : null,
        message.hasInlineStorage() ? (Boolean) message.getInlineStorage() : null);
  }

  static HnswConfig config(HnswMessage message) {
    if (!message.hasM()
        || !message.hasEfConstruct()
        || !message.hasFullScanThreshold()
        || !message.hasMaxIndexingThreads()) {
      throw PointMessages.unset("a number of the graph settings");
    }
    HnswDiff diff = diff(message);
    return new HnswConfig(
        message.getM(),
        message.getEfConstruct(),
        message.getFullScanThreshold(),
        message.getMaxIndexingThreads(),
        diff.onDisk(),
        diff.memory(),
        diff.payloadM(),
        diff.inlineStorage());
  }

  static OptimizersMessage optimizers(OptimizersConfig.Diff diff) {
    OptimizersMessage.Builder builder = OptimizersMessage.newBuilder();
    Present.set(diff.deletedThreshold(), builder::setDeletedThreshold);
    Present.set(diff.vacuumMinVectorNumber(), builder::setVacuumMinVectorNumber);
    Present.set(diff.defaultSegmentNumber(), builder::setDefaultSegmentNumber);
    Present.set(diff.maxSegmentSize(), builder::setMaxSegmentSize);
    Present.set(diff.memmapThreshold(), builder::setMemmapThreshold);
    Present.set(diff.indexingThreshold(), builder::setIndexingThreshold);
    Present.set(diff.flushIntervalSec(), builder::setFlushIntervalSec);
    Present.set(diff.maxOptimizationThreads(), builder::setMaxOptimizationThreads);
    Present.set(diff.preventUnoptimized(), builder::setPreventUnoptimized);
    return builder.build();
  }

  static OptimizersMessage optimizers(OptimizersConfig config) {
    return optimizers(
        new OptimizersConfig.Diff(
            config.deletedThreshold(),
            config.vacuumMinVectorNumber(),
            config.defaultSegmentNumber(),
            config.maxSegmentSize(),
            config.memmapThreshold(),
            config.indexingThreshold(),
            config.flushIntervalSec(),
            config.maxOptimizationThreads(),
            config.preventUnoptimized()));
  }

  static OptimizersConfig.Diff diff(OptimizersMessage message) {
    return new OptimizersConfig.Diff(
        message.hasDeletedThreshold() ? (Double) message.getDeletedThreshold() : null,
        message.hasVacuumMinVectorNumber() ? (Integer) message.getVacuumMinVectorNumber() : null,
        message.hasDefaultSegmentNumber() ? (Integer) message.getDefaultSegmentNumber() : null,
        message.hasMaxSegmentSize() ? (Integer) message.getMaxSegmentSize() : null,
        message.hasMemmapThreshold() ? (Integer) message.getMemmapThreshold() : null,
        message.hasIndexingThreshold() ? (Integer) message.getIndexingThreshold() : null,
        message.hasFlushIntervalSec() ? (Long) message.getFlushIntervalSec() : null,
        message.hasMaxOptimizationThreads() ? (Integer) message.getMaxOptimizationThreads() : null,
        message.hasPreventUnoptimized() ? (Boolean) message.getPreventUnoptimized() : null);
  }

  static OptimizersConfig config(OptimizersMessage message) {
    if (!message.hasDeletedThreshold()
        || !message.hasVacuumMinVectorNumber()
        || !message.hasDefaultSegmentNumber()
        || !message.hasFlushIntervalSec()) {
      throw PointMessages.unset("a number of the optimizer settings");
    }
    OptimizersConfig.Diff diff = diff(message);
    return new OptimizersConfig(
        message.getDeletedThreshold(),
        message.getVacuumMinVectorNumber(),
        message.getDefaultSegmentNumber(),
        diff.maxSegmentSize(),
        diff.memmapThreshold(),
        diff.indexingThreshold(),
        message.getFlushIntervalSec(),
        diff.maxOptimizationThreads(),
        diff.preventUnoptimized());
  }
}
