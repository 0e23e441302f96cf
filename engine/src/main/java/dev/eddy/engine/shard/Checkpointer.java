package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.checkpoint.CheckpointManifest;
import dev.eddy.engine.checkpoint.StoredFile;
import dev.eddy.engine.field.FieldIndexCheckpoint;
import dev.eddy.engine.field.FieldIndexManifest;
import dev.eddy.engine.points.PointStoreCopy;
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
import org.jspecify.annotations.Nullable;

/**
 * Makes checkpoints of a shard in two steps: {@link #begin} takes the moment on the writer's
 * thread, {@link ShardCheckpoint#write} writes it on any other.
 *
 * <p>Threading: begin by the writer; one checkpoint at a time, so the rest needs no locks beyond
 * the hand-over.
 */
final class Checkpointer {
  static final String STATE = "state";
  static final String POINTS = "points";
  static final String VECTORS = "vectors";
  static final String INDEXES = "indexes";

  private final ShardId shard;
  private final UUID logTopicId;
  private final CheckpointFolder folder;

  /**
   * Tables of the point store that were read once since the shard was opened: RocksDB never changes
   * one and never uses its number again.
   */
  private final Map<String, StoredFile> knownTables = new HashMap<>();

  /** The point store went on too fast last time: the next checkpoint copies it at once. */
  private volatile boolean wasOvertaken;

  private volatile @Nullable ShardCheckpoint underway;

  /**
   * Everything that a checkpoint holds of one moment.
   *
   * @param points null when they were copied already
   * @param payloadBytes of those that were copied already
   */
  record Moment(
      long position,
      int leaderEpoch,
      @Nullable Shape shape,
      StateFile.Image state,
      Map<String, FieldCheckpoint> fields,
      FieldIndexCheckpoint indexes,
      @Nullable PointStoreCopy points,
      long payloadBytes)
      implements AutoCloseable {
    @Override
    public void close() {
      fields.values().forEach(FieldCheckpoint::close);
      indexes.close();
      if (points != null) {
        points.close();
      }
    }
  }

  Checkpointer(ShardId shard, UUID logTopicId, CheckpointFolder folder) {
    this.shard = shard;
    this.logTopicId = logTopicId;
    this.folder = folder;
  }

  /** Tables of the checkpoint that was restored need not be read to know what they are. */
  void restored(CheckpointManifest manifest) {
    knownTables.clear();
    for (StoredFile file : manifest.files()) {
      if (isTable(file.path())) {
        knownTables.put(file.path(), file);
      }
    }
  }

  /**
   * From now on checkpoints are of a state whose tables are others under the same names; none is
   * under way.
   */
  void forgetTables() {
    if (isUnderway()) {
      throw new IllegalStateException("a checkpoint of shard " + shard + " is under way");
    }
    knownTables.clear();
    wasOvertaken = false;
  }

  boolean isUnderway() {
    return underway != null;
  }

  /** Whether a file of a checkpoint is one of RocksDB's, which checks what it reads of it. */
  static boolean isTable(String path) {
    return path.endsWith(".sst");
  }

  /**
   * Takes the state as of now. Short, unless the checkpoint before was overtaken by the point
   * store's own flushes: then the store is copied here.
   *
   * @param isFinal whether the shard closes next: then nothing is left to be done again at restart
   */
  ShardCheckpoint begin(ShardState state, boolean isFinal) throws IOException {
    if (isUnderway()) {
      throw new IllegalStateException("a checkpoint of shard " + shard + " is under way");
    }
    @Nullable PointStoreCopy points = points(state);
    Map<String, FieldCheckpoint> fields = new LinkedHashMap<>();
    try {
      state
          .points()
          .fields()
          .forEach((name, field) -> fields.put(name, field.beginCheckpoint(isFinal)));
      StateFile.Image image = state.image();
      ShardCheckpoint begun =
          new ShardCheckpoint(
              this,
              new Moment(
                  state.position(),
                  state.leaderEpoch(),
                  state.shape(),
                  image,
                  fields,
                  state.points().indexes().beginCheckpoint(image.slots().slots().live()::isLive),
                  points,
                  points == null ? state.points().store().payloadBytes() : 0));
      underway = begun;
      return begun;
    } catch (RuntimeException e) {
      fields.values().forEach(FieldCheckpoint::close);
      if (points != null) {
        points.close();
      }
      throw e;
    }
  }

  private @Nullable PointStoreCopy points(ShardState state) throws IOException {
    if (!wasOvertaken) {
      return state.points().store().beginCopy();
    }
    state.points().store().copyTo(folder.begin().resolve(POINTS));
    return null;
  }

  CheckpointInfo write(Moment moment) throws IOException {
    try {
      return publish(moment);
    } catch (IOException | RuntimeException e) {
      folder.abandon(e);
      throw e;
    }
  }

  private CheckpointInfo publish(Moment moment) throws IOException {
    Path unfinished;
    PointStoreCopy points = moment.points();
    if (points == null) {
      unfinished = folder.begun();
      wasOvertaken = false;
    } else {
      unfinished = folder.begin();
      wasOvertaken = !points.writeTo(unfinished.resolve(POINTS));
      if (wasOvertaken) {
        throw new IOException("the point store of shard " + shard + " changed too fast");
      }
    }
    StateFile.write(unfinished.resolve(STATE), moment.state());
    Path vectors = Files.createDirectory(unfinished.resolve(VECTORS));
    Map<String, byte[]> fieldManifests = new LinkedHashMap<>();
    long lengthBytes = 0;
    for (FieldCheckpoint field : moment.fields().values()) {
      FieldCheckpoint.Written written = field.writeTo(vectors);
      fieldManifests.putAll(written.manifests());
      lengthBytes += written.lengthBytes();
    }
    FieldIndexManifest indexes =
        moment.indexes().writeTo(Files.createDirectory(unfinished.resolve(INDEXES)));
    lengthBytes += indexes.lengthBytes();
    List<StoredFile> files = files(unfinished);
    lengthBytes += files.stream().mapToLong(StoredFile::lengthBytes).sum();
    Path published =
        folder.publish(
            new CheckpointManifest(
                shard,
                logTopicId,
                moment.position(),
                moment.leaderEpoch(),
                files,
                fieldManifests,
                StoredIndexesJson.write(indexes),
                points == null ? moment.payloadBytes() : points.payloadBytes(),
                Shape.json(moment.shape())));
    return new CheckpointInfo(moment.position(), moment.leaderEpoch(), published, lengthBytes);
  }

  void ended(ShardCheckpoint checkpoint) {
    if (underway == checkpoint) {
      underway = null;
    }
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
