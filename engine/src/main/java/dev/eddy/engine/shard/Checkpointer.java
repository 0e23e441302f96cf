package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.checkpoint.CheckpointManifest;
import dev.eddy.engine.checkpoint.StoredFile;
import dev.eddy.engine.points.ContentHash;
import dev.eddy.engine.segment.FilePart;
import dev.eddy.engine.segment.VectorFieldCheckpoint;
import dev.eddy.engine.segment.VectorFieldManifest;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes a shard's state as one checkpoint at one position. Owned by the writer. */
final class Checkpointer {
  static final String STATE = "state";
  static final String POINTS = "points";
  static final String VECTORS = "vectors";

  private final ShardId shard;
  private final UUID logTopicId;
  private final CheckpointFolder folder;

  /**
   * Tables of the point store that were read once since the shard was opened: RocksDB never changes
   * one and never uses its number again.
   */
  private final Map<String, StoredFile> knownTables = new HashMap<>();

  Checkpointer(ShardId shard, UUID logTopicId, CheckpointFolder folder) {
    this.shard = shard;
    this.logTopicId = logTopicId;
    this.folder = folder;
  }

  CheckpointInfo write(ShardState state) throws IOException {
    Path unfinished = folder.begin();
    state.points().store().copyTo(unfinished.resolve(POINTS));
    Map<String, VectorFieldCheckpoint> fields = new LinkedHashMap<>();
    try {
      state
          .points()
          .fields()
          .forEach((name, field) -> fields.put(name, field.vectors().beginCheckpoint(false)));
      return finish(unfinished, state, fields);
    } finally {
      fields.values().forEach(VectorFieldCheckpoint::close);
    }
  }

  private CheckpointInfo finish(
      Path unfinished, ShardState state, Map<String, VectorFieldCheckpoint> fields)
      throws IOException {
    ContentHash hash = state.points().slots().contentHash();
    StateFile.write(
        unfinished.resolve(STATE),
        new StateFile.Image(
            state.points().slots().image(),
            hash.first(),
            hash.second(),
            state.inboxImage(),
            state.verdicts().image()));
    Path vectors = Files.createDirectory(unfinished.resolve(VECTORS));
    Map<String, byte[]> fieldManifests = new LinkedHashMap<>();
    long lengthBytes = 0;
    for (Map.Entry<String, VectorFieldCheckpoint> entry : fields.entrySet()) {
      VectorFieldManifest manifest = entry.getValue().writeTo(vectors);
      fieldManifests.put(entry.getKey(), manifest.encode());
      lengthBytes += manifest.files().stream().mapToLong(FilePart::lengthBytes).sum();
    }
    List<StoredFile> files = files(unfinished);
    lengthBytes += files.stream().mapToLong(StoredFile::lengthBytes).sum();
    Path published =
        folder.publish(
            new CheckpointManifest(
                shard,
                logTopicId,
                state.position(),
                state.leaderEpoch(),
                files,
                fieldManifests,
                Shape.json(state.shape())));
    return new CheckpointInfo(state.position(), state.leaderEpoch(), published, lengthBytes);
  }

  private List<StoredFile> files(Path unfinished) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    files.add(StoredFile.of(unfinished, unfinished.resolve(STATE)));
    Map<String, StoredFile> tables = new HashMap<>();
    for (Path file : children(unfinished.resolve(POINTS))) {
      String path = unfinished.relativize(file).toString();
      StoredFile known = knownTables.get(path);
      StoredFile stored = known != null ? known : StoredFile.of(unfinished, file);
      if (path.endsWith(".sst")) {
        tables.put(path, stored);
      }
      files.add(stored);
    }
    knownTables.clear();
    knownTables.putAll(tables);
    return files;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
