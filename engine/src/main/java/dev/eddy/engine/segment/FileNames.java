package dev.eddy.engine.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the files of one field; a number is used once, also across restarts (the manifest carries
 * it). Thread-safe.
 */
final class FileNames {
  private final String stem;
  private final AtomicLong next;

  FileNames(String stem, long next) {
    this.stem = stem;
    this.next = new AtomicLong(next);
  }

  /** A new name such as {@code text-12.rows}. */
  String next(String suffix) {
    return stem + "-" + next.getAndIncrement() + "." + suffix;
  }

  long nextNumber() {
    return next.get();
  }

  /** Removes a file that could not be finished: its room may be what is missing. */
  static void discard(Path file, Exception failure) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException alsoFailed) {
      failure.addSuppressed(alsoFailed); // The live folder is emptied at the next start.
    }
  }
}
