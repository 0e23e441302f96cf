package dev.eddy.engine.quantization;

/**
 * Codes of numbered rows by themselves. Safe from any thread for ordinals below a {@link #count()}
 * that this thread has read.
 */
public interface CodeTable {
  /** How the rows are coded. */
  RowQuantizer quantizer();

  /** Ordinals {@code [0, count)} have codes. */
  int count();

  /**
   * Estimated similarities (higher is nearer) of the rows {@code ordinals[from .. from + count)},
   * written to {@code out[from ..)}.
   *
   * @param query prepared by this table's quantiser
   */
  void estimate(QueryCode query, int[] ordinals, int from, int count, float[] out);

  /**
   * Reads something of every cache line of a code, so that estimating it soon finds it near. The
   * value means nothing; use it, or the compiler leaves the reads out.
   */
  int touch(int ordinal);

  /** Bytes on the heap. */
  long heapBytes();

  /** Bytes mapped. */
  long mappedBytes();
}
