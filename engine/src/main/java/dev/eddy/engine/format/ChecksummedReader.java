package dev.eddy.engine.format;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads little endian values from the first {@code length} bytes of a file and keeps the CRC32C of
 * everything read so far. Reading past the length is reported as corruption. Not thread-safe.
 */
public final class ChecksummedReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final long length;
  private final Arena memory = Arena.ofShared();
  private final ByteBuffer buffer;
  private final CRC32C checksum = new CRC32C();
  private long read;
  private int summed;

  private ChecksummedReader(Path file, FileChannel channel, long length) {
    this.file = file;
    this.channel = channel;
    this.length = length;
    // No more than it takes: many small shards are opened at once.
    long size = Math.clamp(length, Long.BYTES, BUFFER_BYTES);
    this.buffer = memory.allocate(size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    this.buffer.limit(0);
  }

  /** Opens the first length bytes of a file; a missing or shorter file is corruption. */
  public static ChecksummedReader open(Path file, long length) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException missing) {
      throw new CorruptFileException(file, 0, length + " bytes", "no file");
    }
    long found = channel.size();
    if (found < length) {
      channel.close();
      throw new CorruptFileException(file, found, length + " bytes", found + " bytes");
    }
    return new ChecksummedReader(file, channel, length);
  }

  /** The file read from. */
  public Path file() {
    return file;
  }

  /** Bytes consumed so far. */
  public long position() {
    return read - buffer.remaining();
  }

  /** Bytes left to read: no more of anything can follow. */
  public long remaining() {
    return length - position();
  }

  /** Reads 4 bytes. */
  public int getInt() throws IOException {
    return need(Integer.BYTES).getInt();
  }

  /** Reads 8 bytes. */
  public long getLong() throws IOException {
    return need(Long.BYTES).getLong();
  }

  /** Reads 4 bytes that must have this value. */
  public void expectInt(String what, int expected) throws IOException {
    long at = position();
    int found = getInt();
    if (found != expected) {
      throw new CorruptFileException(file, at, what + " " + expected, String.valueOf(found));
    }
  }

  /** Reads 4 bytes that must lie in {@code [least, most]}. */
  public int getInt(String what, int least, int most) throws IOException {
    long at = position();
    int found = getInt();
    if (found < least || found > most) {
      throw new CorruptFileException(
          file, at, "%s in [%d, %d]".formatted(what, least, most), String.valueOf(found));
    }
    return found;
  }

  /** Reads as many bytes as fit. */
  public void getBytes(byte[] into) throws IOException {
    int done = 0;
    while (done < into.length) {
      ByteBuffer source = need(1);
      int step = Math.min(into.length - done, source.remaining());
      source.get(into, done, step);
      done += step;
    }
  }

  /** Reads as many values as fit. */
  public void getInts(int[] into) throws IOException {
    int done = 0;
    while (done < into.length) {
      ByteBuffer source = need(Integer.BYTES);
      int step = Math.min(into.length - done, source.remaining() / Integer.BYTES);
      source.asIntBuffer().get(into, done, step);
      source.position(source.position() + step * Integer.BYTES);
      done += step;
    }
  }

  /** Reads as many values as fit. */
  public void getLongs(long[] into) throws IOException {
    int done = 0;
    while (done < into.length) {
      ByteBuffer source = need(Long.BYTES);
      int step = Math.min(into.length - done, source.remaining() / Long.BYTES);
      source.asLongBuffer().get(into, done, step);
      source.position(source.position() + step * Long.BYTES);
      done += step;
    }
  }

  /** Reads count floats. */
  public void getFloats(float[] into, int count) throws IOException {
    int done = 0;
    while (done < count) {
      ByteBuffer source = need(Float.BYTES);
      int step = Math.min(count - done, source.remaining() / Float.BYTES);
      source.asFloatBuffer().get(into, done, step);
      source.position(source.position() + step * Float.BYTES);
      done += step;
    }
  }

  /** Compares the CRC32C of everything read so far with the expected one. */
  public void expectChecksum(int expected) throws IOException {
    sum();
    int found = (int) checksum.getValue();
    if (found != expected) {
      throw new CorruptFileException(
          file,
          position(),
          "crc32c %08x of the bytes before".formatted(expected),
          "%08x".formatted(found));
    }
  }

  /** Begins a new checksum at the present position. */
  public void restartChecksum() {
    checksum.reset();
    summed = buffer.position();
  }

  /** Goes on at a later position with a new checksum: what lies between is not read. */
  public void skipTo(long position) throws IOException {
    channel.position(position);
    read = position;
    buffer.clear().limit(0);
    restartChecksum();
  }

  private void sum() {
    ByteBuffer part = buffer.duplicate();
    part.position(summed).limit(buffer.position());
    checksum.update(part);
    summed = buffer.position();
  }

  private ByteBuffer need(int bytes) throws IOException {
    if (buffer.remaining() >= bytes) {
      return buffer;
    }
    sum();
    buffer.compact();
    summed = 0;
    buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + (length - read)));
    while (buffer.hasRemaining()) {
      int step = channel.read(buffer);
      if (step < 0) {
        break;
      }
      read += step;
    }
    buffer.flip();
    if (buffer.remaining() < bytes) {
      throw new CorruptFileException(
          file, position(), bytes + " more bytes", buffer.remaining() + " bytes to the end");
    }
    return buffer;
  }

  /** Gives its buffer back at once: left to the collector, each file would hold some for long. */
  @Override
  public void close() throws IOException {
    if (memory.scope().isAlive()) {
      memory.close();
    }
    channel.close();
  }
}
