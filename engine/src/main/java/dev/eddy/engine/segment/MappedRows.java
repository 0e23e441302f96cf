package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.MappedFile;
import dev.eddy.engine.format.PositionedReads;
import dev.eddy.engine.format.ReadBuffers;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.KernelSelector;
import dev.eddy.engine.kernel.Kernels;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.NarrowKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The vectors of a mapped sealed file. Safe from any thread while the segment is retained. */
final class MappedRows implements Rows {
  private static final Kernels KERNELS = KernelSelector.kernels();

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LINE_BYTES = 64;

  /** Rows on disk are read in runs of so many bytes, or one by one where they are longer. */
  private static final int RUN_BYTES = 1 << 16;

  /** Null where rows are of floats. */
  private final @Nullable NarrowKernels narrow;

  private final MappedFile file;

  /** Set by the writer; who sees it late asks for less or more than need be. */
  private boolean isOnDisk;

  /** Not null while rows stay on disk. Set by the writer; who sees it late reads the other way. */
  private @Nullable PositionedReads reads;

  private final MemorySegment vectors;
  private final Metric metric;
  private final int dimension;
  private final int stride;
  private final long rowBytes;
  private final int count;
  private final long position;
  private final CheckedBlocks blocks;

  MappedRows(MappedFile file, SealedFile.Layout layout, CheckedBlocks blocks) {
    this.file = file;
    ElementType type = layout.elementType();
    this.narrow = type.isFloat32() ? null : KernelSelector.narrowKernels(type);
    this.position = layout.vectors();
    this.blocks = blocks;
    this.vectors = file.bytes().asSlice(layout.vectors(), layout.rows() * layout.rowBytes());
    this.metric = layout.settings().metric();
    this.dimension = layout.settings().dimension();
    this.stride = SealedFile.stride(dimension);
    this.rowBytes = layout.rowBytes();
    this.count = layout.rows();
  }

  @Override
  public int count() {
    return count;
  }

  long mappedBytes() {
    return vectors.byteSize();
  }

  @Override
  public int stride() {
    return stride;
  }

  @Override
  public int rowBytes() {
    return Math.toIntExact(rowBytes);
  }

  @Override
  public int touch(int ordinal) {
    if (reads != null || !blocks.isComplete()) {
      return 0; // It is read as a whole, or checked before, and nothing is near then.
    }
    long end = (ordinal + 1) * rowBytes;
    int sum = vectors.get(ValueLayout.JAVA_BYTE, end - 1); // Short rows begin anywhere in a line.
    for (long at = ordinal * rowBytes; at < end; at += LINE_BYTES) {
      sum += vectors.get(ValueLayout.JAVA_BYTE, at);
    }
    return sum;
  }

  @Override
  public void score(
      float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores) {
    check(ordinals, from, count);
    PositionedReads opened = reads;
    if (opened == null || !scoreRead(opened, query, queryAt, ordinals, from, count, scores)) {
      scoreMapped(query, queryAt, ordinals, from, count, scores);
    }
  }

  private void scoreMapped(
      float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores) {
    int last = from + count - 1;
    for (int i = from; i <= last; i += 4) {
      long a = ordinals[i] * rowBytes;
      long b = ordinals[Math.min(i + 1, last)] * rowBytes;
      long c = ordinals[Math.min(i + 2, last)] * rowBytes;
      long d = ordinals[Math.min(i + 3, last)] * rowBytes;
      score4(vectors, query, queryAt, a, b, c, d, scores, i);
    }
  }

  /** Whether all could be read. */
  private boolean scoreRead(
      PositionedReads opened,
      float[] query,
      int queryAt,
      int[] ordinals,
      int from,
      int count,
      float[] scores) {
    int run = (int) Math.max(1, RUN_BYTES / rowBytes);
    MemorySegment buffer = ReadBuffers.borrow();
    try {
      for (int first = from; first < from + count; first += run) {
        int rows = Math.min(run, from + count - first);
        if (!read(opened, ordinals, first, rows, buffer)) {
          return false;
        }
        long last = rows - 1;
        for (int i = 0; i < rows; i += 4) {
          long a = i * rowBytes;
          long b = Math.min(i + 1, last) * rowBytes;
          long c = Math.min(i + 2, last) * rowBytes;
          long d = Math.min(i + 3, last) * rowBytes;
          score4(buffer, query, queryAt, a, b, c, d, scores, first + i);
        }
      }
      return true;
    } finally {
      ReadBuffers.giveBack(buffer);
    }
  }

