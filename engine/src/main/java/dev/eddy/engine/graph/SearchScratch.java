package dev.eddy.engine.graph;

import java.util.Arrays;

/**
 * The working memory of one search or one insertion at a time; borrowed from a {@link ScratchPool}.
 * Not thread-safe.
 */
public final class SearchScratch {
  final VisitedSet visited = new VisitedSet();
  final CandidatePool pool = new CandidatePool();

  private float[] query = new float[0];
  private int[] links = new int[0];
  private int[] batch = new int[0];
  private float[] scores = new float[0];

  long visitedRows;
  boolean withinBudget;

  /** The query, copied and padded with zeros to the stride. */
  public float[] padded(float[] vector, int dimension, int stride) {
    if (query.length < stride) {
      query = new float[stride];
    }
    System.arraycopy(vector, 0, query, 0, dimension);
    Arrays.fill(query, dimension, stride, 0f);
    return query;
  }

  /** At least this many ints; contents undefined; valid until the next call. */
  public int[] batch(int count) {
    if (batch.length < count) {
      batch = new int[count];
    }
    return batch;
  }

  /**
   * Room for at least this many scores and the three floats that scoring may overwrite behind them.
   */
  public float[] scores(int count) {
    if (scores.length < count + 3) {
      scores = new float[count + 3];
    }
    return scores;
  }

  int[] links(int count) {
    if (links.length < count) {
      links = new int[count];
    }
    return links;
  }

  /** Rows scored by the last graph search. */
  public long visitedRows() {
    return visitedRows;
  }

  /** How many entries the last graph search left; see {@link #isResult}. */
  public int found() {
    return pool.size();
  }

  /** How many of the entries are results. */
  public int results() {
    return pool.accepted();
  }

  /** The ordinal of an entry of the last graph search, best first. */
  public int ordinalAt(int index) {
    return pool.nodeAt(index);
  }

  /** The similarity of an entry. */
  public float scoreAt(int index) {
    return pool.scoreAt(index);
  }

  /** Whether an entry was accepted as a result. */
  public boolean isResult(int index) {
    return pool.isAcceptedAt(index);
  }

  void shrink() {
    pool.shrink();
  }

  long heapBytes() {
    return visited.heapBytes();
  }
}
