package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.quantization.RowCodes;
import org.jspecify.annotations.Nullable;

/**
 * Scans rows by their codes, 32 at a time and a fifteenth of the bytes, and scores those with the
 * best estimates. Static and allocation-free; all state is in the scratch.
 */
public final class CodeScanner {
  private static final int BATCH_ROWS = 64;

  private CodeScanner() {}

  /**
   * Leaves the accepted rows of {@code [from, to)} with the best estimates as the scratch's
   * results, with exact similarities.
   *
   * @param query padded to the rows' stride
   * @param best how many rows are scored
   */
  public static void scan(
      RowCodes codes,
      Rows rows,
      float[] query,
      int from,
      int to,
      int best,
      @Nullable Acceptor acceptor,
      SearchScratch scratch) {
    scratch.begin();
    scratch.pool.reset(best);
    codes.quantizer().prepare(query, 0, scratch.tables);
    int first = from - RowCodes.slotOf(from);
    for (int block = first; block < to; block += CodeKernels.SLOTS) {
      scanBlock(codes, block, from, to, acceptor, scratch);
    }
    rescore(rows, query, scratch);
    scratch.comparedRows = scratch.results();
    scratch.visitedRows = (to - from) / CodeKernels.SLOTS + scratch.results();
  }

  private static void scanBlock(
      RowCodes codes,
      int block,
      int from,
      int to,
      @Nullable Acceptor acceptor,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    float[] estimates = scratch.estimates;
    int above =
        scratch.tables.estimate(
            codes.slabOf(block), codes.blockAt(block), codes.layout(), pool.threshold(), estimates);
    scratch.entering = 0;
    long[] entries = scratch.entries(CodeKernels.SLOTS);
    int entering = 0;
    while (above != 0) {
      int slot = Integer.numberOfTrailingZeros(above);
      above &= above - 1;
      int ordinal = block + slot;
      if (ordinal >= from && ordinal < to && (acceptor == null || acceptor.accept(ordinal))) {
        entries[entering++] = CandidatePool.entry(ordinal, estimates[slot], true);
      }
    }
    pool.merge(entries, entering);
  }

  private static void rescore(Rows rows, float[] query, SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    int[] ordinals = scratch.batch(BATCH_ROWS);
    float[] scores = scratch.scores(BATCH_ROWS);
    for (int at = 0; at < pool.size(); at += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, pool.size() - at);
      for (int i = 0; i < count; i++) {
        ordinals[i] = pool.nodeAt(at + i);
      }
      rows.score(query, 0, ordinals, 0, count, scores);
      for (int i = 0; i < count; i++) {
        scratch.addResult(ordinals[i], scores[i]);
      }
    }
  }
}
