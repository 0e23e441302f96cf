package dev.eddy.engine.checkpoint;

import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one shard: {@code checkpoint-<number>}, the highest number the newest.
 *
 * <p>A checkpoint is written in a folder of another name and becomes one by a rename, after all its
 * files and names are durable. Two are kept. One checkpoint at a time, by one thread at a time.
 */
public final class CheckpointFolder {
  private static final Logger log = LoggerFactory.getLogger(CheckpointFolder.class);

  private static final String MANIFEST = "manifest";
  private static final String UNFINISHED = "unfinished";
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{12})");
  private static final int KEPT = 2;

  private final Path folder;
  private final FileStore files;
  private long nextNumber = 1;

  /** A published checkpoint. */
  public record Found(Path folder, CheckpointManifest manifest) {}

  private CheckpointFolder(Path folder, FileStore files) {
    this.folder = folder;
    this.files = files;
  }

  /** The checkpoints in a folder, which is made if missing; leftovers of a crash are removed. */
  public static CheckpointFolder open(Path folder, FileStore files) throws IOException {
    files.createFolder(folder);
    CheckpointFolder checkpoints = new CheckpointFolder(folder, files);
    for (Path entry : files.list(folder)) {
      String name = String.valueOf(entry.getFileName());
      Matcher matcher = NAME.matcher(name.replace(".corrupt", ""));
      if (matcher.matches()) {
        checkpoints.nextNumber =
            Math.max(checkpoints.nextNumber, Long.parseLong(matcher.group(1)) + 1);
      }
      if (name.equals(UNFINISHED)) {
        files.delete(entry);
      }
    }
    return checkpoints;
  }

  /** Folders of published checkpoints, the newest first. */
  public List<Path> newestFirst() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path entry : files.list(folder)) {
      if (NAME.matcher(String.valueOf(entry.getFileName())).matches()) {
        found.addFirst(entry);
      }
    }
    return found;
  }

  /**
   * Reads a checkpoint's manifest and the files it lists.
   *
   * @param isReadLater files of which only the length is looked at, by their paths: who uses them
   *     checks what is read of them
   * @throws CorruptFileException when anything is not as it was written
   */
  public Found verified(Path checkpoint, Predicate<String> isReadLater) throws IOException {
    CheckpointManifest manifest = manifest(checkpoint);
    for (StoredFile file : manifest.files()) {
      if (isReadLater.test(file.path())) {
        file.verifyLength(checkpoint);
      } else {
        file.verify(checkpoint);
      }
    }
    return new Found(checkpoint, manifest);
  }

  private static CheckpointManifest manifest(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(MANIFEST);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CorruptFileException(file, 0, "a manifest", "no file");
    }
    return ManifestCodec.decode(file, bytes);
  }

  /** Puts a damaged checkpoint out of the way, for somebody to look at. */
  public void setAside(Path checkpoint, IOException reason) throws IOException {
    log.error(
        "event=checkpoint-set-aside folder={} reason=\"{}\"", checkpoint, reason.getMessage());
    Path target = checkpoint.resolveSibling(checkpoint.getFileName() + ".corrupt");
    files.delete(target);
    files.move(checkpoint, target);
    files.forceFolder(folder);
  }

  /** An empty folder in which to write the next checkpoint. */
  public Path begin() throws IOException {
    Path unfinished = folder.resolve(UNFINISHED);
    files.delete(unfinished);
    files.createFolder(unfinished);
    return unfinished;
  }

  /** The folder that {@link #begin} made. */
  public Path begun() {
    return folder.resolve(UNFINISHED);
  }

  /** Gives up the checkpoint that was begun, and the room it took. */
  public void abandon(Exception reason) {
    try {
      files.delete(folder.resolve(UNFINISHED));
    } catch (IOException e) {
      reason.addSuppressed(e); // The next one to begin removes it.
    }
  }

  /**
   * Makes what was written since {@link #begin} the newest checkpoint, durably, and then throws
   * away all but the newest two.
   */
  public Path publish(CheckpointManifest manifest) throws IOException {
    Path unfinished = folder.resolve(UNFINISHED);
    files.write(unfinished.resolve(MANIFEST), ManifestCodec.encode(manifest));
    forceTree(unfinished);
    Path published = folder.resolve("checkpoint-%012d".formatted(nextNumber));
    files.move(unfinished, published);
    nextNumber++;
    files.forceFolder(folder);
    List<Path> all = newestFirst();
    for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      files.delete(old);
    }
    return published;
  }

  private void forceTree(Path path) throws IOException {
    for (Path child : files.list(path)) {
      if (Files.isDirectory(child)) {
        forceTree(child);
      } else {
        files.force(child);
      }
    }
    files.forceFolder(path);
  }

  /** Removes everything: the shard is not here any more, or its log is another. */
  public void clear() throws IOException {
    files.delete(folder);
  }
}
