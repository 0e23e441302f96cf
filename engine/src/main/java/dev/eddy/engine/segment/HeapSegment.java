package dev.eddy.engine.segment;

import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.graph.GraphBuilder;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.NeighborBlocks;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A segment on the heap: appendable, linked in the background by the build pool.
 *
 * <p>Threading: {@link #append}, {@link #noteDead} and {@link #awaitLinking} by the writer; linking
 * by the build pool; reads from any thread. A row's slot and the room for its links exist before
 * the row count that covers it is released.
 *
 * <p>It gets a graph only above {@code fullScanRows}; rows the graph does not reach yet are scanned
 * by searches.
 */
final class HeapSegment implements Segment {
  private static final int LINK_CHUNK_ROWS = 32;
  private static final long WAIT_NANOS = 200_000;

  /** Waits of a writer without progress before it links rows itself: some linkers' chunks. */
  private static final int WAITS_MAX = 40;

  private static final int HELP_CHUNK_ROWS = 8;
  private static final int HELD_BACK_ROWS = 64;

  private volatile VectorFieldSettings settings;
  private final BuildPool pool;
  private final Consumer<Throwable> onFailure;
  private final HeapRows rows;
  private final @Nullable HeapLinks links;
  private final LinkProgress progress;
  private final @Nullable FusedCodes fused;
  private final @Nullable PlaceFilling filling;
  private final FusedPolicy fusedPolicy;
  private final @Nullable GraphMender mender;
  private final SegmentCodes codes;
  private final RowSpool spool;
  private final ReferenceCount references;
  private final AtomicInteger activeLinkers = new AtomicInteger();
  private final ConcurrentLinkedQueue<GraphBuilder> idleBuilders = new ConcurrentLinkedQueue<>();

  private volatile int[] slots = new int[16];
  private volatile int deadRows;

  /** Why linking has stopped, until the writer has seen it. */
  private final AtomicReference<@Nullable RuntimeException> linkFailure = new AtomicReference<>();

  /** The writer waits for linking: it comes before searches then. */
  private volatile boolean isHeldBack;

  /** Set once by the writer, when the rows outgrow scanning. */
  private volatile boolean isLinking;

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
    this.pool = resources.buildPool();
    this.onFailure = onFailure;
    this.rows = rows;
    this.links = links;
    this.slots = slots;
    this.progress = new LinkProgress(linked);
    this.spool = spool;
    this.fused = links == null ? null : new FusedCodes(settings, resources, rows, links);
    this.filling =
        links == null
            ? null
            : new PlaceFilling(settings.metric(), pool, rows, links, spool::noteLinksChanged);
    this.mender = links == null ? null : new GraphMender(this, links, resources, onFailure);
    this.fusedPolicy = resources.fused();
    this.codes = new SegmentCodes(settings, resources, names, this);
    this.references = new ReferenceCount(this::free);
    if (linked > 0) {
      startLinking(rows.count()); // What had a graph keeps it, whatever the settings say by now.
    }
    startLinkingWhenLarge(rows.count());
    wakeLinkers();
  }

  private void free() {
    spool.delete();
    if (fused != null) {
      fused.release();
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
    if (isLinking && links != null) {
      links.reserve(ordinal + 1);
    }
    if (fused != null) {
      fused.append(vector);
    }
    codes.append(ordinal, vector);
    rows.append(vector);
    if (isLinking) {
      progress.offer(ordinal + 1);
    } else {
      startLinkingWhenLarge(ordinal + 1);
    }
    wakeLinkers();
  }

  private void startLinkingWhenLarge(int count) {
    if (!isLinking && count > settings.fullScanRows()) {
      startLinking(count);
    }
  }

  private void startLinking(int count) {
    if (links != null) {
      links.reserve(count);
      progress.offer(count);
      isLinking = true;
    }
  }

  @Override
  public void maintain() {
    if (fused == null || !isLinking) {
      return; // Scanning so few whole rows costs less than choosing among them.
    }
    fused.maintain();
    FusedGraph graph = fused.graph();
    if (filling != null && !fused.isBusy()) {
      filling.maintain(unlinkedRows(), graph == null ? null : graph.blocks());
    }
    if (mender != null) {
      mender.maintain(unlinkedRows());
    }
    codes.maintainBeside(fused.graph(), fused.isBusy());
  }

  @Override
  public boolean isBusy() {
    return codes.isBusy() || (fused != null && fused.isBusy());
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
      if (!isLinking) {
        startLinkingWhenLarge(rows.count());
      }
      wakeLinkers();
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
    return isLinking ? rows.count() - progress.watermark() : 0;
  }

  boolean isFullyLinked() {
    return unlinkedRows() == 0;
  }

  /** Threads of the pool that link rows, or are about to. */
  int linkers() {
    return activeLinkers.get();
  }

  private int linkersMost() {
    int asked = settings.maxIndexingThreads();
    return asked == 0 ? pool.threads() : Math.min(pool.threads(), asked);
  }

  private void wakeLinkers() {
    int most = linkersMost();
    int active = activeLinkers.get();
    // One linker per waiting chunk: a trickle of rows keeps one thread busy, not all.
    while (active < most && progress.unclaimed() > active * LINK_CHUNK_ROWS) {
      if (activeLinkers.compareAndSet(active, active + 1)) {
        if (!pool.submit(this::linkSlice)) {
          activeLinkers.decrementAndGet();
        }
        return;
      }
      active = activeLinkers.get();
    }
  }

  /** One turn of a linker; queues the next one behind other segments' turns. */
  private void linkSlice() {
    boolean hasMore = false;
    pool.builderStarted();
    try {
      hasMore = linkChunk(LINK_CHUNK_ROWS, true);
    } catch (Error error) {
      progress.close();
      onFailure.accept(error);
    } finally {
      pool.builderFinished();
    }
    if (hasMore && activeLinkers.get() <= linkersMost()) {
      wakeLinkers();
      if (pool.submit(this::linkSlice)) {
        return;
      }
    }
    activeLinkers.decrementAndGet();
    wakeLinkers();
  }

  /** Links one chunk on the calling thread; false when there was nothing to claim. */
  private boolean linkChunk(int most, boolean givesWay) {
    long range = progress.claim(most);
    if (range == LinkProgress.NONE || links == null) {
      return false;
    }
    GraphBuilder builder = idleBuilders.poll();
    if (builder == null) {
      builder = new GraphBuilder(rows, links, settings.graph());
    }
    SearchScratch scratch = pool.scratchPool().acquire();
    int from = (int) (range >>> 32);
    int to = (int) range;
    int node = from;
    try {
      for (; node < to; node++) {
        if (givesWay && !isHeldBack) {
          pool.giveWay();
        }
        if (node == from && progress.isAgain(node)) {
          builder.insertAgain(node, scratch);
        } else {
          builder.insert(node, scratch);
        }
      }
    } catch (RuntimeException failure) {
      // Builder and scratch are left to the collector: they may be in the middle of something.
      linkFailure.compareAndSet(null, failure);
      progress.fail(from, node, to);
      return false;
    }
    pool.scratchPool().release(scratch);
    idleBuilders.add(builder);
    progress.complete(from, to);
    return true;
  }

  /**
   * Why linking has stopped since this was asked last; null = it has not. What it did not reach
   * stays scanned. Writer only.
   */
  @Nullable RuntimeException takeLinkFailure() {
    return progress.isInFlight() ? null : linkFailure.getAndSet(null);
  }

  /** Whether rows that could not be linked have not been since. */
  boolean isLinkingBehind() {
    return progress.isBehind();
  }

  /** Linking goes on where it has stopped. Writer only. */
  void resumeLinking() {
    if (linkFailure.get() == null) {
      progress.resume();
      wakeLinkers();
    }
  }

  /**
   * Back-pressure: the writer waits until the rows have codes if those are being made.
   *
   * @return whether searches scan codes of the unlinked rows instead of the rows
   */
  boolean awaitCodes() {
    return codes.table() != null || (fused != null && fused.await());
  }

  /**
   * Back-pressure: while searches run the writer waits until no more than most rows wait, or some
   * have been linked: of a backlog a part goes with each row. Linkers do not give way to searches
   * meanwhile, but leave cores to them; where they get none for a while, the writer links some.
   */
  void awaitLinking(int most) {
    int before = progress.watermark();
    isHeldBack = true;
    try {
      while (unlinkedRows() > most
          && (progress.watermark() - before < HELD_BACK_ROWS
              || unlinkedRows() <= most + HELD_BACK_ROWS)
          && pool.isSearched()) {
        wakeLinkers();
        if (!awaitLinked() && !linkChunk(HELP_CHUNK_ROWS, false) && !progress.isInFlight()) {
          return;
        }
      }
    } finally {
      isHeldBack = false;
    }
  }

  /** Waits until another row is linked; not for long. */
  private boolean awaitLinked() {
    int before = progress.watermark();
    for (int i = 0; i < WAITS_MAX && progress.watermark() == before; i++) {
      LockSupport.parkNanos(WAIT_NANOS);
    }
    return progress.watermark() > before;
  }

  /** Rows not linked stay scanned. */
  @Override
  public void stop() {
    progress.close();
    endMending();
    codes.stop();
    if (fused != null) {
      fused.stop();
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
    return fusedPolicy;
  }

  @Override
  public GraphParams graphParams() {
    return settings.graph();
  }

  @Override
  public @Nullable GraphView graph() {
    return isLinking ? links : null;
  }

  @Override
  public @Nullable FusedGraph fusedGraph() {
    return fused == null ? null : fused.graph();
  }

  @Override
  public @Nullable RowCodes rowCodes() {
    return fused == null ? null : fused.rowCodes();
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
    return progress.watermark();
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
    return fused != null && fused.isGivenUp();
  }

  @Override
  public void addTo(MemoryUse.Sum memory) {
    memory.add(Component.VECTORS, rows.heapBytes() + 4L * slots.length, spool.fileBytes());
    memory.add(Component.LINKS, links == null ? 0 : links.heapBytes(), 0);
    memory.add(Component.CODES, codes.heapBytes(), 0);
    memory.add(Component.FUSED, fused == null ? 0 : fused.heapBytes(), 0);
  }

  @Override
  public long optionalBytes() {
    return fused == null ? 0 : fused.heapBytes();
  }
}
