package dev.eddy.engine.segment;

import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.QueryCode;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Codes of a segment whose rows no longer change, in a file that has no name: it is removed as soon
 * as it is mapped, so nothing is left behind whenever the process ends. Reference-counted: its room
 * is given back when its segment has given it up and nobody searches here any more. Immutable; safe
 * from any thread that holds a reference.
 */
final class MappedCodes implements CodeTable {
  private static final int LINE_BYTES = 64;

  private final RowQuantizer quantizer;
  private final MemorySegment codes;
  private final int codeBytes;
  private final int count;
  private final ReferenceCount references;

  private MappedCodes(RowQuantizer quantizer, Arena arena, MemorySegment codes, int count) {
    this.quantizer = quantizer;
    this.references = new ReferenceCount(arena::close);
    this.codes = codes;
    this.codeBytes = quantizer.codeBytes();
    this.count = count;
  }

  /** Writes the codes one after another. */
  static final class Writer implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final RowQuantizer quantizer;
    private final RowQuantizer.Scratch scratch;
    private final byte[] buffer;
    private int buffered;
    private int count;

    /** Begins a file that must not exist. */
    Writer(Path file, RowQuantizer quantizer) throws IOException {
      this.file = file;
      this.quantizer = quantizer;
      this.scratch = new RowQuantizer.Scratch(quantizer);
      this.buffer =
          new byte[Math.max(1, BUFFER_BYTES / quantizer.codeBytes()) * quantizer.codeBytes()];
      this.channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }

    void append(float[] vector) throws IOException {
      quantizer.encode(vector, buffer, buffered, scratch);
      buffered += quantizer.codeBytes();
      count++;
      if (buffered == buffer.length) {
        flush();
      }
    }

    private void flush() throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, buffered);
      while (bytes.hasRemaining()) {
        var _ = channel.write(bytes);
      }
      buffered = 0;
    }

    /** Maps what was written; the caller owns the one reference. */
    MappedCodes finish() throws IOException {
      flush();
      Arena arena = Arena.ofShared();
      try {
        long size = channel.size();
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        return new MappedCodes(quantizer, arena, mapped, count);
      } catch (IOException failure) {
        arena.close();
        throw failure;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(file);
    }
  }

  /** Takes a reference unless the last one was given back; false then. */
  boolean tryRetain() {
    return references.tryRetain();
  }

  /** Gives a reference back. */
  void release() {
    references.release();
  }

  /** Whether the mapping is still there, for tests. */
  boolean isMapped() {
    return codes.scope().isAlive();
  }

  @Override
  public RowQuantizer quantizer() {
    return quantizer;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void estimate(QueryCode query, int[] ordinals, int from, int count, float[] out) {
    for (int i = from; i < from + count; i++) {
      out[i] = quantizer.estimate(query, codes, at(ordinals[i]));
    }
  }

  private long at(int ordinal) {
    return (long) ordinal * codeBytes;
  }

  @Override
  public int touch(int ordinal) {
    int sum = 0;
    long end = at(ordinal + 1);
    for (long at = at(ordinal); at < end; at += LINE_BYTES) {
      sum += codes.get(ValueLayout.JAVA_BYTE, at);
    }
    return sum;
  }

  @Override
  public long heapBytes() {
    return 0;
  }

  @Override
  public long mappedBytes() {
    return codes.byteSize();
  }
}
