package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.checkpoint.CheckpointManifest;
import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.checkpoint.StoredFile;
import dev.eddy.engine.field.FieldIndexManifest;
import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.points.PointStore;
import dev.eddy.engine.points.StoreOrigin;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a shard from its folder. Files of a checkpoint are linked or copied into the live folder,
 * which is scratch: nothing that is used later changes a checkpoint.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final ShardId id;
  private final UUID logTopicId;
  private final FileStore files;
  private final CheckpointFolder checkpoints;
  private final Checkpointer checkpointer;
  private final StateMaker states;
  private final EngineResources resources;
  private final ShardSettings settings;
  private final DamageMarks marks;
  private final StateHomes homes;
  private FileDamage damage = new FileDamage();

  Recovery(
      ShardId id, UUID logTopicId, Path folder, EngineResources resources, ShardSettings settings)
      throws IOException {
    this.id = id;
    this.logTopicId = logTopicId;
    Path live = folder.resolve("live");
    this.files = settings.files();
    this.marks = new DamageMarks(live, files);
    this.homes = StateHomes.open(live, marks, files);
    this.checkpoints = CheckpointFolder.open(folder.resolve("checkpoints"), files);
    this.checkpointer = new Checkpointer(id, logTopicId, checkpoints);
    this.resources = resources;
    this.states = new StateMaker(id, resources, settings);
    this.settings = settings;
  }

  Checkpointer checkpointer() {
    return checkpointer;
  }

  /** For the state that was opened. */
  Renumberer renumberer() {
    return new Renumberer(id, states, homes, checkpointer, resources, settings);
  }

  ShardState open() throws IOException {
    marks.gather();
    damage = new FileDamage(marks.suspects());
    return newest(!marks.isStoreSuspect());
  }

  private ShardState newest(boolean isTrusted) throws IOException {
    for (Path candidate : checkpoints.newestFirst()) {
      try {
        ShardState state = restore(candidate, isTrusted);
        log.info(
            "event=restored shard={} position={} checkpoint={}", id, state.position(), candidate);
        return state;
      } catch (CorruptFileException damaged) {
        checkpoints.setAside(candidate, damaged);
      } catch (UncheckedIOException failure) {
        if (!(failure.getCause() instanceof CorruptFileException damaged)) {
          throw failure;
        }
        checkpoints.setAside(candidate, damaged); // In what is read when it is needed.
      }
    }
    log.info("event=restored shard={} position=0 checkpoint=none", id);
    Path home = emptyHome();
    ShardState state = states.empty(home, damage);
    opened(home);
    return state;
  }

  private Path emptyHome() throws IOException {
    Path home = homes.next();
    marks.clearOthers(home);
    return home;
  }

  private void opened(Path home) {
    homes.opened(home);
    marks.opened(home, checkpoints);
  }

  private ShardState restore(Path candidate, boolean isTrusted) throws IOException {
    CheckpointFolder.Found found =
        checkpoints.verified(candidate, path -> isTrusted && Checkpointer.isTable(path));
    requireSameLog(found);
    try {
      Path home = emptyHome();
      ShardState state = restore(found, home, isTrusted);
      opened(home);
      return state;
    } catch (CorruptFileException damaged) {
      throw damaged;
    } catch (IOException failure) {
      // Tables were not read in full: if they are the reason, the checkpoint is of no use.
      var _ = checkpoints.verified(candidate, path -> false);
      throw failure;
    }
  }

  private void requireSameLog(CheckpointFolder.Found found) throws LogMismatchException {
    CheckpointManifest manifest = found.manifest();
    if (!manifest.shard().equals(id) || !manifest.logTopicId().equals(logTopicId)) {
      throw new LogMismatchException(
          "%s holds shard %s of log topic %s, not shard %s of log topic %s"
              .formatted(found.folder(), manifest.shard(), manifest.logTopicId(), id, logTopicId));
    }
  }

  /** Indexes as far as the checkpoint holds them; the others are read from payloads. */
  private FieldIndexes indexes(
      CheckpointFolder.Found found, Path home, @Nullable Shape shape, int slotCount)
      throws IOException {
    FieldIndexes indexes = states.indexes(home);
    JsonObject stored = found.manifest().fieldIndexes();
    if (shape == null || stored.isEmpty()) {
      return indexes;
    }
    FieldIndexManifest manifest;
    try {
      manifest = StoredIndexesJson.read(stored);
    } catch (IllegalArgumentException e) {
      log.error("event=indexes-unknown checkpoint={} reason=\"{}\"", found.folder(), e.toString());
      return indexes;
    }
    Path folder = found.folder().resolve(Checkpointer.INDEXES);
    int restored =
        indexes.restore(
            manifest, folder, shape.spec(), shape.fieldPoints(), slotCount, this::setAside);
    log.info(
        "event=indexes-restored shard={} fields={} of={}",
        id,
        restored,
        shape.spec().payloadIndexes().size());
    return indexes;
  }

  /** Puts a damaged file of indexes out of the way, for somebody to look at. */
  private void setAside(Path file, CorruptFileException reason) {
    log.error(
        "event=index-set-aside file={} reason=\"{}\" then=\"payloads are read again\"",
        file,
        reason.getMessage());
    Path folder = file.getParent();
    if (folder == null || !Files.exists(file)) {
      return;
    }
    try {
      Path target = file.resolveSibling(file.getFileName() + ".corrupt");
      files.delete(target);
      files.move(file, target);
      files.forceFolder(folder);
    } catch (IOException e) {
      // It stays where it is, and will be found damaged again.
      log.warn("event=index-not-set-aside file={}", file, e);
    }
  }

  private ShardState restore(CheckpointFolder.Found found, Path home, boolean isTrusted)
      throws IOException {
    CheckpointManifest manifest = found.manifest();
    @Nullable Shape shape = shape(found);
    SegmentResources segments = states.segments(home, damage);
    StateFile.Restored restored = StateFile.read(state(found), stateLength(found));
    Map<String, NamedField> fields = new LinkedHashMap<>();
    FieldIndexes indexes = null;
    PointStore store = null;
    try {
      if (shape != null) {
        FieldMaker maker = new FieldMaker(settings, segments);
        for (String name : shape.spec().vectorNames()) {
          fields.put(name, maker.restore(name, shape.spec(), found, restored.slots()));
        }
      }
      indexes = indexes(found, home, shape, restored.slots().slots());
      store = store(found, home);
      if (manifest.payloadBytes() == CheckpointManifest.UNKNOWN) {
        store.openNow(); // Only RocksDB can say, of what an earlier build wrote.
      }
      if (!isTrusted) {
        store.verify(); // Its checkpoint may have taken the checksum of what was damaged already.
      }
      checkpointer.restored(manifest);
      return states.state(
          segments,
          new ShardState.Parts(
              new PointWriter(restored.slots(), store, indexes, fields),
              new InboxTable(restored.inbox()),
              new VerdictRing(settings.verdictsKept(), restored.verdicts()),
              shape,
              manifest.position(),
              manifest.leaderEpoch()));
    } catch (IOException | RuntimeException e) {
      fields.values().forEach(NamedField::close);
      if (indexes != null) {
        indexes.close();
      }
      if (store != null) {
        store.close();
      }
      throw e;
    }
  }

  private static @Nullable Shape shape(CheckpointFolder.Found found) throws IOException {
    try {
      return Shape.of(found.manifest().shape());
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(found.folder(), 0, "a collection's shape", e.toString());
    }
  }

  private static Path state(CheckpointFolder.Found found) {
    return found.folder().resolve(Checkpointer.STATE);
  }

  private static long stateLength(CheckpointFolder.Found found) throws IOException {
    for (StoredFile file : found.manifest().files()) {
      if (file.path().equals(Checkpointer.STATE)) {
        return file.lengthBytes();
      }
    }
    throw new CorruptFileException(found.folder(), 0, "a file " + Checkpointer.STATE, "none");
  }

  /**
   * The checkpoint stays until the store is opened: before another one is published, that one has
   * copied the store.
   */
  private PointStore store(CheckpointFolder.Found found, Path home) {
    CheckpointManifest manifest = found.manifest();
    long tableBytes = 0;
    for (StoredFile file : manifest.files()) {
      tableBytes += Checkpointer.isTable(file.path()) ? file.lengthBytes() : 0;
    }
    return states.store(
        home,
        new StoreOrigin(
            found.folder().resolve(Checkpointer.POINTS),
            Math.max(0, manifest.payloadBytes()),
            tableBytes));
  }
}
