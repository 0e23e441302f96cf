package dev.eddy.query.service;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionMemory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A collection without the names that its users gave to its parts, and without their metadata. */
final class Anonymous {
  private Anonymous() {}

  static CollectionInfo of(CollectionInfo info) {
    return new CollectionInfo(
        info.collectionId().toString(),
        info.collectionId(),
        info.generation(),
        info.status(),
        info.optimizerError(),
        List.of(),
        info.points(),
        info.indexedVectors(),
        info.segments(),
        of(info.spec()),
        info.updateQueueLength(),
        info.storage(),
        Map.of());
  }

  static @Nullable CollectionMemory of(@Nullable CollectionMemory memory) {
    return memory == null
        ? null
        : new CollectionMemory(memory.shards().stream().map(MemoryUse::withoutFields).toList());
  }

  private static CollectionSpec of(CollectionSpec spec) {
    Map<String, String> names = new HashMap<>();
    for (String name : spec.vectorNames()) {
      names.put(name, name.equals(Vectors.UNNAMED) ? name : "vector_" + (names.size() + 1));
    }
    StrictMode strictMode = spec.strictMode();
    return new CollectionSpec(
        renamed(spec.vectors(), names),
        spec.shardNumber(),
        spec.replicationFactor(),
        spec.writeConsistencyFactor(),
        spec.readFanOutFactor(),
        spec.readFanOutDelayMs(),
        spec.onDiskPayload(),
        spec.payloadMemory(),
        spec.hnsw(),
        spec.optimizers(),
        spec.wal(),
        null,
        Map.of(),
        strictMode == null
            ? null
            : strictMode.withBounds(
                renamed(strictMode.multivectors(), names),
                renamed(strictMode.sparseVectors(), names)),
        renamed(spec.sparseVectors(), names),
        spec.quantization());
  }

  private static <T> Map<String, T> renamed(Map<String, T> byName, Map<String, String> names) {
    Map<String, T> renamed = new TreeMap<>();
    byName.forEach((name, value) -> renamed.put(names.getOrDefault(name, name), value));
    return renamed;
  }
}
