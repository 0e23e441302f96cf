package dev.eddy.engine.format;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of damage to files of a shard that are checked as they are read: the names of those
 * that were found damaged in a life before, which are read in full before they are used, and how
 * many were found in this one.
 *
 * <p>Thread-safe.
 */
public final class FileDamage {
  private final Set<String> suspects;
  private final AtomicInteger found = new AtomicInteger();

  /**
   * @param suspects names of files, without folder
   */
  public FileDamage(Set<String> suspects) {
    this.suspects = Set.copyOf(suspects);
  }

  /** No file was found damaged before. */
  public FileDamage() {
    this(Set.of());
  }

  /** Whether a file of this name was found damaged before. */
  public boolean isSuspect(String name) {
    return suspects.contains(name);
  }

  /**
   * Renames a damaged file to what ends with {@link CheckedBlocks#CORRUPT}; one of that name may be
   * there from a life before.
   */
  public static void setAside(Path file) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + CheckedBlocks.CORRUPT);
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Runs what reads files that are checked as they are read.
   *
   * @throws IOException that they are damaged, which is thrown unchecked elsewhere
   */
  public static void reading(Runnable read) throws IOException {
    try {
      read.run();
    } catch (UncheckedIOException damaged) {
      throw requireNonNull(damaged.getCause(), "cause");
    }
  }

  /** A file was found damaged; whoever owns it says so from now on. */
  void noteFound() {
    found.incrementAndGet();
  }

  /** Files found damaged so far: the writer is to look for them when it has changed. */
  public int found() {
    return found.get();
  }
}
