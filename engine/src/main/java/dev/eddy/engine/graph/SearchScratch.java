package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.quantization.QueryCode;
import dev.eddy.engine.quantization.QueryTables;
import java.util.Arrays;

/**
 * The working memory of one search or one insertion at a time; borrowed from a {@link ScratchPool}.
 * Not thread-safe.
 */
public final class SearchScratch {
  private static final int RESULTS_KEPT = 1 << 16;

  final VisitedSet visited = new VisitedSet();
  final CandidatePool pool = new CandidatePool();

  private float[] query = new float[0];
  private int[] links = new int[0];
  private int[] batch = new int[0];
  private float[] scores = new float[0];

  final QueryTables tables = new QueryTables();
  final QueryCode code = new QueryCode();
  final float[] estimates = new float[CodeKernels.SLOTS];
  final int[] ids = new int[CodeKernels.SLOTS];
  final int[] step = new int[FusedSearcher.STEP_NODES];
  final float[] stepScores = new float[FusedSearcher.STEP_NODES + 3];
  final boolean[] stepAccepted = new boolean[FusedSearcher.STEP_NODES];
  int touched;
  int entering;

  /** Of a scan by estimates: how many rows are kept, and what estimates have to exceed. */
  int best;

  float leastKept;

  /** Of the same: rows offered or tested, and a bound for the scores of those left out. */
  long offeredRows;

  float leftOutScore;

  /** What the estimates of the rows scored are worth. */
  final EstimateFit fit = new EstimateFit();

  /** Of a scan of given rows: their ordinals, less than 0 (the complement) when scored. */
  int[] given = new int[0];

  float[] givenEstimates = new float[0];
  int givenCount;

  final float[] sampled = new float[MatchScanner.SAMPLED];

  /** Where looking for more rows to score goes on. */
  int nextGiven;

  private long[] entries = new long[256];

  /** Of a two-hop search: neighbours that are not accepted, best first where entries. */
  private int[] gates = new int[0];

  private long[] gateEntries = new long[256];
  int gateCount;

  /** Of a two-hop search: accepted nodes met in this step. */
  int met;

  private int[] resultOrdinals = new int[64];
  private float[] resultScores = new float[64];
  private int results;

  long visitedRows;
  long comparedRows;
  boolean withinBudget;

  /** Forgets the last search. */
  void begin() {
    visitedRows = 0;
    comparedRows = 0;
    withinBudget = true;
    results = 0;
  }

  /** Entries that wait for the pool, the first {@link #entering} of them, with room for more. */
  long[] entries(int room) {
    if (entries.length < entering + room) {
      entries = Arrays.copyOf(entries, Math.max(entering + room, 2 * entries.length));
    }
    return entries;
  }

  int[] gates(int count) {
    if (gates.length < count) {
      gates = new int[count];
    }
    return gates;
  }

  /** The first {@link #gateCount} gates as entries, with room for more. */
  long[] gateEntries(int room) {
    if (gateEntries.length < gateCount + room) {
      gateEntries = Arrays.copyOf(gateEntries, Math.max(gateCount + room, 2 * gateEntries.length));
    }
    return gateEntries;
  }

  void addResult(int ordinal, float score) {
    if (results == resultOrdinals.length) {
      resultOrdinals = Arrays.copyOf(resultOrdinals, 2 * results);
      resultScores = Arrays.copyOf(resultScores, 2 * results);
    }
    resultOrdinals[results] = ordinal;
    resultScores[results++] = score;
  }

  /** Forgets all but the first results. */
  void cutResults(int most) {
    results = Math.min(results, most);
  }

  /** Cuts off what no similarity can be. */
  void boundScores(float most) {
    for (int i = 0; i < results; i++) {
      resultScores[i] = Math.min(resultScores[i], most);
    }
  }

  /** Gives results from one on other similarities. */
  void setScores(int from, float[] scores, int count) {
    System.arraycopy(scores, 0, resultScores, from, count);
  }

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

  /** Those of them that a search by codes has compared whole; it looks at estimates of others. */
  public long comparedRows() {
    return comparedRows;
  }

  /** Has room for so many more given rows. */
  void growGiven(int room) {
    if (given.length < givenCount + room) {
      int length = Math.max(givenCount + room, 2 * given.length);
      given = Arrays.copyOf(given, length);
      givenEstimates = Arrays.copyOf(givenEstimates, length);
    }
  }

  /** Rows that the last scan by estimates was given, or tested itself. */
  public long offeredRows() {
    return offeredRows;
  }

  /**
   * What rows that the last scan by estimates left unscored hardly exceed; negative infinity when
   * there are none, and infinity when the estimates of the best differ less than they err, so that
   * any rows were scored.
   *
   * @param k the best that matter
   */
  public float leftOutScore(int k) {
    boolean isBlind = pool.size() < k || pool.scoreAt(k - 1) < leftOutScore;
    return leftOutScore > Float.NEGATIVE_INFINITY && isBlind
        ? Float.POSITIVE_INFINITY
        : leftOutScore;
  }

  /** How many results the last graph search left, in no order. */
  public int results() {
    return results;
  }

  /** The ordinal of a result. */
  public int ordinalAt(int index) {
    return resultOrdinals[index];
  }

  /** The similarity of a result; an estimate where a search by rows' own codes compared none. */
  public float scoreAt(int index) {
    return resultScores[index];
  }

  void shrink() {
    pool.shrink();
    if (resultOrdinals.length > RESULTS_KEPT) {
      resultOrdinals = new int[64];
      resultScores = new float[64];
    }
  }

  long heapBytes() {
    return visited.heapBytes() + 4L * (given.length + givenEstimates.length);
  }
}
