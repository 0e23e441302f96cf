package dev.eddy.engine.segment;

import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A segment on the heap: appendable, linked in the background by the build pool.
 *
 * <p>Threading: {@link #append} and {@link #noteDead} by the writer; linking by the build pool;
 * reads from any thread. A row's slot and the room for its links exist before the row count that
 * covers it is released.
 *
 * <p>It gets a graph only above {@code fullScanRows}; rows the graph does not reach yet are scanned
 * by searches.
 */
final class HeapSegment implements Segment {
  private volatile VectorFieldSettings settings;
  private final SegmentResources resources;
  private final HeapRows rows;
  private final @Nullable HeapLinks links;
  private final SegmentLinker linker;
  private final @Nullable PlaceFilling filling;
  private final @Nullable GraphMender mender;
  private final SegmentCodes codes;
  private final RowSpool spool;
  private final ReferenceCount references;

  /** Null where it did not begin with any. */
  private @Nullable RestoredFiles files;

  /** Null where there are no links; another one once it starts over. */
  private volatile @Nullable FusedCodes fused;

  private volatile int[] slots = new int[16];
  private volatile int deadRows;

  /**
   * An empty segment. The failure consumer is told of an error that linking ends with, from the
   * build pool's thread.
   */
  HeapSegment(
      VectorFieldSettings settings,
      SegmentResources resources,
      FileNames names,
      Consumer<Throwable> onFailure) {
    this(
        settings,
        resources,
        settings.newRows(),
        settings.graph().hasGraph() ? new HeapLinks(settings.graph()) : null,
        new int[16],
        0,
        names,
        new RowSpool(settings, resources.liveFolder(), names),
        onFailure);
  }

  /** A segment of restored rows, of which the first {@code linked} are linked. */
  HeapSegment(
      VectorFieldSettings settings,
      SegmentResources resources,
      HeapRows rows,
      @Nullable HeapLinks links,
      int[] slots,
      int linked,
      FileNames names,
      RowSpool spool,
      Consumer<Throwable> onFailure) {
    this.settings = settings;
    this.resources = resources;
    BuildPool pool = resources.buildPool();
    this.rows = rows;
    this.links = links;
    this.slots = slots;
    this.linker = new SegmentLinker(this::settings, pool, rows, links, linked, onFailure);
    this.spool = spool;
    this.fused = links == null ? null : new FusedCodes(settings, resources, rows, links);
    this.filling =
        links == null
            ? null
            : new PlaceFilling(settings.metric(), pool, rows, links, spool::noteLinksChanged);
    this.mender = links == null ? null : new GraphMender(this, links, resources, onFailure);
    this.codes = new SegmentCodes(settings, resources, names, this);
    this.references = new ReferenceCount(this::free);
    if (linked > 0) {
      linker.begin(rows.count()); // What had a graph keeps it, whatever the settings say by now.
    }
    linkWhenLarge(rows.count());
    linker.wake();
  }

  /** It goes on from files. Before it is maintained, and anybody reads it. */
  void goOnFrom(RestoredFiles restored) {
    files = restored;
  }

  private void free() {
    spool.delete();
    FusedCodes last = fused;
    if (last != null) {
      last.release();
    }
  }

  void append(int slot, float[] vector) {
    int ordinal = rows.count();
    int[] current = slots;
    if (ordinal == current.length) {
      current = Arrays.copyOf(current, ordinal + Math.max(16, ordinal >> 1));
    }
    current[ordinal] = slot;
    slots = current;
    linker.reserve(ordinal + 1);
    FusedCodes encoder = fused;
    if (encoder != null) {
      encoder.append(vector);
    }
    codes.append(ordinal, vector);
    rows.append(vector);
    if (linker.isBegun()) {
      linker.offer(ordinal + 1);
    } else {
      linkWhenLarge(ordinal + 1);
    }
    linker.wake();
  }

  private void linkWhenLarge(int count) {
    if (!linker.isBegun() && count > settings.fullScanRows()) {
      linker.begin(count);
    }
  }

  @Override
  public void maintain() {
    if (files != null) {
      files.maintain(resources.buildPool(), this);
    }
    if (!linker.isBegun()) {
      codes.maintainScanned();
      return;
    }
    FusedCodes current = freshFused();
    if (current == null) {
      return;
    }
    current.maintain();
    FusedGraph graph = current.graph();
    if (filling != null && !current.isBusy()) {
      filling.maintain(unlinkedRows(), graph == null ? null : graph.blocks());
    }
    if (mender != null) {
      mender.maintain(unlinkedRows());
    }
    codes.maintainBeside(graph, current.isBusy());
  }

  /** Those there are, or others when these were given up for room that there is by now. */
  private @Nullable FusedCodes freshFused() {
    FusedCodes current = fused;
    if (current != null && links != null && current.mayStartOver()) {
      current = new FusedCodes(settings, resources, rows, links);
      fused = current;
    }
    return current;
  }

  @Override
  public boolean isBusy() {
    FusedCodes current = fused;
    return codes.isBusy() || (current != null && current.isBusy());
  }

  @Override
  public void code(@Nullable CodeSettings wanted) {
    codes.want(wanted);
  }

  /** How the segment is kept. */
  VectorFieldSettings settings() {
    return settings;
  }

  /** Takes up settings unless they ask for another graph, which takes another segment. */
  void configure(VectorFieldSettings wanted) {
    if (wanted.graph().equals(settings.graph())) {
      settings = wanted;
      linkWhenLarge(rows.count());
      linker.wake();
    }
  }

  @Nullable FusedCodes fused() {
    return fused;
  }

  SegmentCodes codes() {
    return codes;
  }

  /** Whether links beyond those of the graph are being added. */
  boolean isFilling() {
    return filling != null && filling.isFilling();
  }

  /** Whether the slots of these blocks are filled. Writer only. */
  boolean isFilled(NeighborBlocks blocks) {
    return filling != null && filling.isFilled(blocks);
  }

  /** Whether the graph is being walked for nodes that nothing leads to. */
  boolean isMending() {
    return mender != null && mender.isMending();
  }

  /** From now on the graph is not mended. Waits for a turn that is under way. */
  void endMending() {
    if (mender != null) {
      mender.stop();
    }
  }

  /** Rows that wait for linking; 0 while the segment is small enough to be scanned. */
  int unlinkedRows() {
    return linker.unlinkedRows();
  }

  boolean isFullyLinked() {
    return unlinkedRows() == 0;
  }

  /** Links its rows. */
  SegmentLinker linker() {
    return linker;
  }

  /**
   * Back-pressure: the writer waits until the rows have codes if those are being made.
   *
   * @return whether searches scan codes of the unlinked rows instead of the rows
   */
  boolean awaitCodes() {
    FusedCodes current = fused;
    return codes.table() != null || (current != null && current.await());
  }

  /** Rows not linked stay scanned. */
  @Override
  public void stop() {
    if (files != null) {
      files.stop();
    }
    linker.stop();
    endMending();
    codes.stop();
    FusedCodes current = fused;
    if (current != null) {
      current.stop();
    }
    if (filling != null) {
      filling.stop();
    }
  }

  RowSpool spool() {
    return spool;
  }

  @Nullable HeapLinks heapLinks() {
    return links;
  }

  HeapRows heapRows() {
    return rows;
  }

  @Override
  public int rowCount() {
    return rows.count();
  }

  @Override
  public Rows rows() {
    return rows;
  }

  @Override
  public int[] slots() {
    return slots;
  }

  @Override
  public @Nullable SlotOrder slotOrder() {
    return null; // One that rows were copied into is in no order before it is sealed.
  }

  @Override
  public FusedPolicy fusedPolicy() {
    return resources.fused();
  }

  @Override
  public GraphParams graphParams() {
    return settings.graph();
  }

  @Override
  public @Nullable GraphView graph() {
    return linker.isBegun() ? links : null;
  }

  @Override
  public @Nullable FusedGraph fusedGraph() {
    FusedCodes current = fused;
    return current == null ? null : current.graph();
  }

  @Override
  public @Nullable RowCodes rowCodes() {
    FusedCodes current = fused;
    return current == null ? null : current.rowCodes();
  }

  @Override
  public @Nullable CodeTable codeTable() {
    return codes.table();
  }

  @Override
  public @Nullable CodeTable borrowCodes() {
    return codes.borrow();
  }

  @Override
  public int linkedRows() {
    return linker.linkedRows();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the writer counts.
  public void noteDead() {
    deadRows++;
  }

  @Override
  public void setDeadRows(int count) {
    deadRows = count;
  }

  @Override
  public int deadRows() {
    return deadRows;
  }

  @Override
  public void retain() {
    references.retain();
  }

  @Override
  public void release() {
    references.release();
  }

  @Override
  public boolean isFusedGivenUp() {
    FusedCodes current = fused;
    return current != null && current.isGivenUp();
  }

  @Override
  public void addTo(MemoryUse.Sum memory) {
    memory.add(Component.VECTORS, rows.heapBytes() + 4L * slots.length, spool.fileBytes());
    memory.add(Component.LINKS, links == null ? 0 : links.heapBytes(), 0);
    memory.add(Component.CODES, codes.heapBytes(), 0);
    memory.add(Component.FUSED, optionalBytes(), 0);
  }

  @Override
  public long optionalBytes() {
    FusedCodes current = fused;
    return current == null ? 0 : current.heapBytes();
  }
}
