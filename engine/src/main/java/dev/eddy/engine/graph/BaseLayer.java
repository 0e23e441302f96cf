package dev.eddy.engine.graph;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Layer 0 of a growing graph: {@code 2m} places per node, its links first, then what fills it
 * ({@link FilledPlaces}).
 *
 * <p>They are in slabs of ids. {@link NeighborBlocks} hold the same ids beside codes: attached,
 * they are kept in step, and once complete they can be the only ones ({@link #moveIntoBlocks}),
 * until they are given up ({@link #detach}).
 *
 * <p>Slabs of a stored graph ({@link #restore}) come from its file one by one ({@link #load}). Rows
 * that are read before come from there, too; a slab comes before one of its rows is changed.
 *
 * <p>Threading: as {@link HeapLinks}; places are replaced under the monitor, which may be taken
 * while a node's is held. While slabs come or go, who changes a row changes it wherever it is, so
 * that a reader finds it whole in the place that it has begun with.
 */
final class BaseLayer {
  private static final int SLAB_SHIFT = 11;
  private static final int SLAB_ROWS = 1 << SLAB_SHIFT;
  private static final int SLAB_MASK = SLAB_ROWS - 1;

  /** In the place of a slab whose rows are in the blocks alone. */
  private static final int[] IN_BLOCKS = new int[0];

  /** In the place of a slab that is read when it is first needed. */
  private static final int[] IN_FILE = new int[0];

  private final int m0;

  private volatile Places places = new Places(new int[0][], null);

  /** Kept in step. */
  private volatile @Nullable NeighborBlocks attached;

  /** Where slabs are that are in a file; null once none is. Set under the monitor. */
  private volatile @Nullable StoredPlaces stored;

  /** Under the monitor. */
  private int slabsInFile;

  /** Slabs that are being made again: written, and not read yet. */
  private volatile int @Nullable [][] returning;

  /**
   * Where readers find rows.
   *
   * @param blocks those of {@link #IN_BLOCKS}; null where there is no such slab
   */
  private record Places(int[][] slabs, @Nullable NeighborBlocks blocks) {
    NeighborBlocks blocksOf(int node) {
      return Objects.requireNonNull(blocks, () -> "no blocks hold node " + node);
    }
  }

  /** No nodes yet. */
  BaseLayer(int m0) {
    this.m0 = m0;
  }

  /** As {@link HeapLinks#reserve}. Blocks that hold the rows are given room by their owner. */
  void reserve(int count) {
    int needed = (count + SLAB_MASK) >>> SLAB_SHIFT;
    if (needed > places.slabs.length) {
      grow(needed);
    }
  }

  private synchronized void grow(int needed) {
    Places current = places;
    int[][] slabs = Arrays.copyOf(current.slabs, needed);
    for (int i = current.slabs.length; i < needed; i++) {
      slabs[i] = current.blocks == null ? emptySlab() : IN_BLOCKS;
    }
    places = new Places(slabs, current.blocks);
  }

  /** As {@link HeapLinks#restore}. */
  synchronized void restore(StoredPlaces from) {
    int[][] slabs = new int[(from.count() + SLAB_MASK) >>> SLAB_SHIFT][];
    Arrays.fill(slabs, IN_FILE);
    stored = from;
    slabsInFile = slabs.length;
    places = new Places(slabs, null);
  }

  /** As {@link HeapLinks#load}. */
  void load(int index) {
    var _ = placesOf(index << SLAB_SHIFT);
  }

  int slabCount() {
    return places.slabs.length;
  }

  /** Places in which the node's slab is not in a file. */
  private Places placesOf(int node) {
    Places current = places;
    return current.slabs[node >>> SLAB_SHIFT] == IN_FILE ? loaded(node >>> SLAB_SHIFT) : current;
  }

  /** One slab at a time: the others wait for the disk anyway. */
  private synchronized Places loaded(int index) {
    Places current = places;
    if (current.slabs[index] != IN_FILE) {
      return current;
    }
    StoredPlaces from = Objects.requireNonNull(stored, "stored");
    int first = index << SLAB_SHIFT;
    int count = Math.min(SLAB_ROWS, from.count() - first);
    int[] slab = new int[SLAB_ROWS * m0];
    from.read(first, count, slab);
    Arrays.fill(slab, count * m0, slab.length, FilledPlaces.EMPTY);
    int[][] slabs = current.slabs.clone();
    slabs[index] = slab;
    Places next = new Places(slabs, current.blocks);
    places = next;
    slabsInFile--;
    if (slabsInFile == 0) {
      stored = null; // Behind the places: who finds none there finds the slab here.
    }
    return next;
  }

  private int[] emptySlab() {
    int[] slab = new int[SLAB_ROWS * m0];
    Arrays.fill(slab, FilledPlaces.EMPTY);
    return slab;
  }

  /** Copies the links of a node; returns how many. An acquire fence is to follow. */
  int links(int node, int[] into) {
    Places current = places;
    int[] slab = current.slabs[node >>> SLAB_SHIFT];
    if (slab == IN_BLOCKS) {
      return current.blocksOf(node).links(node, m0, into, 0);
    }
    if (slab == IN_FILE) {
      return storedLinks(node, into);
    }
    return FilledPlaces.links(slab, rowAt(node), m0, into);
  }

  /** Of a node whose slab is not here: a walk meets too few of a slab to wait for it. */
  private int storedLinks(int node, int[] into) {
    int[] row = new int[m0];
    places(node, row);
    return FilledPlaces.links(row, 0, m0, into);
  }

  /** Copies the places of a node as they stand. An acquire fence is to follow. */
  void places(int node, int[] into) {
    StoredPlaces from = stored;
    Places current = places;
    int[] slab = current.slabs[node >>> SLAB_SHIFT];
    if (slab == IN_BLOCKS) {
      current.blocksOf(node).places(node, m0, into);
    } else if (slab == IN_FILE && from != null) {
      from.read(node, 1, into);
    } else {
      System.arraycopy(slab, rowAt(node), into, 0, m0);
    }
  }

  /**
   * Lets nodes fill the places {@code [from, to)} of a node. Under the node's monitor. Returns
   * false when blocks hold them, which are filled by their own rule.
   */
  boolean fill(int node, int[] nodes, int from, int to) {
    int[] slab = slabToChange(node);
    if (slab == IN_BLOCKS) {
      return false;
    }
    int at = rowAt(node);
    VarHandle.releaseFence();
    for (int i = from; i < to; i++) {
      slab[at + i] = FilledPlaces.entry(nodes[i]);
    }
    return true;
  }

  /** Replaces the links of a node. Under the node's monitor. */
  void set(int node, int[] ids, int count) {
    int[] slab = slabToChange(node);
    VarHandle.releaseFence();
    if (slab != IN_BLOCKS) {
      int at = rowAt(node);
      System.arraycopy(ids, 0, slab, at, count);
      Arrays.fill(slab, at + count, at + m0, FilledPlaces.EMPTY);
    }
    NeighborBlocks followers = attached;
    if (followers != null) {
      followers.write(node, ids, 0, count);
    }
  }

  /** Adds one link. Under the node's monitor. Returns false when there are as many as there may. */
  boolean add(int node, int id) {
    int count = linkCount(node);
    if (count == m0) {
      return false;
    }
    int[] slab = slabToChange(node);
    NeighborBlocks followers = attached;
    VarHandle.releaseFence();
    if (slab != IN_BLOCKS) {
      add(slab, rowAt(node), count, id);
    }
    if (followers != null) {
      followers.add(node, count, id);
    }
    return true;
  }

  /** What the link displaces takes the place in which the new neighbour has filled, if it has. */
  private void add(int[] slab, int at, int count, int id) {
    int filling = FilledPlaces.entry(id);
    for (int i = count + 1; i < m0 && FilledPlaces.isTaken(slab[at + i]); i++) {
      if (slab[at + i] == filling) {
        slab[at + i] = slab[at + count];
        break;
      }
    }
    slab[at + count] = id;
  }

  private int linkCount(int node) {
    Places current = placesOf(node);
    int[] slab = current.slabs[node >>> SLAB_SHIFT];
    if (slab == IN_BLOCKS) {
      return current.blocksOf(node).linkCount(node, m0);
    }
    return FilledPlaces.linkCount(slab, rowAt(node), m0);
  }

  /** What a row is changed in, beside the blocks: it need not hold the row yet. */
  private int[] slabToChange(int node) {
    int[][] back = returning; // Before the places, which follow it when it ends.
    return (back == null ? placesOf(node).slabs : back)[node >>> SLAB_SHIFT];
  }

  private int rowAt(int node) {
    return (node & SLAB_MASK) * m0;
  }

  /** As {@link HeapLinks#attach}. */
  void attach(NeighborBlocks followers) {
    attached = followers;
  }

  @Nullable NeighborBlocks attached() {
    return attached;
  }

  /** As {@link HeapLinks#mirror}. */
  void mirror(NeighborBlocks followers, int count) {
    for (int node = 0; node < count; node++) {
      synchronized (HeapLinks.lockOf(node)) {
        int[] slab = placesOf(node).slabs[node >>> SLAB_SHIFT];
        if (attached != followers) { // In this order: others may be what holds the links by now.
          return;
        }
        int at = rowAt(node);
        followers.write(node, slab, at, FilledPlaces.linkCount(slab, at, m0));
      }
    }
    followers.setComplete();
  }

  /** As {@link HeapLinks#moveIntoBlocks}. */
  synchronized void moveIntoBlocks() {
    NeighborBlocks followers = Objects.requireNonNull(attached, "attached");
    if (!followers.isComplete()) {
      throw new IllegalStateException("blocks that are not complete can't hold the links");
    }
    int[][] slabs = new int[places.slabs.length][];
    Arrays.fill(slabs, IN_BLOCKS);
    places = new Places(slabs, followers);
  }

  /** As {@link HeapLinks#detach}. */
  void detach() {
    NeighborBlocks held = places.blocks;
    if (held != null) {
      int[][] slabs = new int[places.slabs.length][];
      Arrays.setAll(slabs, i -> emptySlab());
      // From here on a link that comes is written to both. One that came before is copied, since
      // that takes the monitor under which it came.
      returning = slabs;
      int nodes = Math.min(held.capacity(), slabs.length << SLAB_SHIFT);
      for (int node = 0; node < nodes; node++) {
        synchronized (HeapLinks.lockOf(node)) {
          var _ = held.links(node, m0, slabs[node >>> SLAB_SHIFT], rowAt(node));
        }
      }
      synchronized (this) {
        places = new Places(slabs, null);
      }
      returning = null;
    }
    attached = null;
  }

  /** Bytes of heap held, without those of blocks. */
  long heapBytes() {
    Places current = places;
    return current.blocks == null
        ? (long) current.slabs.length * SLAB_ROWS * m0 * Integer.BYTES
        : 0;
  }
}
