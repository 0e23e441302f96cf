package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.points.PointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the live folder says of files that were found damaged while they were in use: names that end
 * with {@link CheckedBlocks#CORRUPT}. They outlast openings that fail, and go when one has read in
 * full what they stand for, or nothing of that name is left.
 */
final class DamageMarks {
  /** What folders of states begin with that took the place of the one that was opened. */
  static final String HOMES = "renumbered-";

  private static final Logger log = LoggerFactory.getLogger(DamageMarks.class);

  private final Path live;
  private final Path vectors;
  private final Path points;
  private final FileStore files;

  DamageMarks(Path live, FileStore files) {
    this.live = live;
    this.vectors = live.resolve(Checkpointer.VECTORS);
    this.points = live.resolve(Checkpointer.POINTS);
    this.files = files;
  }

  private static boolean isMark(Path file) {
    return String.valueOf(file.getFileName()).endsWith(CheckedBlocks.CORRUPT);
  }

  /** Files of vectors that were found damaged, by their names without folder. */
  Set<String> suspects() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path file : files.list(vectors)) {
      if (isMark(file)) {
        String name = String.valueOf(file.getFileName());
        names.add(name.substring(0, name.length() - CheckedBlocks.CORRUPT.length()));
      }
    }
    return names;
  }

  /** Whether the point store was found damaged. */
  boolean isStoreSuspect() {
    return PointStore.wasDamaged(points);
  }

  /** Takes in what homes of other states say. */
  void gather() throws IOException {
    for (Path entry : files.list(live)) {
      if (String.valueOf(entry.getFileName()).startsWith(HOMES)) {
        gather(entry);
      }
    }
  }

  private void gather(Path home) throws IOException {
    for (Path file : files.list(home.resolve(Checkpointer.VECTORS))) {
      if (isMark(file)) {
        take(file, vectors.resolve(file.getFileName()));
      }
    }
    if (PointStore.wasDamaged(home.resolve(Checkpointer.POINTS))) {
      take(PointStore.markOf(home.resolve(Checkpointer.POINTS)), PointStore.markOf(points));
    }
  }

  private void take(Path mark, Path target) throws IOException {
    files.delete(target);
    files.move(mark, target);
  }

  /** Removes the files of a state that is closed; what says of damage is kept. */
  void clear(Path home) throws IOException {
    if (home.equals(live)) {
      clearVectors();
      files.delete(points);
      files.delete(live.resolve(Checkpointer.INDEXES));
    } else {
      gather(home);
      files.delete(home);
    }
  }

  private void clearVectors() throws IOException {
    for (Path file : files.list(vectors)) {
      if (!isMark(file)) {
        files.delete(file);
      }
    }
  }

  /** Empties the live folder of everything else. */
  void clearOthers() throws IOException {
    clearVectors();
    for (Path entry : files.list(live)) {
      if (!isMark(entry) && !entry.equals(vectors)) {
        files.delete(entry);
      }
    }
  }

  /**
   * An opening succeeded. Of its files those that are in use were read in full; damaged ones were
   * made again and stay suspect as long as a checkpoint has them.
   */
  void opened(CheckpointFolder checkpoints) {
    try {
      for (String name : suspects()) {
        if (Files.exists(vectors.resolve(name)) || !isInAny(checkpoints, name)) {
          files.delete(vectors.resolve(name + CheckedBlocks.CORRUPT));
        }
      }
      files.delete(PointStore.markOf(points));
    } catch (IOException e) {
      // The next opening reads more than it need.
      log.warn("event=damage-marks-not-removed folder={}", live, e);
    }
  }

  private static boolean isInAny(CheckpointFolder checkpoints, String name) throws IOException {
    for (Path checkpoint : checkpoints.newestFirst()) {
      if (Files.exists(checkpoint.resolve(Checkpointer.VECTORS).resolve(name))) {
        return true;
      }
    }
    return false;
  }
}
