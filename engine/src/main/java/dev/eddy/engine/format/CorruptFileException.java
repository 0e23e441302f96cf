package dev.eddy.engine.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A stored file does not hold what was written: names the file, the position in it, what was
 * expected and what was found.
 */
public final class CorruptFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * The file, the byte position the finding belongs to, what was expected there and what was found.
   */
  public CorruptFileException(Path file, long position, String expected, String found) {
    super(
        "corrupt file %s at byte %d: expected %s, found %s"
            .formatted(file, position, expected, found));
  }
}
