package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.CheckpointFolder;
import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.points.PointStore;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the live folder says of files that were found damaged while they were in use: names that end
 * with {@link CheckedBlocks#CORRUPT}, in the homes of states and, gathered at the next opening,
 * beside them. They outlast openings that fail, and go when one has read in full what they stand
 * for, or nothing of that name is left.
 */
final class DamageMarks {
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

  /** Takes in what homes of states say. */
  void gather() throws IOException {
    for (Path entry : files.list(live)) {
      gather(entry);
    }
  }

  private void gather(Path home) throws IOException {
    for (Path file : files.list(home.resolve(Checkpointer.VECTORS))) {
      if (isMark(file)) {
        files.createFolder(vectors);
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

  /** Removes the home of a state that is closed; what it says of damage is kept. */
  void clear(Path home) throws IOException {
    gather(home);
    files.delete(home);
  }

  /**
   * Empties the live folder of all but marks and a home. A folder to which work of a state before
   * adds files just now stays until the next opening.
   */
  void clearOthers(Path home) throws IOException {
    for (Path file : files.list(vectors)) {
      if (!isMark(file)) {
        files.delete(file);
      }
    }
    for (Path entry : files.list(live)) {
      if (!isMark(entry) && !entry.equals(vectors) && !entry.equals(home)) {
        try {
          clear(entry);
        } catch (DirectoryNotEmptyException inUse) {
          log.warn("event=files-not-removed folder={} until=\"the next opening\"", entry);
        }
      }
    }
  }

  /**
   * An opening succeeded. Of the files in its home those that were suspect were read in full;
   * damaged ones were made again and stay suspect as long as a checkpoint has them.
   */
  void opened(Path home, CheckpointFolder checkpoints) {
    try {
      for (String name : suspects()) {
        if (Files.exists(home.resolve(Checkpointer.VECTORS).resolve(name))
            || !isInAny(checkpoints, name)) {
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
