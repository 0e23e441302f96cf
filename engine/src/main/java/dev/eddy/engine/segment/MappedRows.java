package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.MappedFile;
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

  /**
   * Of rows on disk the process keeps no more than this part, or so many bytes: a search needs few
   * pages, and many searches all.
   */
  private static final int KEPT_PART = 16;

  private static final long KEPT_MIN_BYTES = 4 << 20;

  /** What Linux maps of a cached file around a page that is touched. */
  private static final long MAPPED_AROUND_BYTES = 1 << 16;

  /** Null where rows are of floats. */
  private final @Nullable NarrowKernels narrow;

  private final MappedFile file;

  /** Set by the writer; who sees it late asks for less or more than need be. */
  private boolean isOnDisk;

  private final MemorySegment vectors;
  private final Metric metric;
  private final int dimension;
  private final int stride;
  private final long rowBytes;
  private final int count;
  private final long position;
  private final CheckedBlocks blocks;
  private final int keptRows;

  /** Rows read since their pages were let go; threads may lose some of each other's. */
  private int readRows;

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
    long kept = Math.max(KEPT_MIN_BYTES, vectors.byteSize() / KEPT_PART);
    this.keptRows = Math.toIntExact(kept / (MAPPED_AROUND_BYTES + rowBytes));
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
    if (!blocks.isComplete()) {
      return 0; // Checking comes first, and reads the row.
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
    int last = from + count - 1;
    noteRead(count);
    check(ordinals, from, count);
    for (int i = from; i <= last; i += 4) {
      long a = ordinals[i] * rowBytes;
      long b = ordinals[Math.min(i + 1, last)] * rowBytes;
      long c = ordinals[Math.min(i + 2, last)] * rowBytes;
      long d = ordinals[Math.min(i + 3, last)] * rowBytes;
      if (narrow == null) {
        score4(query, queryAt, a, b, c, d, scores, i);
      } else {
        score4(narrow, query, queryAt, a, b, c, d, scores, i);
      }
    }
  }

  private void score4(
      float[] query, int queryAt, long a, long b, long c, long d, float[] scores, int at) {
    switch (metric) {
      case COSINE, DOT -> KERNELS.dot4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
      case EUCLID -> KERNELS.euclid4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
      case MANHATTAN -> KERNELS.manhattan4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
    }
  }

  private void score4(
      NarrowKernels kernels,
      float[] query,
      int queryAt,
      long a,
      long b,
      long c,
      long d,
      float[] scores,
      int at) {
    switch (metric) {
      case COSINE, DOT -> kernels.dot4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
      case EUCLID -> kernels.euclid4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
      case MANHATTAN -> kernels.manhattan4(query, queryAt, vectors, a, b, c, d, stride, scores, at);
    }
  }

  private void noteRead(int rows) {
    if (isOnDisk) {
      readRows += rows;
      if (readRows > keptRows) {
        readRows = 0;
        file.letGo(position, vectors.byteSize());
      }
    }
  }

  private void check(int[] ordinals, int from, int count) {
    if (!blocks.isComplete()) {
      for (int i = from; i < from + count; i++) {
        blocks.check(position + ordinals[i] * rowBytes, rowBytes);
      }
    }
  }

  /** Whether rows are read from the disk as they are needed, and the kernel reads nothing else. */
  void setOnDisk(boolean isNow) {
    if (isNow != isOnDisk) {
      isOnDisk = isNow;
      file.expectReads(position, vectors.byteSize(), isNow);
    }
  }

  @Override
  public void expect(int from, int to) {
    if (isOnDisk) {
      file.readAhead(position + from * rowBytes, (to - from) * rowBytes);
    }
  }

  @Override
  public void copy(int ordinal, float[] out) {
    noteRead(1);
    blocks.check(position + ordinal * rowBytes, rowBytes);
    if (narrow == null) {
      MemorySegment.copy(vectors, FLOAT, ordinal * rowBytes, out, 0, dimension);
    } else {
      narrow.widen(vectors, ordinal * rowBytes, out, dimension);
    }
  }
}
