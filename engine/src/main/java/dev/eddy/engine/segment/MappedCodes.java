package dev.eddy.engine.segment;

import dev.eddy.engine.format.MappedFile;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.QueryCode;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Codes of a segment whose rows no longer change, in a mapped {@link CodesFile}. Reference-counted:
 * the file goes when its segment has given it up and nobody searches here any more (checkpoints
 * have links of their own). Immutable; safe from any thread that holds a reference.
 */
final class MappedCodes implements CodeTable {
  private static final int LINE_BYTES = 64;

  private final RowQuantizer quantizer;
  private final MemorySegment codes;
  private final int codeBytes;
  private final MappedFile file;
  private final FilePart part;
  private volatile boolean isSaved;

  /**
   * @param file owned from now on
   * @param codes of its rows, one behind the other
   */
  MappedCodes(RowQuantizer quantizer, MappedFile file, MemorySegment codes, FilePart part) {
    this.quantizer = quantizer;
    this.file = file;
    this.part = part;
    this.codes = codes;
    this.codeBytes = quantizer.codeBytes();
  }

  /** Links the file into a checkpoint folder. */
  FilePart linkInto(Path folder) throws IOException {
    Files.createLink(folder.resolve(part.name()), file.file());
    isSaved = true;
    return part;
  }

  /** A checkpoint has the file. */
  boolean isSaved() {
    return isSaved;
  }

  void setSaved() {
    isSaved = true;
  }

  /** Takes a reference unless the last one was given back; false then. */
  boolean tryRetain() {
    return file.tryRetain();
  }

  /** Gives a reference back. */
  void release() {
    file.release();
  }

  /** Whether the mapping is still there, for tests. */
  boolean isMapped() {
    return file.isMapped();
  }

  @Override
  public RowQuantizer quantizer() {
    return quantizer;
  }

  @Override
  public int count() {
    return part.rows();
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
