package dev.eddy.engine.graph;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The links of a growing graph.
 *
 * <p>Layer 0 is slabs of {@code 2m} ids per node or blocks that hold them, upper layers one array
 * per node that has any. A row of links ends at its first negative id or when full; behind its end
 * may stand what fills it for searches ({@link FilledPlaces}), which goes when links come.
 *
 * <p>Threading: {@link #reserve} by the owner alone; {@link #links} from any thread without a lock;
 * rows are changed under the node's monitor ({@link #lockOf}). An id is stored only after a release
 * fence behind everything the id leads to, and readers pass an acquire fence after copying a row,
 * so that a reader that sees an id also sees that node's row and links (on weakly ordered machines,
 * too). A torn row holds valid ids only.
 */
public final class HeapLinks implements FilledGraph.WithPlaces {
  private static final int SLAB_SHIFT = 11;
  private static final int SLAB_ROWS = 1 << SLAB_SHIFT;
  private static final int SLAB_MASK = SLAB_ROWS - 1;
  private static final Object[] LOCKS = locks();

  private final GraphParams params;
  private final NodeLayers layers;
  private final BaseLayer base;
  private final GraphView filled = new FilledGraph(this);

  private volatile int[][][] upper = new int[0][][];
  private volatile long entryPoint = EntryPoint.NONE;

  /** No nodes yet. */
  public HeapLinks(GraphParams params) {
    this.params = params;
    this.layers = new NodeLayers(params.m());
    this.base = new BaseLayer(params.m0());
  }

  private static Object[] locks() {
    // Shared by all graphs: a collision only makes two short critical sections take turns.
    Object[] locks = new Object[4096];
    Arrays.setAll(locks, i -> new Object());
    return locks;
  }

  /** Makes room for nodes {@code [0, count)}. Owner only, before anybody is told of these nodes. */
  public void reserve(int count) {
    int[][][] current = upper;
    int needed = (count + SLAB_MASK) >>> SLAB_SHIFT;
    if (needed > current.length) {
      int[][][] next = Arrays.copyOf(current, needed);
      for (int i = current.length; i < needed; i++) {
        next[i] = upperSlab(i);
      }
      upper = next;
    }
    base.reserve(count);
  }

  private int[][] upperSlab(int index) {
    int[][] slab = new int[SLAB_ROWS][];
    for (int i = 0; i < SLAB_ROWS; i++) {
      int top = layers.topLayer((index << SLAB_SHIFT) + i);
      if (top > 0) {
        slab[i] = new int[top * params.m()];
        Arrays.fill(slab[i], FilledPlaces.EMPTY);
      }
    }
    return slab;
  }

  /** The highest layer of a node. */
  public int topLayer(int node) {
    return layers.topLayer(node);
  }

  @Override
  public long entryPoint() {
    return entryPoint;
  }

  @Override
  public int maxLinks() {
    return params.m0();
  }

  @Override
  public int links(int layer, int node, int[] into) {
    int count = layer == 0 ? base.links(node, into) : upperLinks(layer, node, into);
    VarHandle.acquireFence();
    return count;
  }

  private int upperLinks(int layer, int node, int[] into) {
    int[] row = upperRow(node);
    int capacity = params.m();
    int at = (layer - 1) * capacity;
    boolean isAbove = row == null || at >= row.length;
    return isAbove ? 0 : FilledPlaces.links(row, at, capacity, into);
  }

  @Override
  public GraphView filled() {
    return filled;
  }

  @Override
  public void places(int node, int[] into) {
    base.places(node, into);
    VarHandle.acquireFence();
  }

  /**
   * Goes on from a stored graph, whose layer 0 is read in parts when they are first needed; the
   * layers above are to be {@link #set} by the caller. On a graph without nodes, before anybody
   * reads it.
   */
  public void restore(StoredPlaces stored) {
    base.restore(stored);
    reserve(stored.count());
    for (int node = 0; node < stored.count(); node++) {
      offerEntry(node);
    }
  }

  /** Parts in which layer 0 is read. */
  public int partCount() {
    return base.slabCount();
  }

