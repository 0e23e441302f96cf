package dev.eddy.engine.graph;

import dev.eddy.engine.kernel.CodeKernels;
import dev.eddy.engine.kernel.SlabShape;
import dev.eddy.engine.quantization.CodeBlock;
import dev.eddy.engine.quantization.CodeLayout;
import dev.eddy.engine.quantization.RowCodes;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Fused codes: each node's neighbours on layer 0 with their codes, in one place, so that a search
 * scores all of them at the price of one miss (after André et al. 2015 and Gou et al. 2025,
 * "SymphonyQG"). A speed form of a graph, made of links and rows; once complete it can be what
 * holds the links ({@link HeapLinks#moveIntoBlocks}).
 *
 * <p>A node has as many blocks of 32 slots as its links need. Its first slots hold its links, then
 * come slots that are filled with neighbours of neighbours, then empty ones, told apart as in
 * {@link FilledPlaces}.
 *
 * <p>Threading: {@link #reserve} by the owner; writes under the node's monitor ({@link
 * HeapLinks#lockOf}); reads from any thread without a lock. A reader may meet an id beside the code
 * of the one before: its estimate is wrong then, for that one search, and results carry exact
 * scores whatever the estimate.
 */
public final class NeighborBlocks {
  private static final byte NO_ID = FilledPlaces.EMPTY;

  private final RowCodes codes;
  private final CodeLayout layout;
  private final int blocksPerNode;
  private final int nodeBytes;
  private final SlabShape shape;
  private volatile byte[][] slabs = new byte[0][];
  private volatile boolean isComplete;

  /** No nodes yet. */
  public NeighborBlocks(RowCodes codes, int maxLinks) {
    this.codes = codes;
    this.layout = codes.layout().withIds(true);
    this.blocksPerNode = blocksPerNode(maxLinks);
    this.nodeBytes = blocksPerNode * layout.blockBytes();
    this.shape = new SlabShape(nodeBytes);
  }

  private static int blocksPerNode(int maxLinks) {
    return (maxLinks + CodeKernels.SLOTS - 1) / CodeKernels.SLOTS;
  }

  /** Bytes that blocks of this many nodes take, with the codes of the rows. */
  public static long bytesOf(CodeLayout codes, int maxLinks, int count) {
    int nodeBytes = blocksPerNode(maxLinks) * codes.withIds(true).blockBytes();
    SlabShape shape = new SlabShape(nodeBytes);
    return shape.slabsFor(count) * slabBytes(shape, nodeBytes, codes);
  }

  /** What a slab takes, with the codes of its rows. */
  private static long slabBytes(SlabShape shape, int nodeBytes, CodeLayout codes) {
    return shape.rows() * ((long) nodeBytes + RowCodes.rowBytes(codes));
  }

  /**
   * Bytes that the next slabs take, with codes for their rows, if this many nodes need more; 0 when
   * they do not.
   */
  public long growthBytes(int count) {
    int missing = shape.slabsFor(count) - slabs.length;
    return Math.max(0, missing) * slabBytes(shape, nodeBytes, codes.layout());
  }

  /** Makes room for nodes {@code [0, count)}. Owner only, before anybody is told of these nodes. */
  public void reserve(int count) {
    byte[][] current = slabs;
    int needed = shape.slabsFor(count);
    if (needed <= current.length) {
      return;
    }
    byte[][] next = Arrays.copyOf(current, needed);
    for (int i = current.length; i < needed; i++) {
      next[i] = emptySlab();
    }
    slabs = next;
  }

  private byte[] emptySlab() {
    byte[] slab = new byte[shape.rows() * nodeBytes];
    for (int block = 0; block < shape.rows() * blocksPerNode; block++) {
      int at = block * layout.blockBytes();
      Arrays.fill(slab, at, at + CodeKernels.SLOTS * Integer.BYTES, NO_ID);
    }
    return slab;
  }

  /**
   * Nodes that there is room for. A graph may grow beyond it once its blocks are given up, while a
   * search that began before still reads them.
   */
  int capacity() {
    return (int) Math.min(Integer.MAX_VALUE, (long) slabs.length * shape.rows());
  }

  /** The codes that are copied into the blocks. */
  public RowCodes codes() {
    return codes;
  }

  /** Whether every linked node's blocks are written, so that the graph can be searched here. */
  public boolean isComplete() {
    return isComplete;
  }

  void setComplete() {
    isComplete = true;
  }

  CodeLayout layout() {
    return layout;
  }

  int blocksPerNode() {
    return blocksPerNode;
  }

  /** Neighbours that a node's blocks have room for. */
  public int slots() {
    return blocksPerNode * CodeKernels.SLOTS;
  }

  byte[] slabOf(int node) {
    return slabs[shape.slabOf(node)];
  }

  int nodeAt(int node) {
    return shape.rowInSlab(node) * nodeBytes;
  }

  int nodeBytes() {
    return nodeBytes;
  }

  /** Replaces all slots of a node. */
  void write(int node, int[] ids, int from, int count) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    for (int i = 0; i < count; i++) {
      write(slab, at, i, ids[from + i]);
    }
    for (int i = count; i < blocksPerNode * CodeKernels.SLOTS; i++) {
      setEntry(slab, at, i, FilledPlaces.EMPTY);
    }
  }

  /**
   * Writes the blocks of nodes {@code [from, to)} of a graph that no longer changes. One thread,
   * before anybody is told of the blocks.
   */
  public void mirror(GraphView graph, int from, int to) {
    int[] ids = new int[graph.maxLinks()];
    for (int node = from; node < to; node++) {
      write(node, ids, 0, graph.links(0, node, ids));
    }
  }

  /** Copies the links of a node, at most so many; returns how many there are. */
  int links(int node, int most, int[] into, int intoAt) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    int count = 0;
    while (count < most) {
      int id = entry(slab, at, count);
      if (id < 0) {
        break;
      }
      into[intoAt + count++] = id;
    }
    return count;
  }

  /** Links of a node, at most so many. */
  int linkCount(int node, int most) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    int count = 0;
    while (count < most && entry(slab, at, count) >= 0) {
      count++;
    }
    return count;
  }

  /** Copies the first entries of a node as they stand. */
  void places(int node, int count, int[] into) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    for (int i = 0; i < count; i++) {
      into[i] = entry(slab, at, i);
    }
  }

  /** Whether every slot of a node is taken. */
  boolean isFull(int node) {
    return FilledPlaces.isTaken(entry(slabOf(node), nodeAt(node), slots() - 1));
  }

  /**
   * Lets nodes fill the slots {@code [from, to)} of a node, whose links end there; those behind are
   * empty then.
   */
  void fill(int node, int[] ids, int from, int to) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    for (int i = from; i < to; i++) {
      write(slab, at, i, FilledPlaces.entry(ids[i]));
    }
    for (int i = to; i < slots(); i++) {
      setEntry(slab, at, i, FilledPlaces.EMPTY);
    }
  }

  /**
   * Writes a link behind the others of a node. What it displaces takes the slot that the new
   * neighbour has filled, if it has.
   */
  void add(int node, int slot, int id) {
    byte[] slab = slabOf(node);
    int at = nodeAt(node);
    int filling = FilledPlaces.entry(id);
    for (int i = slot + 1; i < slots() && FilledPlaces.isTaken(entry(slab, at, i)); i++) {
      if (entry(slab, at, i) == filling) {
        write(slab, at, i, entry(slab, at, slot));
        break;
      }
    }
    write(slab, at, slot, id);
  }

  private void write(byte[] slab, int nodeAt, int slot, int entry) {
    int id = FilledPlaces.node(entry);
    CodeBlock.copy(
        codes.slabOf(id),
        codes.blockAt(id),
        codes.layout(),
        RowCodes.slotOf(id),
        slab,
        blockAt(nodeAt, slot),
        layout,
        slot & (CodeKernels.SLOTS - 1));
    VarHandle.releaseFence();
    setEntry(slab, nodeAt, slot, entry);
  }

  private int entry(byte[] slab, int nodeAt, int slot) {
    return CodeBlock.id(slab, blockAt(nodeAt, slot), slot & (CodeKernels.SLOTS - 1));
  }

  private void setEntry(byte[] slab, int nodeAt, int slot, int entry) {
    CodeBlock.setId(slab, blockAt(nodeAt, slot), slot & (CodeKernels.SLOTS - 1), entry);
  }

  private int blockAt(int nodeAt, int slot) {
    return nodeAt + (slot / CodeKernels.SLOTS) * layout.blockBytes();
  }
}
