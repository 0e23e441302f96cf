package dev.eddy.engine.graph;

import dev.eddy.engine.quantization.CodeTable;
import org.jspecify.annotations.Nullable;

/**
 * Searches by estimates from the rows' own codes, and then compares those with the best estimates
 * whole. Static; all state is in the scratch.
 */
public final class CodedSearcher {
  private static final int BATCH_ROWS = 64;

  /**
   * What is looked for, and by what.
   *
   * @param codes of the rows
   * @param query padded to the rows' stride
   * @param compared how many rows with the best estimates are kept and compared whole; 0 = all are
   *     kept, with their estimates
   */
  public record Query(CodeTable codes, Rows rows, float[] query, int compared) {
    private CodedRows prepare(SearchScratch scratch) {
      codes.quantizer().prepare(query, 0, scratch.code);
      return new CodedRows(codes, rows, scratch);
    }
  }

  private CodedSearcher() {}

  /** As {@link GraphSearcher#search}, by codes. The beam holds all that is compared, at best. */
  public static boolean search(
      GraphView graph,
      Query query,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    scratch.begin();
    long entry = graph.entryPoint();
    if (entry == EntryPoint.NONE) {
      return true;
    }
    CodedRows coded = query.prepare(scratch);
    // After the entry, which is below it then. Newer nodes are passed over.
    int limit = query.rows().count();
    int start = GraphSearcher.descend(graph, coded, query.query(), 0, limit, entry, 0, scratch);
    beam(graph.filled(), coded, query.query(), limit, start, ef, acceptor, limits, scratch);
    GraphSearcher.takePool(scratch);
    if (scratch.withinBudget) {
      compare(query, scratch);
    }
    return scratch.withinBudget;
  }

  /** As {@link TwoHopSearcher#search}, by codes. The beam holds all that is compared, at best. */
  public static boolean searchTwoHops(
      GraphView graph,
      Query query,
      int ef,
      Acceptor acceptor,
      HopLimits limits,
      SearchScratch scratch) {
    CodedRows coded = query.prepare(scratch);
    boolean isDone =
        TwoHopSearcher.search(graph, coded, query.query(), ef, acceptor, limits, scratch);
    if (isDone) {
      compare(query, scratch);
    }
    return isDone;
  }

  /** The beam on layer 0, from one node; fills the scratch's pool. */
  private static void beam(
      GraphView graph,
      CodedRows coded,
      float[] query,
      int limit,
      int start,
      int ef,
      @Nullable Acceptor acceptor,
      WalkLimits limits,
      SearchScratch scratch) {
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    int most = FusedSearcher.STEP_NODES * graph.maxLinks();
    int[] batch = scratch.batch(most);
    float[] scores = scratch.scores(most);
    pool.reset(ef, limits.beam());
    visited.reset(limit);
    visited.add(start);
    batch[0] = start;
    int gathered = 1;
    int expanded = 1;
    while (expanded > 0) {
      coded.score(query, 0, batch, 0, gathered, scores);
      enter(batch, gathered, scores, acceptor, scratch);
      scratch.visitedRows += gathered;
      if (limits.areExceeded(scratch)) {
        return;
      }
      expanded = pool.expandNext(scratch.step, scratch.stepAccepted, FusedSearcher.STEP_NODES);
      gathered = gather(graph, limit, expanded, batch, scratch);
    }
    scratch.withinBudget = !pool.isShort();
  }

  /** The unvisited neighbours of this step's nodes. */
  private static int gather(
      GraphView graph, int limit, int expanded, int[] batch, SearchScratch scratch) {
    int[] links = scratch.links(graph.maxLinks());
    VisitedSet visited = scratch.visited;
    int gathered = 0;
    for (int i = 0; i < expanded; i++) {
      int linked = graph.links(0, scratch.step[i], links);
      for (int j = 0; j < linked; j++) {
        int id = links[j];
        if (id < limit && visited.add(id)) {
          batch[gathered++] = id;
        }
      }
    }
    return gathered;
  }

