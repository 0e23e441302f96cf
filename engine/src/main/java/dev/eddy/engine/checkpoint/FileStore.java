package dev.eddy.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The operations on which a checkpoint's safety rests, behind a seam so that tests can lose, tear
 * and refuse. Contents are written by their owners to ordinary paths and are not durable before
 * {@link #force}; names are not before {@link #forceFolder}. Thread-safe.
 */
public interface FileStore {
  /** Makes a file's contents durable. */
  void force(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void forceFolder(Path folder) throws IOException;

  /** Makes a folder and its parents, if they are missing. */
  void createFolder(Path folder) throws IOException;

  /** Writes a whole file that must not exist; not durable yet. */
  void write(Path file, byte[] bytes) throws IOException;

  /** Renames atomically on one file system; the target must not exist. */
  void move(Path from, Path to) throws IOException;

  /** Removes a file, or a folder with all below it; nothing there is no error. */
  void delete(Path path) throws IOException;

  /** What is in a folder, in the order of names; nothing when there is no such folder. */
  List<Path> list(Path folder) throws IOException;
}
