package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.Metric;
import java.util.Arrays;

/**
 * Fills empty places of a growing graph's links on layer 0 with neighbours of neighbours ({@link
 * FillRule}), for searches: a step costs more rows and leads further, which is faster at the same
 * recall. Building goes by links alone, and a link that comes later takes a filled place back.
 */
public final class LinkFiller implements NodeFiller {
  /** A neighbour that is met costs a row here, so fewer pay than in blocks. */
  private static final float ALPHA = 1.1f;

  private final Rows rows;
  private final HeapLinks links;
  private final FillRule rule;
  private final int[] linked;
  private final int[] further;
  private final float[] query;
  private int[] batch = new int[256];
  private float[] scores = new float[256 + 3];
  private boolean hasFilled;

  /** A filler for one thread. */
  public LinkFiller(Rows rows, HeapLinks links, Metric metric) {
    this.rows = rows;
    this.links = links;
    this.rule = new FillRule(rows, metric, links.maxLinks(), ALPHA);
    this.linked = new int[links.maxLinks()];
    this.further = new int[links.maxLinks()];
    this.query = new float[rows.stride()];
  }

  @Override
  public void fill(int node, SearchScratch scratch) {
    int count = links.links(0, node, linked);
    int taken = links.filled().links(0, node, further);
    if (taken == links.maxLinks()) {
      return;
    }
    System.arraycopy(linked, 0, rule.kept, 0, count);
    int keptCount = rule.choose(count, gather(node, count, scratch));
    if (keptCount <= taken) {
      return; // As it was filled before.
    }
    synchronized (HeapLinks.lockOf(node)) {
      if (links.links(0, node, linked) == count) { // Else they are others now.
        hasFilled |= links.fill(node, rule.kept, count, keptCount);
      }
    }
  }

  @Override
  public boolean hasFilledLinks() {
    return hasFilled;
  }

  /** Gives the rule the nearest neighbours of neighbours. */
  private int gather(int node, int count, SearchScratch scratch) {
    rows.copy(node, query);
    int gathered = unseen(node, count, scratch.visited);
    if (scores.length < gathered + 3) {
      scores = new float[batch.length + 3];
    }
    rows.score(query, 0, batch, 0, gathered, scores);
    CandidatePool pool = scratch.pool;
    pool.reset(FillRule.CANDIDATES);
    for (int i = 0; i < gathered; i++) {
      if (pool.admits(scores[i])) {
        pool.insert(batch[i], scores[i], true);
      }
    }
    int found = pool.size();
    for (int i = 0; i < found; i++) {
      rule.candidates[i] = pool.nodeAt(i);
      rule.scores[i] = pool.scoreAt(i);
    }
    return found;
  }

  /** The neighbours' neighbours, each once, in {@link #batch}. */
  private int unseen(int node, int count, VisitedSet visited) {
    int limit = rows.count();
    int gathered = 0;
    visited.reset(limit);
    visited.add(node);
    for (int i = 0; i < count; i++) {
      visited.add(linked[i]);
    }
    for (int i = 0; i < count; i++) {
      int behind = links.links(0, linked[i], further);
      if (batch.length < gathered + behind) {
        batch = Arrays.copyOf(batch, 2 * (gathered + behind));
      }
      for (int j = 0; j < behind; j++) {
        if (further[j] < limit && visited.add(further[j])) {
          batch[gathered++] = further[j];
        }
      }
    }
    return gathered;
  }
}
