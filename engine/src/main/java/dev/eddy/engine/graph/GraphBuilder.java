package dev.eddy.engine.graph;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Links nodes into a growing graph; any number of threads at once, each with its own builder.
 * hnswlib's rules: a new node takes m neighbours by the diversity rule, each neighbour takes the
 * new node back and prunes by the same rule when its row is full.
 *
 * <p>A node is written bottom-up before anything points to it, so whoever meets it on a layer finds
 * its links on all layers below.
 */
public final class GraphBuilder {
  private final HeapRows rows;
  private final HeapLinks links;
  private final GraphParams params;

  private final int[][] chosen = new int[NodeLayers.LAYER_MAX + 1][];
  private final int[] chosenCount = new int[NodeLayers.LAYER_MAX + 1];
  private final int[] pruneIds;
  private final float[] pruneScores;
  private long[] sorted = new long[256];
  private final int[] kept;
  private final float[] keptScores;

  /** The row that is asked for, where rows are not of floats. */
  private final float[] widened;

  /** The node may have been linked back already. */
  private boolean isAgain;

  /** A builder for one thread. */
  public GraphBuilder(HeapRows rows, HeapLinks links, GraphParams params) {
    this.rows = rows;
    this.links = links;
    this.params = params;
    this.pruneIds = new int[params.m0() + 1];
    this.pruneScores = new float[params.m0() + 4];
    this.kept = new int[params.m0()];
    this.keptScores = new float[params.m0() + 3];
    this.widened = new float[rows.stride()];
  }

  /**
   * Links a node whose row exists and for which {@link HeapLinks#reserve} made room. Each node
   * once.
   */
  public void insert(int node, SearchScratch scratch) {
    insert(node, 0, scratch);
  }

  /** The same for a node whose insertion was broken off. */
  public void insertAgain(int node, SearchScratch scratch) {
    isAgain = true;
    insert(node, 0, scratch);
    isAgain = false;
  }

  /** The same from a layer upward; on those below it is linked already. */
  void insert(int node, int lowest, SearchScratch scratch) {
    long entry = links.entryPoint();
    if (entry == EntryPoint.NONE) {
      if (links.becomeFirst(node)) {
        return;
      }
      entry = links.entryPoint();
    }
    int limit = rows.count(); // After the entry, which is below it then.
    float[] query = rows.query(node, widened);
    int queryAt = rows.queryAt(node);
    int top = links.topLayer(node);
    int highest = Math.min(top, EntryPoint.layer(entry));
    int start = GraphSearcher.descend(links, rows, query, queryAt, limit, entry, highest, scratch);
    for (int layer = highest; layer >= lowest; layer--) {
      int count = candidates(node, layer, start, limit, scratch);
      if (count > 0) {
        start = (int) sorted[0];
      }
      choose(layer, count);
    }
    // Nobody can reach the node yet, but its blocks may be mirrored at this moment.
    synchronized (HeapLinks.lockOf(node)) {
      for (int layer = lowest; layer <= highest; layer++) {
        links.set(layer, node, chosen[layer], chosenCount[layer]);
      }
    }
    for (int layer = lowest; layer <= highest; layer++) {
      linkBack(node, layer, start, limit, scratch);
    }
    if (top > highest) {
      links.offerEntry(node);
    }
  }

  /**
   * Gives a node links on layer 0: the first candidates, of the others those that are diverse
   * beside them, and the nearest until there are enough. They are not linked back.
   *
   * @param keeps how many of the candidates are links in any case
   * @param least links to have where there are as many candidates, at most 2m
   */
  void relink(int node, int[] candidates, int keeps, int count, int least, SearchScratch scratch) {
    float[] scores = scratch.scores(count);
    float[] row = rows.query(node, widened);
    rows.score(row, rows.queryAt(node), candidates, keeps, count - keeps, scores);
    makeRoom(count - keeps);
    for (int i = keeps; i < count; i++) {
      sorted[i - keeps] = pack(candidates[i], scores[i]);
    }
    Arrays.sort(sorted, 0, count - keeps);
    System.arraycopy(candidates, 0, kept, 0, keeps);
    int linked = diverse(count - keeps, params.m0(), keeps);
    for (int i = 0; i < count - keeps && linked < least; i++) {
      if (!isAmong((int) sorted[i], kept, keeps, linked)) {
        kept[linked++] = (int) sorted[i];
      }
    }
    synchronized (HeapLinks.lockOf(node)) {
      links.set(0, node, kept, linked);
    }
  }

