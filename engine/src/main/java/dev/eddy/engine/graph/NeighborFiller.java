package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/**
 * Fills empty slots of {@link NeighborBlocks} with neighbours of neighbours ({@link FillRule}):
 * they cost a search nothing, since a block is read whole, and save it steps. The links stay as
 * they are; a link that comes later takes a filled slot back.
 */
public final class NeighborFiller implements NodeFiller {
  private static final float ALPHA = 1.2f;

  private final Rows rows;
  private final GraphView links;
  private final NeighborBlocks blocks;
  private final FillRule rule;
  private final int[] linked;
  private final float[] scores = new float[FillRule.CANDIDATES + 3];
  private final long[] sorted = new long[FillRule.CANDIDATES];
  private final int[] candidates = new int[FillRule.CANDIDATES];
  private final float[] query;

  /** A filler for one thread. */
  public NeighborFiller(Rows rows, GraphView links, NeighborBlocks blocks, Metric metric) {
    this.rows = rows;
    this.links = links;
    this.blocks = blocks;
    this.rule = new FillRule(rows, metric, blocks.slots(), ALPHA);
    this.linked = new int[links.maxLinks()];
    this.query = new float[rows.stride()];
  }

  @Override
  public void fill(int node, SearchScratch scratch) {
    if (blocks.isFull(node)) {
      return;
    }
    int count = links.links(0, node, linked);
    System.arraycopy(linked, 0, rule.kept, 0, count);
    int keptCount = rule.choose(count, gather(node, count, scratch));
    // One lock for all graphs: a segment that is sealed goes on with blocks that are still filled.
    synchronized (HeapLinks.lockOf(node)) {
      // Else links came or went meanwhile, which have the first slots.
      if (links.links(0, node, linked) == count) {
        blocks.fill(node, rule.kept, count, keptCount);
      }
    }
  }

  /** Gives the rule the nearest neighbours of neighbours. */
  private int gather(int node, int count, SearchScratch scratch) {
    rows.copy(node, query);
    // A graph outgrows blocks that were given up meanwhile.
    int limit = Math.min(rows.count(), blocks.capacity());
    blocks.codes().quantizer().prepare(query, 0, scratch.tables);
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    pool.reset(FillRule.CANDIDATES);
    visited.reset(limit);
    visited.add(node);
    for (int i = 0; i < count; i++) {
      if (linked[i] >= limit) {
        return 0;
      }
      visited.add(linked[i]);
    }
    for (int i = 0; i < count; i++) {
      scratch.entering = 0;
      FusedSearcher.expand(blocks, linked[i], limit, null, scratch);
      pool.merge(scratch.entries(0), scratch.entering);
    }
    int found = Math.min(pool.size(), FillRule.CANDIDATES);
    for (int i = 0; i < found; i++) {
      candidates[i] = pool.nodeAt(i);
    }
    rows.score(query, 0, candidates, 0, found, scores);
    for (int i = 0; i < found; i++) {
      sorted[i] = ((long) ~ScoreBits.sortable(scores[i]) << 32) | candidates[i];
    }
    Arrays.sort(sorted, 0, found);
    for (int i = 0; i < found; i++) {
      rule.candidates[i] = (int) sorted[i];
      rule.scores[i] = ScoreBits.score(~(int) (sorted[i] >> 32));
    }
    return found;
  }
}
