package dev.eddy.engine.graph;

import dev.eddy.engine.quantization.CodeTable;

/**
 * Rows that are scored by estimates from their codes, for one query. All of a call's codes are
 * touched first, so that their misses overlap: it is worth a quarter of a search. Not thread-safe.
 */
final class CodedRows implements Rows {
  private final CodeTable codes;
  private final Rows whole;
  private final SearchScratch scratch;

  /**
   * @param scratch whose query code is prepared by the quantiser of the codes
   */
  CodedRows(CodeTable codes, Rows whole, SearchScratch scratch) {
    this.codes = codes;
    this.whole = whole;
    this.scratch = scratch;
  }

  @Override
  public int count() {
    return whole.count();
  }

  @Override
  public int stride() {
    return whole.stride();
  }

  @Override
  public int rowBytes() {
    return whole.rowBytes();
  }

  /** As every row's, but for rows that came after the codes were given up: those are compared. */
  @Override
  public void score(
      float[] query, int queryAt, int[] ordinals, int from, int count, float[] scores) {
    if (areCoded(ordinals, from, count)) {
      codes.estimate(scratch.code, ordinals, from, count, scores);
    } else {
      whole.score(query, queryAt, ordinals, from, count, scores);
    }
  }

  private boolean areCoded(int[] ordinals, int from, int count) {
    int coded = codes.count();
    int sum = 0;
    for (int i = from; i < from + count; i++) {
      if (ordinals[i] >= coded) {
        return false;
      }
      sum += codes.touch(ordinals[i]);
    }
    scratch.touched = sum;
    return true;
  }

  @Override
  public int touch(int ordinal) {
    return whole.touch(ordinal);
  }

  @Override
  public void copy(int first, int count, float[] out, int outStride) {
    whole.copy(first, count, out, outStride);
  }
}
