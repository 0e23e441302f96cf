package dev.eddy.engine.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of the live folder that is mapped whole and never changes. Reference-counted, starting
 * with one reference: at the last release it is unmapped and deleted from the folder (checkpoints
 * hold links of their own). Safe from any thread that holds a reference.
 */
public final class MappedFile {
  private static final Logger log = LoggerFactory.getLogger(MappedFile.class);

  /** Linux fetches no more at once than one request to the disk may have. */
  private static final long FETCHED_BYTES = 128L << 10;

  private final Path file;
  private final MemorySegment bytes;
  private final ReferenceCount references;

  /** Opened when it is first asked for. */
  private volatile @Nullable PositionedReads reads;

  private MappedFile(Path file, Arena arena, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
    this.references =
        new ReferenceCount(() -> {
          arena.close();
          closeReads();
          delete(file);
        });
  }

  private synchronized void closeReads() {
    if (reads != null) {
      reads.close();
      reads = null;
    }
  }

  /** Maps a file; one that is missing or of another length is corrupt, and stays where it is. */
  public static MappedFile open(Path file, long lengthBytes) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != lengthBytes) {
        throw new CorruptFileException(
            file, channel.size(), lengthBytes + " bytes", channel.size() + " bytes");
      }
      return new MappedFile(
          file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, lengthBytes, arena));
    } catch (NoSuchFileException missing) {
      arena.close();
      throw new CorruptFileException(file, 0, lengthBytes + " bytes", "no file");
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start; a reader's release must not fail
      // for it.
      log.warn("event=file-delete-failed file={} reason=\"{}\"", file, failure.toString());
    }
  }

  /** Reads all of it once, and compares its CRC32C. */
  public void expectChecksum(int expected) throws IOException {
    MappedChecksum checksum = new MappedChecksum(file, bytes);
    checksum.add(0, bytes.byteSize());
    if (checksum.value() != expected) {
      throw new CorruptFileException(
          file,
          bytes.byteSize(),
          "crc32c %08x of the bytes before".formatted(expected),
          "%08x".formatted(checksum.value()));
    }
  }

  /**
   * How a part will be read from now on.
   *
   * @param isRandom here and there: the kernel does not read more than is asked for
   */
  public void expectReads(long from, long length, boolean isRandom) {
    (isRandom ? MemoryAdvice.RANDOM : MemoryAdvice.NORMAL).give(bytes, from, length);
  }

  /** These bytes will be read soon: the kernel begins to. */
  public void readAhead(long from, long length) {
    long end = from + length;
    for (long at = from; at < end; at += FETCHED_BYTES) {
      MemoryAdvice.WILL_NEED.give(bytes, at, Math.min(FETCHED_BYTES, end - at));
    }
  }

  /**
   * Reads that leave nothing of the file with the process, to be used while a reference is held;
   * empty where the system has none. From now on {@link #copy} reads so, too.
   */
  public synchronized Optional<PositionedReads> positionedReads() {
    if (reads == null) {
      reads = PositionedReads.open(file).orElse(null);
    }
    return Optional.ofNullable(reads);
  }

  /**
   * Copies bytes from a place on, at most {@link ReadBuffers#BYTES}.
   *
   * @throws InternalError when the disk does not give them
   */
  void copy(long from, byte[] into) {
    PositionedReads opened = reads;
    if (opened == null || !copy(opened, from, into)) {
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, into, 0, into.length);
    }
  }

  private static boolean copy(PositionedReads opened, long from, byte[] into) {
    MemorySegment buffer = ReadBuffers.borrow();
    try {
      boolean isRead = opened.read(from, buffer, 0, into.length);
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, into.length);
      return isRead;
    } finally {
      ReadBuffers.giveBack(buffer);
    }
  }

  /** These bytes are not needed for now: their pages need not stay in memory. Reads go on. */
  public void letGo(long from, long length) {
    MemoryAdvice.DONT_NEED.give(bytes, from, length);
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** All of it; to be read while a reference is held. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** Whether it is still mapped, for tests. */
  public boolean isMapped() {
    return bytes.scope().isAlive();
  }

  /** Takes a reference more, beside one that is held. */
  public void retain() {
    references.retain();
  }

  /** Takes a reference unless the last one was given back; false then. */
  public boolean tryRetain() {
    return references.tryRetain();
  }

  /** Gives a reference back. */
  public void release() {
    references.release();
  }
}
