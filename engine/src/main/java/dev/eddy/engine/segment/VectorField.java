package dev.eddy.engine.segment;

import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.VectorForms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All vectors of one name of one shard, by slot.
 *
 * <p>Threading: owned by the shard's writer thread, except where a method says otherwise; readers
 * use a {@link #snapshot()}.
 *
 * <p>Invariants: slots are appended in ascending order, each at most once; segments cover disjoint,
 * ascending ranges of slots; a row never changes.
 *
 * <p>It does not know which slots are live, and does not decide when to checkpoint.
 */
public final class VectorField implements AutoCloseable {
  /** Whole rows that may wait for linking while searches run: what a search reads in some 2 ms. */
  static final long WHOLE_TAIL_BYTES = 10L << 20;

  private final SegmentResources resources;
  private final FileNames names;
  private SegmentMaker maker;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** In ascending order of slots; the last one grows. */
  private final List<Segment> segments = new ArrayList<>();

  private HeapSegment growing;
  private final Rebuilds rebuilds;
  private final LinkTrouble linkTrouble;
  private int lastSlot = -1;
  private @Nullable CodeSettings codes;

  /** Whether other settings wait for {@link #maintain}. */
  private boolean isChanged;

  /** False after a restore, whose files do not say which rows are dead. */
  private boolean isDeadCounted = true;

  private VectorField(VectorFieldSettings settings, SegmentResources resources, FileNames names) {
    this.resources = resources;
    this.names = names;
    this.maker = new SegmentMaker(settings, resources, names, RowLayout.BY_SLOT, this::fail);
    this.linkTrouble = new LinkTrouble(settings.fileStem(), resources.buildPool().nanoClock());
    this.rebuilds = new Rebuilds(settings.fileStem(), resources, this::fail);
    this.growing = newSegment();
  }

  private HeapSegment newSegment() {
    HeapSegment segment = maker.empty();
    segment.code(codes);
    return segment;
  }

  /** An empty field. */
  public static VectorField create(VectorFieldSettings settings, SegmentResources resources) {
    VectorField field = new VectorField(settings, resources, new FileNames(settings.fileStem(), 1));
    field.segments.add(field.growing);
    return field;
  }

  /**
   * The field as a checkpoint holds it. All but rows and links of sealed files is read and checked
   * before this returns. The files are linked into the live folder.
   *
   * @throws CorruptFileException when a file is missing, short, of another format, or fails its
   *     checksum
   */
  public static VectorField restore(
      VectorFieldSettings settings,
      SegmentResources resources,
      Path checkpointFolder,
      VectorFieldManifest manifest)
      throws IOException {
    VectorField field =
        new VectorField(
            settings, resources, new FileNames(settings.fileStem(), manifest.nextFile()));
    try {
      for (SegmentManifest segment : manifest.segments()) {
        field.segments.add(field.maker.restore(checkpointFolder, segment, field.lastSlot));
        field.lastSlot = lastSlot(field.segments.getLast(), field.lastSlot);
      }
    } catch (IOException | RuntimeException failure) {
      field.close();
      throw failure;
    }
    field.growLast();
    field.isDeadCounted = false;
    return field;
  }

  private static int lastSlot(Segment segment, int otherwise) {
    return segment.rowCount() == 0 ? otherwise : SegmentView.of(segment).lastSlot();
  }

  private void growLast() {
    if (!segments.isEmpty()
        && segments.getLast() instanceof HeapSegment last
        && last.rowCount() < settings().sealRows()) {
      growing = last;
    } else {
      segments.add(growing);
    }
  }

  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  private void checkHealthy() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException(
          "background work of vector field %s failed".formatted(settings().fileStem()), cause);
    }
  }

  /** How the field is stored and searched. */
  public VectorFieldSettings settings() {
    return maker.settings();
  }

  /**
   * Stores and searches rows in another way from now on: graphs that are not of that kind are built
   * anew in the background while searches go on.
   *
   * @param settings of the same stem, dimension, metric and element type
   * @param policy when graphs get a speed form
   */
  public void configure(VectorFieldSettings settings, FusedPolicy policy) {
    if (!settings.isFor(settings())) {
      throw new IllegalArgumentException("%s cannot become %s".formatted(settings(), settings));
    }
    isChanged |= !settings.equals(settings()) || !policy.equals(maker.resources().fused());
    maker = maker.with(settings, policy);
    growing.configure(settings); // What grows no more is sealed as it is, and then built anew.
    for (Segment segment : segments) {
      if (segment instanceof SealedSegment sealed) {
        sealed.configure(settings);
      }
    }
  }

  /**
   * From now on rows are searched by these codes where the metric and the dimension have any; null
   * = by themselves. Takes effect in the background while searches go on.
   */
  public void code(@Nullable CodeSettings wanted) {
    CodeSettings former = codes;
    codes = SegmentCodes.isFor(settings()) ? wanted : null;
    isChanged |= !Objects.equals(codes, former);
    segments.forEach(segment -> segment.code(codes));
  }

  /** The slot that was appended last; -1 when none was. */
  public int lastSlot() {
    return lastSlot;
  }

  /**
   * From now on rows of sealed segments lie in this way; others are built anew in the background
   * while searches go on, as soon as the layout is known.
   */
  public void layOut(RowLayout layout) {
    if (layout != maker.layout()) {
      maker = maker.with(layout);
    }
  }

  /**
   * Adds a vector, which is copied. It is visible in the next {@link #snapshot()}.
   *
   * @param slot above every slot appended before
   * @param vector finite floats, as many as the dimension; normalised by the caller for {@code
   *     COSINE}, and rounded to what the element type can say
   */
  public void append(int slot, float[] vector) {
    if (slot <= lastSlot) {
      throw new IllegalArgumentException(
          "slots must ascend: got %d after %d".formatted(slot, lastSlot));
    }
    if (vector.length != settings().dimension()) {
      throw new IllegalArgumentException(
          "vector must have %d dimensions, got %d"
              .formatted(settings().dimension(), vector.length));
    }
    checkHealthy();
    growing.append(slot, vector);
    lastSlot = slot;
    holdBack();
  }

  /**
   * While searches run, the writer waits rather than let the scanned tail grow beyond its bound,
   * which is smaller while whole rows are scanned because there are no codes of them.
   */
  private void holdBack() {
    int most = unlinkedRowsMax();
    if (growing.unlinkedRows() <= most || !resources.buildPool().isSearched()) {
      return;
    }
    if (growing.awaitCodes()) {
      most = unlinkedRowsMax(settings().maxUnlinkedRows());
    }
    growing.linker().awaitBelow(most);
  }

  /** Rows that may wait for linking while searches run, before the writer waits for anything. */
  public int unlinkedRowsMax() {
    long whole = WHOLE_TAIL_BYTES / (Float.BYTES * (long) settings().dimension());
    return unlinkedRowsMax((int) Math.min(settings().maxUnlinkedRows(), whole));
  }

  /**
   * A segment that has just outgrown scanning has that many rows to link at once; they were scanned
   * before, too. From then on fewer may wait with each row that comes, until it is as usual.
   */
  private int unlinkedRowsMax(int usual) {
    long first = 2L * settings().fullScanRows() - growing.rowCount();
    return (int) Math.max(usual, Math.min(first, settings().fullScanRows()));
  }

  /**
   * A slot's vector is superseded or deleted; once per slot. A slot without a vector is ignored.
   */
  public void noteDead(int slot) {
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (SegmentView.of(segment).ordinalOf(slot) >= 0) {
        segment.noteDead();
        return;
      }
    }
  }

  /**
   * Starts background work that is due and adopts what is finished. Call it regularly, at best
   * after each batch.
   *
   * @param live which slots are live now; asked before this returns
   * @return whether the snapshot must be published again
   * @throws IllegalStateException when background work has ended with an error, such as of the JVM
   */
  public boolean maintain(LiveSlots live) {
    checkHealthy();
    if (!isDeadCounted) {
      segments.forEach(segment -> segment.setDeadRows(countDead(segment, live)));
      isDeadCounted = true;
    }
    boolean hasChanged = false;
    segments.forEach(Segment::maintain);
    linkTrouble.tend(segments);
    isChanged = false;
    if (growing.rowCount() == 0 && maker.isDifferent(growing)) {
      segments.removeLast();
      growing.stop();
      growing.release();
      growAnother();
      hasChanged = true;
    } else if (growing.rowCount() >= sealRows()) {
      growAnother();
      hasChanged = true;
    }
    if (rebuilds.begin(maker, segments, codes, live)) {
      growAnother();
      hasChanged = true;
    }
    for (Rebuild done = rebuilds.poll(codes); done != null; done = rebuilds.poll(codes)) {
      adopt(done, live);
      hasChanged = true;
    }
    checkHealthy();
    return hasChanged;
  }

  private void growAnother() {
    growing = newSegment();
    segments.add(growing);
  }

  /** Where memory is short, rows go to files early. */
  private int sealRows() {
    return resources.memory().isShort() ? settings().shortSealRows() : settings().sealRows();
  }

  /**
   * Reads sealed files that were opened in the background, so that searches find them in memory.
   */
  public void readAhead() {
    for (Segment segment : segments) {
      if (segment instanceof SealedSegment sealed) {
        sealed.readAhead();
      }
    }
  }

  /** Whether background work is under way or is to be tried again. */
  public boolean isBusy() {
    return rebuilds.isBusy() || linkTrouble.isGoingOn() || isAnyBusy();
  }

  /**
   * Whether rows are not yet as the settings say: what {@link #isBusy} says, and what has not begun
   * or waits for memory.
   */
  public boolean isOptimizing() {
    return isChanged
        || isBusy()
        || (maker.layout().isKnown() && segments.stream().anyMatch(maker::isDifferent));
  }

  /** Whether the finished graph is being made faster, which nobody needs to wait for. */
  public boolean isFilling() {
    return growing.isFilling()
        || segments.stream()
            .anyMatch(segment -> segment instanceof SealedSegment sealed && sealed.isFilling());
  }

  /**
   * Why linking, sealing or merging does not succeed for now, or what was asked for never will;
   * empty when nothing failed.
   */
  public Optional<String> problem() {
    return linkTrouble.reason().or(rebuilds::problem);
  }

  /** What is only put off, until there is memory for it; empty when nothing is. */
  public Optional<String> delay() {
    return rebuilds.delay();
  }

  /** Whether no background rebuild is running. Tests wait for it. */
  boolean isSettled() {
    return rebuilds.running() == null && !isAnyBusy();
  }

  /** What is under way, for tests. */
  @Nullable Rebuild rebuild() {
    return rebuilds.running();
  }

  /** What there is now, for tests. */
  List<Segment> segments() {
    return List.copyOf(segments);
  }

  private boolean isAnyBusy() {
    for (Segment segment : segments) {
      if (segment.isBusy()) {
        return true;
      }
    }
    return false;
  }

  /** Puts the replacement where its sources were. */
  private void adopt(Rebuild done, LiveSlots live) {
    List<Segment> sources = done.sources().stream().map(SegmentView::segment).toList();
    int at = segments.indexOf(sources.getFirst());
    Segment result = done.result();
    if (result instanceof HeapSegment compacted) {
      appendSince(done.sources().getFirst(), compacted, live);
      compacted.configure(settings());
      if (sources.getFirst() == growing) { // Else it has outgrown growing meanwhile.
        growing = compacted;
      }
    }
    segments.subList(at, at + sources.size()).clear();
    if (result != null) {
      handOver(sources, result, done);
      segments.add(at, result);
      result.setDeadRows(countDead(result, live));
    }
    done.finish();
    for (Segment source : sources) {
      source.stop();
      source.release();
    }
  }

  /** A segment that was sealed as it was has codes and speed form already. */
  private void handOver(List<Segment> sources, Segment result, Rebuild done) {
    result.code(codes);
    if (done.isAsItWas()
        && sources.getFirst() instanceof HeapSegment heap
        && result instanceof SealedSegment sealed) {
      sealed.adopt(heap);
    }
  }

  /** A compacted growing segment misses what was appended while it was built. */
  private void appendSince(SegmentView source, HeapSegment compacted, LiveSlots live) {
    float[] vector = new float[settings().dimension()];
    Segment grown = source.segment();
    for (int ordinal = source.rowCount(); ordinal < grown.rowCount(); ordinal++) {
      if (live.isLive(grown.slots()[ordinal])) {
        grown.rows().copy(ordinal, vector);
        compacted.append(grown.slots()[ordinal], vector);
      }
    }
  }

  private static int countDead(Segment segment, LiveSlots live) {
    int dead = 0;
    for (int i = 0; i < segment.rowCount(); i++) {
      dead += live.isLive(segment.slots()[i]) ? 0 : 1;
    }
    return dead;
  }

  /** An immutable view of everything appended so far; the caller owns one reference. Cheap. */
  public VectorFieldSnapshot snapshot() {
    return new VectorFieldSnapshot(
        settings(), resources.scratchPool(), segments.toArray(Segment[]::new));
  }

  /**
   * Takes what a checkpoint at this moment holds, without touching the disk. {@link
   * VectorFieldCheckpoint#writeTo} may then run on another thread while the writer goes on.
   *
   * @param isFinal whether the field closes next: links are then saved completely, so that nothing
   *     is linked again at restart
   */
  public VectorFieldCheckpoint beginCheckpoint(boolean isFinal) {
    checkHealthy();
    return new VectorFieldCheckpoint(settings(), names, segments, isFinal);
  }

  /**
   * Whether a checkpoint would hold more of what took computing than the last one does: links, or
   * sealed files.
   *
   * @param isFinal as in {@link #beginCheckpoint}
   */
  public boolean hasUnsavedWork(boolean isFinal) {
    for (Segment segment : segments) {
      boolean isUnsaved =
          switch (segment) {
            case HeapSegment heap -> heap.spool().isLinksDue(heap.linkedRows(), isFinal);
            case SealedSegment sealed -> !sealed.isSaved();
          };
      if (isUnsaved) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the field into a checkpoint folder: {@link #beginCheckpoint} and {@link
   * VectorFieldCheckpoint#writeTo} in one. Files are forced, the folder is not.
   */
  public VectorFieldManifest writeTo(Path checkpointFolder) throws IOException {
    try (VectorFieldCheckpoint checkpoint = beginCheckpoint(false)) {
      return checkpoint.writeTo(checkpointFolder);
    }
  }

  /** Numbers about the field now. */
  public VectorFieldStats stats() {
    long rows = 0;
    long dead = 0;
    long linked = 0;
    long unlinked = 0;
    int count = 0;
    VectorForms forms = VectorForms.NONE;
    MemoryUse.Sum memory = new MemoryUse.Sum();
    long optional = 0;
    for (Segment segment : segments) {
      rows += segment.rowCount();
      dead += segment.deadRows();
      linked += segment.linkedRows();
      unlinked += segment instanceof HeapSegment heap ? heap.unlinkedRows() : 0;
      count += segment.rowCount() > 0 ? 1 : 0;
      forms = forms.plus(SegmentForms.of(segment, settings(), maker.resources().fused()));
      segment.addTo(memory);
      optional += segment.optionalBytes();
    }
    rebuilds.addTo(memory);
    optional += rebuilds.takenBytes();
    long dataBytes = (rows - dead) * settings().rowBytes();
    return new VectorFieldStats(
        rows, dead, linked, unlinked, count, dataBytes, forms, memory.done(), optional);
  }

  /**
   * Stops background work and releases the field's references; snapshots still held stay readable.
   */
  @Override
  public void close() {
    rebuilds.close();
    for (Segment segment : segments) {
      segment.stop();
      segment.release();
    }
    segments.clear();
  }
}
