package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/**
 * Fills empty slots of {@link NeighborBlocks} with neighbours of neighbours: they cost a search
 * nothing, since a block is read whole, and save it steps. The links stay as they are; a link that
 * comes later takes a filled slot back.
 *
 * <p>A candidate is taken when it is not much nearer to a neighbour than to the node (the rule of
 * Subramanya et al. 2019, "DiskANN", alpha above 1). Any number of threads, each with a filler of
 * its own.
 */
public final class NeighborFiller {
  private static final int CANDIDATES = 128;
  private static final float ALPHA_SQUARED = 1.44f;

  private final Rows rows;
  private final GraphView links;
  private final NeighborBlocks blocks;
  private final Metric metric;
  private final int slots;
  private final int[] kept;
  private final int[] linked;
  private final float[] scores = new float[CANDIDATES + 3];
  private final long[] sorted = new long[CANDIDATES];
  private final int[] candidates = new int[CANDIDATES];
  private final float[] between;
  private final float[] query;
  private final float[] candidate;

  /** A filler for one thread. */
  public NeighborFiller(Rows rows, GraphView links, NeighborBlocks blocks, Metric metric) {
    this.rows = rows;
    this.links = links;
    this.blocks = blocks;
    this.metric = metric;
    this.slots = blocks.blocksPerNode() * CodeKernels.SLOTS;
    this.kept = new int[slots];
    this.linked = new int[links.maxLinks()];
    this.between = new float[slots + 3];
    this.query = new float[rows.stride()];
    this.candidate = new float[rows.stride()];
  }

  /** Fills the empty slots of a node, if it has any. */
  public void fill(int node, SearchScratch scratch) {
    if (blocks.isFull(node)) {
      return;
    }
    int count = links.links(0, node, linked);
    System.arraycopy(linked, 0, kept, 0, count);
    int found = gather(node, count, scratch);
    int keptCount = choose(count, found);
    // One lock for all graphs: a segment that is sealed goes on with blocks that are still filled.
    synchronized (HeapLinks.lockOf(node)) {
      // Links that came or went meanwhile have the first slots.
      if (links.links(0, node, linked) == count) {
        blocks.fill(node, kept, count, keptCount);
      }
    }
  }

  /** The nearest neighbours of neighbours, in {@link #sorted}, best first. */
  private int gather(int node, int count, SearchScratch scratch) {
    rows.copy(node, query);
    int limit = rows.count();
    blocks.codes().quantizer().prepare(query, 0, scratch.tables);
    CandidatePool pool = scratch.pool;
    VisitedSet visited = scratch.visited;
    pool.reset(CANDIDATES);
    visited.reset(limit);
    visited.add(node);
    for (int i = 0; i < count; i++) {
      visited.add(linked[i]);
    }
    for (int i = 0; i < count; i++) {
      scratch.entering = 0;
      FusedSearcher.expand(blocks, linked[i], limit, null, scratch);
      pool.merge(scratch.entries(0), scratch.entering);
    }
    int found = Math.min(pool.size(), CANDIDATES);
    for (int i = 0; i < found; i++) {
      candidates[i] = pool.nodeAt(i);
    }
    rows.score(query, 0, candidates, 0, found, scores);
    for (int i = 0; i < found; i++) {
      sorted[i] = ((long) ~ScoreBits.sortable(scores[i]) << 32) | candidates[i];
    }
    Arrays.sort(sorted, 0, found);
    return found;
  }

  private int choose(int count, int found) {
    int keptCount = count;
    for (int i = 0; i < found && keptCount < slots; i++) {
      int candidate = (int) sorted[i];
      if (isUseful(candidate, ScoreBits.score(~(int) (sorted[i] >> 32)), keptCount)) {
        kept[keptCount++] = candidate;
      }
    }
    return keptCount;
  }

  private boolean isUseful(int node, float score, int keptCount) {
    if (metric == Metric.DOT) {
      return true; // No distance to compare.
    }
    float distance = squaredDistance(score);
    rows.copy(node, candidate);
    for (int from = 0; from < keptCount; from += 4) {
      int count = Math.min(4, keptCount - from);
      rows.score(candidate, 0, kept, from, count, between);
      for (int i = from; i < from + count; i++) {
        if (ALPHA_SQUARED * squaredDistance(between[i]) < distance) {
          return false;
        }
      }
    }
    return true;
  }

  private float squaredDistance(float score) {
    return metric == Metric.EUCLID ? -score : 1 - score;
  }
}
