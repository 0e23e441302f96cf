package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.MappedFile;
import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.RowCodes;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An immutable segment read from its mapped {@link SealedFile}; only slots and the index of the
 * upper layers are on the heap. At the last release it is unmapped and its file deleted from the
 * live folder (checkpoints hold links of their own).
 */
final class SealedSegment implements Segment {
  private final MappedFile file;
  private final FilePart part;
  private final CheckedBlocks blocks;
  private final int[] slots;
  private final @Nullable SlotOrder slotOrder;
  private final long rowLayout;
  private final MappedRows rows;
  private final GraphParams graphParams;
  private final @Nullable MappedLinks links;
  private final FusedPolicy fusedPolicy;
  private final SegmentCodes codes;
  private final @Nullable SealedFused fused;
  private final ReferenceCount references = new ReferenceCount(this::free);
  private final BuildPool pool;
  private @Nullable SlicedWork<Boolean> readingAhead;
  private volatile int deadRows;
  private volatile boolean isSaved;

  SealedSegment(
      MappedFile file,
      FilePart part,
      SealedFile.Layout layout,
      CheckedBlocks blocks,
      SegmentResources resources,
      FileNames names) {
    this.file = file;
    MemorySegment bytes = file.bytes();
    this.part = part;
    this.blocks = blocks;
    this.slots = bytes.asSlice(layout.slots(), 4L * layout.rows()).toArray(SealedFile.INT);
    this.slotOrder =
        layout.isLaidOut()
            ? new SlotOrder(bytes.asSlice(layout.slotOrder(), 4L * layout.rows()), slots)
            : null;
    this.rowLayout = layout.rowLayout();
    this.rows = new MappedRows(file, layout, blocks);
    this.graphParams = new GraphParams(layout.m(), layout.efConstruct());
    this.links = layout.m() == 0 ? null : new MappedLinks(bytes, layout, blocks);
    this.fusedPolicy = resources.fused();
    this.pool = resources.buildPool();
    this.codes = new SegmentCodes(layout.settings(), resources, names, this);
    this.fused = links == null ? null : new SealedFused(layout.settings(), resources, this, links);
    rows.setOnDisk(layout.settings().isOnDisk());
  }

  private void free() {
    file.release();
    codes.release();
    if (fused != null) {
      fused.release();
    }
  }

  /** Links the file into a checkpoint folder. */
  FilePart linkInto(Path folder) throws IOException {
    Files.createLink(folder.resolve(part.name()), file.file());
    isSaved = true;
    return part;
  }

  /** The same with the file of its codes; null = there is none. */
  @Nullable FilePart linkCodesInto(Path folder) throws IOException {
    return codes.linkInto(folder);
  }

  /** There are codes in a file of the live folder. */
  void restoreCodes(FilePart stored) {
    codes.restored(stored);
  }

  /** A checkpoint has the files, or was about to. */
  boolean isSaved() {
    return isSaved && !codes.isUnsaved();
  }

  void setSaved() {
    isSaved = true;
  }

  @Override
  public void setDeadRows(int count) {
    deadRows = count;
  }

  @Override
  public int rowCount() {
    return slots.length;
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
    return slotOrder;
  }

  /** Id of the {@link RowLayout} by which rows lie. */
  long rowLayout() {
    return rowLayout;
  }

  @Override
  public FusedPolicy fusedPolicy() {
    return fusedPolicy;
  }

  @Override
  public GraphParams graphParams() {
    return graphParams;
  }

  @Override
  public @Nullable GraphView graph() {
    return links;
  }

  @Override
  public @Nullable FusedGraph fusedGraph() {
    return fused == null ? null : fused.graph();
  }

  @Override
  public @Nullable RowCodes rowCodes() {
    FusedGraph present = fusedGraph();
    return present == null ? null : present.codes();
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
  public void code(@Nullable CodeSettings wanted) {
    codes.want(wanted);
  }

  /** Takes over what the segment had while it grew, of which this is the file as it was. */
  void adopt(HeapSegment grown) {
    codes.adopt(grown.codes());
    FusedCodes before = grown.fused();
    if (fused != null && before != null) {
      fused.adopt(grown, before);
    }
  }

  /** Takes up settings as far as they are not of the file. */
  void configure(VectorFieldSettings wanted) {
    rows.setOnDisk(wanted.isOnDisk());
  }

  /** Reads what was not read yet in the background, so that searches find it in memory. */
  void readAhead() {
    if (readingAhead == null && !blocks.isComplete()) {
      readingAhead = SlicedWork.start(pool, this, new ReadingAhead());
    }
  }

  /** Reads and checks everything. */
  void checkAll() {
    blocks.checkAll();
  }

  /** Whether everything was read. */
  boolean isChecked() {
    return blocks.isComplete();
  }

  /** Blocks that were read so far, for tests. */
  int blocksRead() {
    return blocks.blocksRead();
  }

  /** Damage ends it, and is found by who needs the block. */
  private final class ReadingAhead implements SlicedWork.Slices<Boolean> {
    private static final long SLICE_BYTES = 8L << 20;

    private long next;

    @Override
    public @Nullable Boolean next() {
      long end = Math.min(blocks.end(), next + SLICE_BYTES);
      blocks.check(next, end - next);
      next = end;
      return next == blocks.end() ? Boolean.TRUE : null;
    }
  }

  @Override
  public void maintain() {
    blocks.throwDamage();
    if (fused == null) {
      codes.maintainScanned();
      return;
    }
    fused.maintain();
    codes.maintainBeside(fused.graph(), fused.isBusy());
  }

  @Override
  public boolean isBusy() {
    return codes.isBusy() || (fused != null && fused.isBusy());
  }

  /** Whether links beyond those of the graph are being added. */
  boolean isFilling() {
    return fused != null && fused.isFilling();
  }

  @Override
  public void stop() {
    if (readingAhead != null) {
      var _ = readingAhead.cancel();
    }
    codes.stop();
    if (fused != null) {
      fused.stop();
    }
  }

  @Override
  public int linkedRows() {
    return links == null ? 0 : slots.length;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the writer counts.
  public void noteDead() {
    deadRows++;
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
    memory.add(Component.VECTORS, 4L * slots.length, rows.mappedBytes());
    memory.add(
        Component.LINKS,
        links == null ? 0 : links.heapBytes(),
        part.lengthBytes() - rows.mappedBytes());
    memory.add(Component.CODES, codes.heapBytes(), codes.mappedBytes());
    memory.add(Component.FUSED, fused == null ? 0 : fused.heapBytes(), 0);
  }

  @Override
  public long optionalBytes() {
    return codes.takenBytes() + (fused == null ? 0 : fused.heapBytes());
  }
}
