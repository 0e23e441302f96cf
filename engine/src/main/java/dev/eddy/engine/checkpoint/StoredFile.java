package dev.eddy.engine.checkpoint;

import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of a checkpoint.
 *
 * @param path below the checkpoint's folder, with {@code /}
 * @param lengthBytes of the whole file
 * @param crc32c of the whole file
 */
public record StoredFile(String path, long lengthBytes, int crc32c) {
  private static final int BUFFER_BYTES = 1 << 18;

  /** Reads a file and says what it is. */
  public static StoredFile of(Path root, Path file) throws IOException {
    String path = root.relativize(file).toString();
    return new StoredFile(path, Files.size(file), checksum(file));
  }

  /**
   * Reads the file below a root and compares.
   *
   * @throws CorruptFileException when it is missing, of another length, or of other content
   */
  public void verify(Path root) throws IOException {
    verifyLength(root);
    Path file = root.resolve(path);
    int checksum = checksum(file);
    if (checksum != crc32c) {
      throw new CorruptFileException(
          file, 0, "crc32c %08x".formatted(crc32c), "%08x".formatted(checksum));
    }
  }

  /**
   * Compares the length only.
   *
   * @throws CorruptFileException when it is missing or of another length
   */
  public void verifyLength(Path root) throws IOException {
    Path file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      throw new CorruptFileException(file, 0, lengthBytes + " bytes", "no file");
    }
    long found = Files.size(file);
    if (found != lengthBytes) {
      throw new CorruptFileException(file, 0, lengthBytes + " bytes", found + " bytes");
    }
  }

  private static int checksum(Path file) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // One byte more than there is, so that the second reading finds the end.
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(channel.size() + 1, BUFFER_BYTES));
      while (read(file, channel, buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return (int) checksum.getValue();
  }

  /** What a disk does not give is as good as damaged. */
  private static int read(Path file, FileChannel channel, ByteBuffer buffer) throws IOException {
    try {
      return channel.read(buffer);
    } catch (IOException unreadable) {
      throw new CorruptFileException(
          file, channel.position(), "readable bytes", unreadable.toString());
    }
  }
}
