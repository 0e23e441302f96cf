package dev.eddy.engine.field;

import dev.eddy.engine.format.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file of a piece that is used from there, in the live folder. Counted as {@link MappedFile}
 * says.
 */
final class MappedPiece {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MappedFile file;
  private final IndexPart part;
  private boolean isDurable;

  private MappedPiece(MappedFile file, IndexPart part, boolean isDurable) {
    this.file = file;
    this.part = part;
    this.isDurable = isDurable;
  }

  /**
   * Maps a file.
   *
   * @param isDurable whether it is of a checkpoint
   */
  static MappedPiece open(Path folder, IndexPart part, boolean isDurable) throws IOException {
    MappedFile file = MappedFile.open(folder.resolve(part.name()), part.lengthBytes());
    return new MappedPiece(file, part, isDurable);
  }

  /** Compares the checksum of all of it. */
  void check() throws IOException {
    file.expectChecksum(part.crc32c());
  }

  Path file() {
    return file.file();
  }

  MemorySegment bytes() {
    return file.bytes();
  }

  long lengthBytes() {
    return part.lengthBytes();
  }

  /** Whether it is still mapped, for tests. */
  boolean isMapped() {
    return file.isMapped();
  }

  /** Links it into a checkpoint's folder, durable. */
  synchronized IndexPart linkInto(Path folder, IndexFiles.Force force) throws IOException {
    if (!isDurable) {
      force.force(file.file());
      isDurable = true;
    }
    Files.createLink(folder.resolve(part.name()), file.file());
    return part;
  }

  void retain() {
    file.retain();
  }

  void release() {
    file.release();
  }
}
