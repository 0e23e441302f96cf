package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.quantization.RowCodes;
import org.jspecify.annotations.Nullable;

/**
 * Scans rows by their codes, 32 at a time and a fifteenth of the bytes, and scores those with the
 * best estimates. Static and allocation-free; all state is in the scratch.
 */
public final class CodeScanner {
  private CodeScanner() {}

  /**
   * Leaves the accepted rows of {@code [from, to)} with the best estimates as the scratch's
   * results, with exact similarities.
   *
   * @param query padded to the rows' stride
   * @param best how many rows are scored
   * @param tests rows that may be asked for
   * @return whether the tests sufficed
   */
  public static boolean scan(
      RowCodes codes,
      Rows rows,
      float[] query,
      int from,
      int to,
      int best,
      @Nullable Acceptor acceptor,
      long tests,
      SearchScratch scratch) {
    EstimatedRows.begin(best, scratch);
    codes.quantizer().prepare(query, 0, scratch.tables);
    int first = from - RowCodes.slotOf(from);
    for (int block = first; block < to; block += CodeKernels.SLOTS) {
      scanBlock(codes, block, from, to, acceptor, scratch);
      if (scratch.offeredRows > tests) {
        scratch.visitedRows += (block - first) / CodeKernels.SLOTS;
        return false;
      }
    }
    EstimatedRows.score(rows, query, scratch);
    scratch.visitedRows += (to - from) / CodeKernels.SLOTS;
    return true;
  }

  private static void scanBlock(
      RowCodes codes,
      int block,
      int from,
      int to,
      @Nullable Acceptor acceptor,
      SearchScratch scratch) {
    float[] estimates = scratch.estimates;
    int above =
        scratch.tables.estimate(
            codes.slabOf(block),
            codes.blockAt(block),
            codes.layout(),
            EstimatedRows.threshold(scratch),
            estimates);
    long[] entries = scratch.entries(CodeKernels.SLOTS);
    int entering = scratch.entering;
    scratch.offeredRows += Integer.bitCount(above);
    while (above != 0) {
      int slot = Integer.numberOfTrailingZeros(above);
      above &= above - 1;
      int ordinal = block + slot;
      if (ordinal >= from && ordinal < to && (acceptor == null || acceptor.accept(ordinal))) {
        entries[entering++] = CandidatePool.entry(ordinal, estimates[slot], true);
      }
    }
    scratch.entering = entering;
    EstimatedRows.cutMany(scratch);
  }
}