  /** Lets nodes into the beam: those that are not accepted lead to others. */
  private static void enter(
      int[] batch, int count, float[] scores, @Nullable Acceptor acceptor, SearchScratch scratch) {
    float threshold = scratch.pool.threshold();
    scratch.entering = 0;
    long[] entries = scratch.entries(count);
    int entering = 0;
    for (int i = 0; i < count; i++) {
      if (scores[i] > threshold) {
        boolean isAccepted = acceptor == null || acceptor.accept(batch[i]);
        entries[entering++] = CandidatePool.entry(batch[i], scores[i], isAccepted);
      }
    }
    scratch.pool.merge(entries, entering);
  }

  /**
   * Leaves the accepted rows of {@code [from, to)} with the best estimates as the scratch's
   * results.
   *
   * @param best how many rows are kept where none are compared
   */
  public static void scan(
      Query query, int from, int to, int best, @Nullable Acceptor acceptor, SearchScratch scratch) {
    EstimatedRows.begin(Math.max(best, query.compared()), scratch);
    CodedRows coded = query.prepare(scratch);
    int[] batch = scratch.batch(BATCH_ROWS);
    float[] scores = scratch.scores(BATCH_ROWS);
    for (int first = from; first < to; first += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, to - first);
      for (int i = 0; i < count; i++) {
        batch[i] = first + i;
      }
      coded.score(query.query(), 0, batch, 0, count, scores);
      keep(batch, count, scores, acceptor, scratch);
      EstimatedRows.cutMany(scratch);
    }
    EstimatedRows.merge(scratch);
    GraphSearcher.takePool(scratch);
    scratch.visitedRows += to - from;
    compare(query, scratch);
  }

  /** A scan of rows that are handed over, by their own codes. Not thread-safe. */
  public static final class Matches {
    private final Query query;
    private final SearchScratch scratch;
    private final CodedRows coded;
    private long given;

    /** Begins one; the query compares rows. All state is in the scratch until it is finished. */
    public Matches(Query query, SearchScratch scratch) {
      this.query = query;
      this.scratch = scratch;
      EstimatedRows.begin(query.compared(), scratch);
      this.coded = query.prepare(scratch);
    }

    /**
     * Estimates rows {@code ordinals[from .. from + count)}.
     *
     * @param count at most {@link MatchScanner#TOGETHER}
     */
    public void add(int[] ordinals, int from, int count) {
      int[] batch = scratch.batch(BATCH_ROWS);
      System.arraycopy(ordinals, from, batch, 0, count);
      float[] scores = scratch.scores(BATCH_ROWS);
      coded.score(query.query(), 0, batch, 0, count, scores);
      keep(batch, count, scores, null, scratch);
      EstimatedRows.cutMany(scratch);
      given += count;
    }

    /** Compares the best whole, and leaves them as the scratch's results. */
    public void finish() {
      EstimatedRows.merge(scratch);
      GraphSearcher.takePool(scratch);
      scratch.visitedRows += given;
      compare(query, scratch);
    }
  }

  /** Has accepted rows wait for the pool: who goes nowhere from a row needs no others. */
  private static void keep(
      int[] batch, int count, float[] scores, @Nullable Acceptor acceptor, SearchScratch scratch) {
    float threshold = EstimatedRows.threshold(scratch);
    long[] entries = scratch.entries(count);
    for (int i = 0; i < count; i++) {
      if (scores[i] > threshold && (acceptor == null || acceptor.accept(batch[i]))) {
        entries[scratch.entering++] = CandidatePool.entry(batch[i], scores[i], true);
      }
    }
  }

  /** Compares the best results whole and forgets the others. */
  private static void compare(Query query, SearchScratch scratch) {
    if (query.compared() == 0) {
      scratch.boundScores(query.codes().quantizer().similarityMax());
      return;
    }
    scratch.cutResults(query.compared());
    int[] ordinals = scratch.batch(BATCH_ROWS);
    float[] scores = scratch.scores(BATCH_ROWS);
    for (int at = 0; at < scratch.results(); at += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, scratch.results() - at);
      for (int i = 0; i < count; i++) {
        ordinals[i] = scratch.ordinalAt(at + i);
      }
      query.rows().score(query.query(), 0, ordinals, 0, count, scores);
      scratch.setScores(at, scores, count);
    }
    scratch.visitedRows += scratch.results();
    scratch.comparedRows += scratch.results();
  }
}
