package dev.eddy.engine.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damage of one file that is checked as it is read, once some is found.
 *
 * <p>Nothing else holds what such a file holds, so damage ends the shard's present state: the file
 * in the live folder is renamed to {@code *.corrupt}, whoever reads it or asks for its damage gets
 * an exception, and the next start reads all of it before it is used. Thread-safe.
 */
final class FoundDamage {
  private static final Logger log = LoggerFactory.getLogger(FoundDamage.class);

  private final FileDamage known;
  private final Path file;
  private volatile @Nullable CorruptFileException found;

  /**
   * None so far.
   *
   * @param known of the shard's files
   */
  FoundDamage(FileDamage known, Path file) {
    this.known = known;
    this.file = file;
  }

  /** Notes what was found, unless there was some before, and throws what was found first. */
  void found(CorruptFileException damage) {
    note(damage);
    throwIfFound();
  }

  private synchronized void note(CorruptFileException damage) {
    if (found != null) {
      return;
    }
    log.error(
        "event=file-damaged file={} effect=\"the shard is made again from what is undamaged\""
            + " reason=\"{}\"",
        file,
        damage.getMessage());
    try {
      FileDamage.setAside(file);
    } catch (IOException failure) {
      log.warn("event=damaged-file-not-set-aside file={} reason=\"{}\"", file, failure.toString());
    }
    found = damage; // After the mark, as who is told may give up the state and open the next.
    known.noteFound();
  }

  /**
   * Does nothing while no damage is known.
   *
   * @throws UncheckedIOException of a {@link CorruptFileException}
   */
  void throwIfFound() {
    CorruptFileException damage = found;
    if (damage != null) {
      throw new UncheckedIOException(damage);
    }
  }
}
