package dev.eddy.engine.format;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Appends little endian values to a new file and keeps the CRC32C of everything written so far. Not
 * thread-safe.
 */
public final class ChecksummedWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final FileChannel channel;

  /** Null, and the buffer without room, while nothing is being written. */
  private @Nullable Arena memory;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private final CRC32C checksum = new CRC32C();
  private long flushed;
  private @Nullable BlockSums blocks;

  /** Creates the file; it must not exist. */
  public ChecksummedWriter(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  /** The file written to. */
  public Path file() {
    return file;
  }

  /** Bytes written so far, buffered ones included. */
  public long length() {
    return flushed + buffer.position();
  }

  /** CRC32C of everything written since the start or the last {@link #restartChecksum()}. */
  public int checksum() throws IOException {
    flush();
    return (int) checksum.getValue();
  }

  /** Begins a new checksum, for files whose sections are checked one by one. */
  public void restartChecksum() throws IOException {
    flush();
    checksum.reset();
  }

  /** From here on the checksum of each block is kept, too, see {@link CheckedBlocks}. */
  public void beginBlocks(int blockBytes) throws IOException {
    flush();
    blocks = new BlockSums(blockBytes);
  }

  /** Ends the last block, which may be a short one; returns their checksums in order. */
  public int[] endBlocks() throws IOException {
    flush();
    BlockSums ended = requireNonNull(blocks, "blocks");
    blocks = null;
    return ended.finish();
  }

  /** Writes 4 bytes. */
  public void putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  /** Writes 8 bytes. */
  public void putLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  /** Writes bytes as they are. */
  public void putBytes(byte[] bytes) throws IOException {
    int done = 0;
    while (done < bytes.length) {
      ByteBuffer target = room(1);
      int step = Math.min(bytes.length - done, target.remaining());
      target.put(bytes, done, step);
      done += step;
    }
  }

  /** Writes bytes of a segment, from one of them on, as they are. */
  public void putBytes(MemorySegment source, long from, long count) throws IOException {
    long done = 0;
    while (done < count) {
      ByteBuffer target = room(1);
      int step = (int) Math.min(count - done, target.remaining());
      MemorySegment.copy(source, from + done, MemorySegment.ofBuffer(target), 0, step);
      target.position(target.position() + step);
      done += step;
    }
  }

  /** Writes 4-byte values of a segment, from a byte of it on, which have this layout there. */
  public void putValues(MemorySegment source, ValueLayout.OfInt layout, long from, long bytes)
      throws IOException {
    long done = 0;
    while (done < bytes) {
      ByteBuffer target = room(Integer.BYTES);
      int step = (int) Math.min(bytes - done, target.remaining() / Integer.BYTES * Integer.BYTES);
      MemorySegment.copy(
          source,
          layout,
          from + done,
          MemorySegment.ofBuffer(target),
          INT,
          0,
          step / Integer.BYTES);
      target.position(target.position() + step);
      done += step;
    }
  }

  /** Writes the first count ints. */
  public void putInts(int[] values, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      putInt(values[i]);
    }
  }

  /** Writes them all. */
  public void putLongs(long[] values) throws IOException {
    for (long value : values) {
      putLong(value);
    }
  }

  /** Writes the first count floats. */
  public void putFloats(float[] values, int count) throws IOException {
    int done = 0;
    while (done < count) {
      ByteBuffer target = room(Float.BYTES);
      int step = Math.min(count - done, target.remaining() / Float.BYTES);
      target.asFloatBuffer().put(values, done, step);
      target.position(target.position() + step * Float.BYTES);
      done += step;
    }
  }

  /** Writes zeros up to the next multiple of the alignment. */
  public void align(int alignment) throws IOException {
    while (length() % alignment != 0) {
      room(1).put((byte) 0);
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
      if (memory == null) {
        memory = Arena.ofShared();
        buffer = memory.allocate(BUFFER_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    return buffer;
  }

  /** Files that grow stay open for long, and many at a time: they hold memory only meanwhile. */
  private void release() {
    Arena held = memory;
    if (held != null) {
      memory = null;
      buffer = ByteBuffer.allocate(0);
      held.close();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    checksum.update(buffer.duplicate());
    if (blocks != null) {
      blocks.update(buffer.duplicate());
    }
    while (buffer.hasRemaining()) {
      flushed += channel.write(buffer);
    }
    buffer.clear();
  }

  /** Hands everything to the disk, and gives the buffer back until more is written. */
  public void force() throws IOException {
    flush();
    channel.force(true);
    release();
  }

  @Override
  public void close() throws IOException {
    release();
    channel.close();
  }
}
