package dev.eddy.engine.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one segment in a checkpoint.
 *
 * @param kind how the files are laid out
 * @param parts row files in order, or the one sealed file
 * @param beside the links file of a heap segment, the codes file of a sealed one; null when it has
 *     none
 */
public record SegmentManifest(Kind kind, List<FilePart> parts, @Nullable FilePart beside) {
  /** How a segment is stored. */
  public enum Kind {
    /** Row files and maybe a links file. */
    HEAP,
    /** One sealed file. */
    SEALED
  }

  /** Copies the list. */
  public SegmentManifest {
    parts = List.copyOf(parts);
  }

  /** Rows of all parts. */
  public int rows() {
    int rows = 0;
    for (FilePart part : parts) {
      rows += part.rows();
    }
    return rows;
  }
}
