package dev.eddy.bench.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The nearest rows by inner product, by scoring all of them. Plain loops that share nothing with
 * the engine, so that its answers can be held against them.
 */
final class ExactNeighbours {
  /** Queries scored together: their running sums stay in the first-level cache. */
  private static final int BLOCK = 128;

  private ExactNeighbours() {}

  /** Which rows may be neighbours of which queries. Asked from several threads. */
  interface Admission {
    boolean admits(int query, int row);
  }

  /** The k best of {@code [0, rows)} for each query, best first; the smaller row wins a tie. */
  static int[] of(VectorFile base, int rows, VectorFile queries, int k) {
    return of(base, rows, queries, k, (query, row) -> true);
  }

  /** The same among the rows admitted; -1 where there are fewer than k. */
  static int[] of(VectorFile base, int rows, VectorFile queries, int k, Admission admission) {
    int[] all = new int[queries.rows() * k];
    Arrays.fill(all, -1);
    int blocks = (queries.rows() + BLOCK - 1) / BLOCK;
    IntStream.range(0, blocks)
        .parallel()
        .forEach(block -> scan(base, rows, queries, k, admission, block, all));
    return all;
  }

  private static void scan(
      VectorFile base,
      int rows,
      VectorFile queries,
      int k,
      Admission admission,
      int block,
      int[] all) {
    int first = block * BLOCK;
    int count = Math.min(BLOCK, queries.rows() - first);
    int dimension = base.dimension();
    float[][] columns = new float[dimension][BLOCK];
    for (int q = 0; q < count; q++) {
      for (int column = 0; column < dimension; column++) {
        columns[column][q] = queries.get(first + q, column);
      }
    }
    float[][] bestScores = new float[count][k];
    int[][] best = new int[count][k];
    for (int[] rowsOfQuery : best) {
      Arrays.fill(rowsOfQuery, -1);
    }
    for (float[] scores : bestScores) {
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    }
    float[] row = new float[dimension];
    float[] sums = new float[BLOCK];
    for (int r = 0; r < rows; r++) {
      base.values().get(r * dimension, row);
      Arrays.fill(sums, 0f);
      for (int column = 0; column < dimension; column++) {
        addScaled(sums, columns[column], row[column]);
      }
      for (int q = 0; q < count; q++) {
        if (sums[q] > bestScores[q][k - 1] && admission.admits(first + q, r)) {
          insert(bestScores[q], best[q], sums[q], r);
        }
      }
    }
    for (int q = 0; q < count; q++) {
      System.arraycopy(best[q], 0, all, (first + q) * k, k);
    }
  }

  /** A loop of its own, which HotSpot turns into vector instructions. */
  private static void addScaled(float[] sums, float[] column, float factor) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += column[i] * factor;
    }
  }

  private static void insert(float[] scores, int[] rows, float score, int row) {
    int at = scores.length - 1;
    while (at > 0 && scores[at - 1] < score) {
      scores[at] = scores[at - 1];
      rows[at] = rows[at - 1];
      at--;
    }
    scores[at] = score;
    rows[at] = row;
  }
}