  /** Reads rows into a buffer, those that lie side by side at once. */
  private boolean read(
      PositionedReads opened, int[] ordinals, int from, int count, MemorySegment buffer) {
    int rows;
    for (int i = 0; i < count; i += rows) {
      int first = ordinals[from + i];
      rows = 1;
      while (i + rows < count && ordinals[from + i + rows] == first + rows) {
        rows++;
      }
      long bytes = rows * rowBytes;
      if (!opened.read(position + first * rowBytes, buffer, i * rowBytes, bytes)) {
        return false;
      }
    }
    return true;
  }

  private void score4(
      MemorySegment rows,
      float[] query,
      int queryAt,
      long a,
      long b,
      long c,
      long d,
      float[] scores,
      int at) {
    if (narrow != null) {
      score4(narrow, rows, query, queryAt, a, b, c, d, scores, at);
      return;
    }
    switch (metric) {
      case COSINE, DOT -> KERNELS.dot4(query, queryAt, rows, a, b, c, d, stride, scores, at);
      case EUCLID -> KERNELS.euclid4(query, queryAt, rows, a, b, c, d, stride, scores, at);
      case MANHATTAN -> KERNELS.manhattan4(query, queryAt, rows, a, b, c, d, stride, scores, at);
    }
  }

  private void score4(
      NarrowKernels kernels,
      MemorySegment rows,
      float[] query,
      int queryAt,
      long a,
      long b,
      long c,
      long d,
      float[] scores,
      int at) {
    switch (metric) {
      case COSINE, DOT -> kernels.dot4(query, queryAt, rows, a, b, c, d, stride, scores, at);
      case EUCLID -> kernels.euclid4(query, queryAt, rows, a, b, c, d, stride, scores, at);
      case MANHATTAN -> kernels.manhattan4(query, queryAt, rows, a, b, c, d, stride, scores, at);
    }
  }

  private void check(int[] ordinals, int from, int count) {
    if (!blocks.isComplete()) {
      for (int i = from; i < from + count; i++) {
        blocks.check(position + ordinals[i] * rowBytes, rowBytes);
      }
    }
  }

  /** Whether rows are read from the disk as they are needed, and not kept by the process. */
  void setOnDisk(boolean isNow) {
    if (isNow != isOnDisk) {
      isOnDisk = isNow;
      reads = isNow ? file.positionedReads().orElse(null) : null;
      file.expectReads(position, vectors.byteSize(), isNow);
      if (isNow) {
        file.letGo(position, vectors.byteSize());
      }
    }
  }

  @Override
  public void expect(int from, int to) {
    if (isOnDisk) {
      file.readAhead(position + from * rowBytes, (to - from) * rowBytes);
    }
  }

  @Override
  public void copy(int first, int count, float[] out, int outStride) {
    blocks.check(position + first * rowBytes, count * rowBytes);
    PositionedReads opened = reads;
    if (opened == null || !copyRead(opened, first, count, out, outStride)) {
      copy(vectors, first * rowBytes, count, out, 0, outStride);
    }
  }

  /** Whether all could be read. */
  private boolean copyRead(
      PositionedReads opened, int first, int count, float[] out, int outStride) {
    int run = (int) Math.max(1, RUN_BYTES / rowBytes);
    MemorySegment buffer = ReadBuffers.borrow();
    try {
      for (int i = 0; i < count; i += run) {
        int rows = Math.min(run, count - i);
        if (!opened.read(position + (first + i) * rowBytes, buffer, 0, rows * rowBytes)) {
          return false;
        }
        copy(buffer, 0, rows, out, i * outStride, outStride);
      }
      return true;
    } finally {
      ReadBuffers.giveBack(buffer);
    }
  }

  private void copy(
      MemorySegment rows, long from, int count, float[] out, int outAt, int outStride) {
    for (int i = 0; i < count; i++) {
      long at = from + i * rowBytes;
      if (narrow == null) {
        MemorySegment.copy(rows, FLOAT, at, out, outAt + i * outStride, dimension);
      } else {
        narrow.widen(rows, at, out, outAt + i * outStride, dimension);
      }
    }
  }
}
