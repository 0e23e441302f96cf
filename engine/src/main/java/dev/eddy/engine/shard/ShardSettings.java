package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.column.ColumnHome;
import dev.eddy.engine.field.IndexFiles;
import dev.eddy.engine.segment.VectorFieldSettings;

/**
 * How a shard is kept on this node. Nothing here changes what the shard's state is.
 *
 * @param verdictsKept refusals whose offsets are remembered; at least as many as can be in flight
 * @param maxUnlinkedBytes vectors per name that may wait for linking while searches run; they are
 *     scanned, by codes where there are some. Beyond it the writer waits for linkers
 * @param sealRows vectors at which a growing segment is sealed
 * @param mappedIndexBytes bytes from which parts of payload indexes on disk are used from there
 * @param sealedColumnBytes bytes of sparse vectors, or of rows of multivectors, that are kept on
 *     the heap before they become a file
 * @param renumbering when points get slots anew
 * @param prefersRowGraphs whether searches of multivectors use the graph of their rows even where
 *     comparing all costs less: tests of the graph need not have as many as it takes
 * @param files the disk under the checkpoints
 */
public record ShardSettings(
    int verdictsKept,
    long maxUnlinkedBytes,
    int sealRows,
    long mappedIndexBytes,
    long sealedColumnBytes,
    RenumberingRule renumbering,
    boolean prefersRowGraphs,
    FileStore files) {
  public static final ShardSettings DEFAULT =
      new ShardSettings(65_536, 4L << 20, 1 << 22, new DiskFileStore());

  /** With the usual rule for slots, and searches that do what costs least. */
  public ShardSettings(
      int verdictsKept,
      long maxUnlinkedBytes,
      int sealRows,
      long mappedIndexBytes,
      long sealedColumnBytes,
      FileStore files) {
    this(
        verdictsKept,
        maxUnlinkedBytes,
        sealRows,
        mappedIndexBytes,
        sealedColumnBytes,
        RenumberingRule.DEFAULT,
        false,
        files);
  }

  /** The same with the usual bytes of indexes and columns. */
  public ShardSettings(int verdictsKept, long maxUnlinkedBytes, int sealRows, FileStore files) {
    this(
        verdictsKept,
        maxUnlinkedBytes,
        sealRows,
        IndexFiles.MAPPED_BYTES_MIN,
        ColumnHome.SEALED_BYTES,
        files);
  }

  /** The same with searches that use the graphs of multivectors' rows wherever there are any. */
  ShardSettings preferringRowGraphs() {
    return new ShardSettings(
        verdictsKept,
        maxUnlinkedBytes,
        sealRows,
        mappedIndexBytes,
        sealedColumnBytes,
        renumbering,
        true,
        files);
  }

  /** The same with other bytes of vectors that may wait for linking. */
  public ShardSettings withMaxUnlinkedBytes(long bytes) {
    return new ShardSettings(
        verdictsKept,
        bytes,
        sealRows,
        mappedIndexBytes,
        sealedColumnBytes,
        renumbering,
        prefersRowGraphs,
        files);
  }

  /** The same with another rule for slots. */
  ShardSettings with(RenumberingRule rule) {
    return new ShardSettings(
        verdictsKept,
        maxUnlinkedBytes,
        sealRows,
        mappedIndexBytes,
        sealedColumnBytes,
        rule,
        prefersRowGraphs,
        files);
  }

  public ShardSettings {
    if (verdictsKept < 1) {
      throw new IllegalArgumentException("verdictsKept must be at least 1, got " + verdictsKept);
    }
    if (maxUnlinkedBytes < 1) {
      throw new IllegalArgumentException(
          "maxUnlinkedBytes must be at least 1, got " + maxUnlinkedBytes);
    }
    if (sealRows < 1 || sealRows > VectorFieldSettings.SEAL_ROWS_MAX) {
      throw new IllegalArgumentException(
          "sealRows must be in [1, %d], got %d"
              .formatted(VectorFieldSettings.SEAL_ROWS_MAX, sealRows));
    }
  }
}
