package dev.eddy.engine.format;

import java.util.Set;

/**
 * What is known of damage to files of a shard that are checked as they are read: the names of those
 * that were found damaged in a life before. These are read in full before they are used.
 *
 * <p>Thread-safe.
 */
public final class FileDamage {
  private final Set<String> suspects;

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
}
