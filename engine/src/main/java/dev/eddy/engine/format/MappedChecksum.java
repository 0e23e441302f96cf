package dev.eddy.engine.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The CRC32C of parts of a mapped file, one behind the other. Bytes are copied first: the JVM
 * outlasts a page that the disk does not give where it copies memory, and not where it sums. Not
 * thread-safe.
 */
public final class MappedChecksum {
  private static final int STEP_BYTES = 1 << 16;

  private final Path file;
  private final MemorySegment bytes;
  private final CRC32C sum = new CRC32C();
  private final byte[] copy = new byte[STEP_BYTES];

  /** Of nothing so far. */
  public MappedChecksum(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Adds the bytes {@code [from, to)}.
   *
   * @throws CorruptFileException when the disk does not give them
   */
  public void add(long from, long to) throws IOException {
    for (long at = from; at < to; at += STEP_BYTES) {
      int step = (int) Math.min(STEP_BYTES, to - at);
      try {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, copy, 0, step);
      } catch (InternalError unreadable) {
        throw new CorruptFileException(file, at, "readable bytes", unreadable.toString());
      }
      sum.update(copy, 0, step);
    }
  }

  /** Of all that was added. */
  public int value() {
    return (int) sum.getValue();
  }
}