  /**
   * Reads a part of layer 0 that is in a file alone, if it is.
   *
   * @throws java.io.UncheckedIOException when the file is damaged
   */
  public void load(int part) {
    base.load(part);
  }

  /**
   * Lets nodes fill the places {@code [from, to)} of a node. Under the node's monitor. Returns
   * false when blocks hold them.
   */
  boolean fill(int node, int[] nodes, int from, int to) {
    return base.fill(node, nodes, from, to);
  }

  /**
   * From now on the blocks follow layer 0. Owner only, with room for all nodes that may be linked,
   * now and before each {@link #reserve}d node is linked. Blocks of nodes linked before are written
   * by {@link #mirror}.
   */
  public void attach(NeighborBlocks followers) {
    base.attach(followers);
  }

  /** The attached blocks. */
  public @Nullable NeighborBlocks attached() {
    return base.attached();
  }

  /**
   * Writes the blocks of nodes {@code [0, count)}, the attached ones, which are complete then; ends
   * when they are detached, or others are attached. From any thread.
   */
  public void mirror(NeighborBlocks followers, int count) {
    base.mirror(followers, count);
  }

  /**
   * Lets the attached blocks, which are complete, be the only place of layer 0, whose own memory is
   * given back. Owner only.
   *
   * @throws IllegalStateException when they are not complete
   */
  public void moveIntoBlocks() {
    base.moveIntoBlocks();
  }

  /**
   * Lets go of the blocks. What they alone held is copied first, which takes some 50 ns a node;
   * what filled them is not. Owner only.
   */
  public void detach() {
    base.detach();
  }

  /** The monitor to hold while a node's links change. */
  static Object lockOf(int node) {
    return LOCKS[node & (LOCKS.length - 1)];
  }

  int capacity(int layer) {
    return layer == 0 ? params.m0() : params.m();
  }

  /** Replaces the links of a node on a layer. Under the node's monitor. */
  public void set(int layer, int node, int[] ids, int count) {
    if (layer == 0) {
      base.set(node, ids, count);
      return;
    }
    int[] row = upperRow(node);
    int at = (layer - 1) * params.m();
    VarHandle.releaseFence();
    System.arraycopy(ids, 0, row, at, count);
    Arrays.fill(row, at + count, at + params.m(), FilledPlaces.EMPTY);
  }

  /** Adds one link. Under the node's monitor. Returns false when the row is full. */
  boolean add(int layer, int node, int id) {
    if (layer == 0) {
      return base.add(node, id);
    }
    int[] row = upperRow(node);
    int at = (layer - 1) * params.m();
    int count = FilledPlaces.linkCount(row, at, params.m());
    if (count == params.m()) {
      return false;
    }
    VarHandle.releaseFence();
    row[at + count] = id;
    return true;
  }

  /** All upper layers of a node, one behind the other. */
  private int[] upperRow(int node) {
    return upper[node >>> SLAB_SHIFT][node & SLAB_MASK];
  }

  /**
   * Makes this node the entry if it is higher than the present one. Call after the node is linked
   * on all its layers.
   */
  public synchronized void offerEntry(int node) {
    int layer = topLayer(node);
    if (entryPoint == EntryPoint.NONE || layer > EntryPoint.layer(entryPoint)) {
      entryPoint = EntryPoint.of(node, layer);
    }
  }

  /** The first node of an empty graph becomes its entry; returns whether it did. */
  synchronized boolean becomeFirst(int node) {
    if (entryPoint != EntryPoint.NONE) {
      return false;
    }
    entryPoint = EntryPoint.of(node, topLayer(node));
    return true;
  }

  /** Bytes of heap held, without those of blocks. */
  public long heapBytes() {
    int m = Math.max(2, params.m());
    // One node in m has one array with its header, on average little more than one layer.
    double upperBytes = 4 + (16 + 4.0 * m * m / (m - 1)) / m;
    return (long) (upper.length * (double) SLAB_ROWS * upperBytes) + base.heapBytes();
  }
}
