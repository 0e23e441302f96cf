package dev.eddy.engine.kernel;

/**
 * Products of a query with rows of two bits a number, counted in common bits (after Gao et al.
 * 2024, "RaBitQ"). Stateless; safe from any thread.
 */
public sealed interface SketchKernels permits PanamaSketchKernels, ScalarSketchKernels {
  /** Bits of a number of the query. */
  int PLANES = 4;

  /**
   * Where a row lies: row n in slab {@code n >>> slabShift}, its upper bits from {@code (n modulo
   * rows of a slab) * stride} on and its lower bits behind them.
   *
   * @param words longs of the upper bits, as many as of the lower ones
   * @param stride longs from one row to the next; not less than twice the words
   */
  record Layout(int words, int stride, int slabShift) {
    /** Where a row begins in its slab. */
    public int at(int row) {
      return (row & ((1 << slabShift) - 1)) * stride;
    }
  }

  /**
   * For each row {@code rows[from + i]} of {@code count} the sum over all numbers of the row's two
   * bits times the query's four, to {@code out[i]}.
   *
   * @param planes the query: bit p of number n is bit {@code n & 63} of {@code planes[4 (n >>> 6) +
   *     p]}
   */
  void products(
      long[][] slabs, Layout layout, int[] rows, int from, int count, long[] planes, int[] out);
}
