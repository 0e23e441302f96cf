package dev.eddy.engine.graph;

/**
 * Read access to numbered rows of floats. Safe from any thread for ordinals below a {@link
 * #count()} that this thread has read.
 */
public interface Rows {
  /** Ordinals {@code [0, count)} exist. */
  int count();

  /** Floats in a padded row; a query must hold this many, zeros from the dimension on. */
  int stride();

  /** Bytes of a padded row: fewer than its floats take where numbers are kept shorter. */
  int rowBytes();

  /**
   * Similarities (higher is nearer) of one query against {@code ordinals[from .. from + count)},
   * written to {@code scores[from ..)}.
   *
   * <p>Up to three floats behind the last score are overwritten, so scores must hold {@code from +
   * count + 3}.
   */
  void score(float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores);

  /**
   * Reads something of every cache line of a row, so that scoring it soon finds it near. The value
   * means nothing; use it, or the compiler leaves the reads out.
   */
  int touch(int ordinal);

  /** Rows {@code [from, to)} are read in order soon: those on a disk are fetched at once. */
  default void expect(int from, int to) {}

  /** Rows to {@link #expect} at once: a MiB of them. */
  default int stretch() {
    return Math.max(16, (1 << 20) / rowBytes());
  }

  /** Copies the row without its padding; out holds at least the dimension. */
  default void copy(int ordinal, float[] out) {
    copy(ordinal, 1, out, 0);
  }

  /**
   * Copies rows {@code [first, first + count)}, their numbers alone, to places that lie {@code
   * outStride} floats apart, the first at the start.
   */
  void copy(int first, int count, float[] out, int outStride);
}
