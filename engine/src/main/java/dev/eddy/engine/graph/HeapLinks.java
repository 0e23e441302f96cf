package dev.eddy.engine.graph;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The links of a growing graph.
 *
 * <p>Layer 0 is slabs of {@code 2m} ids per node, upper layers one array per node that has any. A
 * row of links ends at its first negative id or when full; behind its end may stand what fills it
 * for searches ({@link FilledPlaces}), which goes when links come.
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
  private static final int NO_LINK = FilledPlaces.EMPTY;
  private static final Object[] LOCKS = locks();

  private final GraphParams params;
  private final NodeLayers layers;
  private final int m0;
  private final GraphView filled = new FilledGraph(this);

  private volatile int[][] slabs = new int[0][];
  private volatile int[][][] upper = new int[0][][];
  private volatile long entryPoint = EntryPoint.NONE;

  /** Kept in step with layer 0 once attached. */
  private volatile @Nullable NeighborBlocks blocks;

  /** No nodes yet. */
  public HeapLinks(GraphParams params) {
    this.params = params;
    this.layers = new NodeLayers(params.m());
    this.m0 = params.m0();
  }

  private static Object[] locks() {
    // Shared by all graphs: a collision only makes two short critical sections take turns.
    Object[] locks = new Object[4096];
    Arrays.setAll(locks, i -> new Object());
    return locks;
  }

  /** Makes room for nodes {@code [0, count)}. Owner only, before anybody is told of these nodes. */
  public void reserve(int count) {
    int[][] current = slabs;
    int needed = (count + SLAB_MASK) >>> SLAB_SHIFT;
    if (needed <= current.length) {
      return;
    }
    int[][] nextSlabs = Arrays.copyOf(current, needed);
    int[][][] nextUpper = Arrays.copyOf(upper, needed);
    for (int i = current.length; i < needed; i++) {
      nextSlabs[i] = new int[SLAB_ROWS * m0];
      Arrays.fill(nextSlabs[i], NO_LINK);
      nextUpper[i] = upperSlab(i);
    }
    upper = nextUpper;
    slabs = nextSlabs;
  }

  private int[][] upperSlab(int index) {
    int[][] slab = new int[SLAB_ROWS][];
    for (int i = 0; i < SLAB_ROWS; i++) {
      int top = layers.topLayer((index << SLAB_SHIFT) + i);
      if (top > 0) {
        slab[i] = new int[top * params.m()];
        Arrays.fill(slab[i], NO_LINK);
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
    return m0;
  }

  @Override
  public int links(int layer, int node, int[] into) {
    int[] row;
    int at;
    int capacity;
    if (layer == 0) {
      row = slabs[node >>> SLAB_SHIFT];
      at = (node & SLAB_MASK) * m0;
      capacity = m0;
    } else {
      row = upper[node >>> SLAB_SHIFT][node & SLAB_MASK];
      capacity = params.m();
      at = (layer - 1) * capacity;
      if (row == null || at >= row.length) {
        return 0;
      }
    }
    int count = 0;
    while (count < capacity) {
      int id = row[at + count];
      if (id < 0) {
        break;
      }
      into[count++] = id;
    }
    VarHandle.acquireFence();
    return count;
  }

  @Override
  public GraphView filled() {
    return filled;
  }

  @Override
  public void places(int node, int[] into) {
    System.arraycopy(slabs[node >>> SLAB_SHIFT], (node & SLAB_MASK) * m0, into, 0, m0);
    VarHandle.acquireFence();
  }

  /** Restores what {@link #places} gave. Before anybody reads the graph. */
  public void setPlaces(int node, int[] places) {
    System.arraycopy(places, 0, rowOf(0, node), rowAt(0, node), m0);
  }

  /** Lets nodes fill the places {@code [from, to)} of a node. Under the node's monitor. */
  void fill(int node, int[] nodes, int from, int to) {
    int[] row = rowOf(0, node);
    int at = rowAt(0, node);
    VarHandle.releaseFence();
    for (int i = from; i < to; i++) {
      row[at + i] = FilledPlaces.entry(nodes[i]);
    }
  }

  /**
   * From now on the blocks follow layer 0; null = nothing does. Owner only, with room for all nodes
   * that may be linked. Blocks of nodes linked before are written by {@link #mirror}.
   */
  public void attach(@Nullable NeighborBlocks followers) {
    blocks = followers;
  }

  /** The attached blocks. */
  public @Nullable NeighborBlocks attached() {
    return blocks;
  }

  /**
   * Writes the blocks of nodes {@code [0, count)}, the attached ones, which are complete then. From
   * any thread.
   */
  public void mirror(NeighborBlocks followers, int count) {
    for (int node = 0; node < count; node++) {
      synchronized (lockOf(node)) {
        int[] row = rowOf(0, node);
        int at = rowAt(0, node);
        int linked = 0;
        while (linked < m0 && row[at + linked] >= 0) {
          linked++;
        }
        followers.write(node, row, at, linked);
      }
    }
    followers.setComplete();
  }

  /** The monitor to hold while a node's links change. */
  static Object lockOf(int node) {
    return LOCKS[node & (LOCKS.length - 1)];
  }

  int capacity(int layer) {
    return layer == 0 ? m0 : params.m();
  }

  /** Replaces the links of a node on a layer. Under the node's monitor. */
  public void set(int layer, int node, int[] ids, int count) {
    int[] row = rowOf(layer, node);
    int at = rowAt(layer, node);
    VarHandle.releaseFence();
    System.arraycopy(ids, 0, row, at, count);
    Arrays.fill(row, at + count, at + capacity(layer), NO_LINK);
    NeighborBlocks attached = blocks;
    if (layer == 0 && attached != null) {
      attached.write(node, ids, 0, count);
    }
  }

  /** Adds one link. Under the node's monitor. Returns false when the row is full. */
  boolean add(int layer, int node, int id) {
    int[] row = rowOf(layer, node);
    int at = rowAt(layer, node);
    int end = at + capacity(layer);
    while (at < end && row[at] >= 0) {
      at++;
    }
    if (at == end) {
      return false;
    }
    VarHandle.releaseFence();
    row[at] = id;
    NeighborBlocks attached = blocks;
    if (layer == 0 && attached != null) {
      attached.write(node, at - rowAt(layer, node), id);
    }
    return true;
  }

  private int[] rowOf(int layer, int node) {
    return layer == 0 ? slabs[node >>> SLAB_SHIFT] : upper[node >>> SLAB_SHIFT][node & SLAB_MASK];
  }

  private int rowAt(int layer, int node) {
    return layer == 0 ? (node & SLAB_MASK) * m0 : (layer - 1) * params.m();
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

  /** Bytes of heap held. */
  public long heapBytes() {
    int[][] current = slabs;
    long upperBytes = 0;
    int m = Math.max(2, params.m());
    // One node in m has one array with its header, on average little more than one layer.
    upperBytes += (long) current.length * SLAB_ROWS * (4 + (16 + 4L * m * m / (m - 1)) / m);
    return (long) current.length * SLAB_ROWS * m0 * Integer.BYTES + upperBytes;
  }
}