  private static boolean isAmong(int id, int[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ids[i] == id) {
        return true;
      }
    }
    return false;
  }

  /** Lets a node lead to a node on layer 0 if it has room; returns whether it does now. */
  boolean linkIfRoom(int from, int to) {
    synchronized (HeapLinks.lockOf(from)) {
      return leads(0, from, to) || links.add(0, from, to);
    }
  }

  /**
   * Lets a node that is reached lead to one that is not, on layer 0: those that the node would
   * choose, where they have room; else the nearest with room; else the nearest in place of another
   * link. Its own links stay.
   */
  void reconnect(int node, BitSet reached, SearchScratch scratch) {
    long entry = links.entryPoint();
    int limit = rows.count();
    float[] query = rows.query(node, widened);
    int start =
        GraphSearcher.descend(links, rows, query, rows.queryAt(node), limit, entry, 0, scratch);
    int count = onlyReached(candidates(node, 0, start, limit, scratch), reached);
    if (count == 0) { // The descent led to where nothing is reached, either.
      start = EntryPoint.node(entry);
      count = onlyReached(candidates(node, 0, start, limit, scratch), reached);
    }
    choose(0, count);
    synchronized (HeapLinks.lockOf(node)) {
      if (links.links(0, node, pruneIds) == 0) {
        links.set(0, node, chosen[0], chosenCount[0]);
      }
    }
    boolean isLinked = false;
    for (int i = 0; i < chosenCount[0]; i++) {
      isLinked |= linkIfRoom(chosen[0][i], node);
    }
    for (int i = 0; i < count && !isLinked; i++) {
      isLinked = linkIfRoom((int) sorted[i], node);
    }
    if (!isLinked && count > 0) {
      linkInstead((int) sorted[0], node);
    }
  }

  private int onlyReached(int count, BitSet reached) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (reached.get((int) sorted[i])) {
        sorted[kept++] = sorted[i];
      }
    }
    return kept;
  }

  /** Of a full row the last link goes: the one that was added or kept last. */
  private void linkInstead(int from, int to) {
    synchronized (HeapLinks.lockOf(from)) {
      int count = links.links(0, from, pruneIds);
      pruneIds[count - 1] = to;
      links.set(0, from, pruneIds, count);
    }
  }

  /**
   * Lets the neighbours that were chosen for a node lead to it. When all of them prefer others, the
   * nearest node with room takes it: what nothing leads to is not found.
   */
  private void linkBack(int node, int layer, int start, int limit, SearchScratch scratch) {
    boolean isLinked = chosenCount[layer] == 0;
    for (int i = 0; i < chosenCount[layer]; i++) {
      isLinked |= linkBack(layer, chosen[layer][i], node);
    }
    if (isLinked || layer > 0) {
      return;
    }
    int count = candidates(node, 0, start, limit, scratch);
    for (int i = 0; i < count && !isLinked; i++) {
      isLinked = linkIfRoom((int) sorted[i], node);
    }
  }

  private boolean leads(int layer, int from, int to) {
    return isAmong(to, pruneIds, 0, links.links(layer, from, pruneIds));
  }

  /** Searches a layer for neighbours of a node; leaves them in {@link #sorted}, best first. */
  private int candidates(int node, int layer, int start, int limit, SearchScratch scratch) {
    float[] query = rows.query(node, widened);
    int queryAt = rows.queryAt(node);
    int ef = params.efConstruct();
    NeighborBlocks blocks = links.attached();
    if (layer == 0 && blocks != null && blocks.isComplete()) {
      scratch.begin();
      blocks.codes().quantizer().prepare(query, queryAt, scratch.tables);
      FusedSearcher.beam(
          blocks, rows, query, queryAt, limit, start, ef, null, WalkLimits.NONE, scratch);
      return sortResults(node, scratch);
    }
    GraphSearcher.beam(
        links, rows, query, queryAt, limit, layer, start, ef, null, WalkLimits.NONE, scratch);
    return takePool(node, scratch.pool);
  }

  private int takePool(int node, CandidatePool pool) {
    makeRoom(pool.size());
    int count = 0;
    for (int i = 0; i < pool.size(); i++) {
      if (pool.nodeAt(i) != node) {
        sorted[count++] = pack(pool.nodeAt(i), pool.scoreAt(i));
      }
    }
    return count;
  }

  private int sortResults(int node, SearchScratch scratch) {
    makeRoom(scratch.results());
    int count = 0;
    for (int i = 0; i < scratch.results(); i++) {
      if (scratch.ordinalAt(i) != node) {
        sorted[count++] = pack(scratch.ordinalAt(i), scratch.scoreAt(i));
      }
    }
    Arrays.sort(sorted, 0, count);
    return count;
  }

  private void makeRoom(int count) {
    if (sorted.length < count) {
      sorted = new long[count];
    }
  }

  private void choose(int layer, int count) {
    if (chosen[layer] == null) {
      chosen[layer] = new int[params.m()];
    }
    chosenCount[layer] = diverse(count, params.m(), 0);
    System.arraycopy(kept, 0, chosen[layer], 0, chosenCount[layer]);
  }

  /** Whether the neighbour leads to the node now. */
  private boolean linkBack(int layer, int neighbour, int node) {
    synchronized (HeapLinks.lockOf(neighbour)) {
      if ((isAgain && leads(layer, neighbour, node)) || links.add(layer, neighbour, node)) {
        return true;
      }
      int count = links.links(layer, neighbour, pruneIds);
      pruneIds[count++] = node;
      float[] query = rows.query(neighbour, widened);
      rows.score(query, rows.queryAt(neighbour), pruneIds, 0, count, pruneScores);
      for (int i = 0; i < count; i++) {
        sorted[i] = pack(pruneIds[i], pruneScores[i]);
      }
      Arrays.sort(sorted, 0, count);
      int linked = diverse(count, links.capacity(layer), 0);
      links.set(layer, neighbour, kept, linked);
      return isAmong(node, kept, 0, linked);
    }
  }

  /**
   * Keeps a candidate when it is nearer to the node than to every candidate kept before it (Malkov
   * and Yashunin 2018, algorithm 4).
   *
   * @param count candidates in {@link #sorted}, best first
   * @param alreadyKept how many are in {@link #kept} before
   * @return how many were kept, in {@link #kept}
   */
  private int diverse(int count, int most, int alreadyKept) {
    int keptCount = alreadyKept;
    for (int i = 0; i < count && keptCount < most; i++) {
      int candidate = (int) sorted[i];
      if (isDiverse(candidate, scoreOf(sorted[i]), keptCount)) {
        kept[keptCount++] = candidate;
      }
    }
    return keptCount;
  }

  private boolean isDiverse(int candidate, float score, int keptCount) {
    float[] query = rows.query(candidate, widened);
    int at = rows.queryAt(candidate);
    for (int from = 0; from < keptCount; from += 4) {
      int count = Math.min(4, keptCount - from);
      rows.score(query, at, kept, from, count, keptScores);
      for (int i = from; i < from + count; i++) {
        if (keptScores[i] > score) {
          return false;
        }
      }
    }
    return true;
  }

  private static long pack(int node, float score) {
    return ((long) ~ScoreBits.sortable(score) << 32) | node;
  }

  private static float scoreOf(long packed) {
    return ScoreBits.score(~(int) (packed >> 32));
  }
}
