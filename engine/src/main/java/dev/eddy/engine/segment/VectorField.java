package dev.eddy.engine.segment;

import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.nio.file.Path;
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
 * <p>Invariants: slots are appended in ascending order, each at most once; a row never changes.
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

  private final FieldSegments segments = new FieldSegments();
  private final Rebuilds rebuilds;
  private final LinkTrouble linkTrouble;
  private @Nullable CodeSettings codes;

  /** Whether other settings wait for {@link #maintain}. */
  private boolean isChanged;

  private VectorField(VectorFieldSettings settings, SegmentResources resources, FileNames names) {
    this.resources = resources;
    this.names = names;
    this.maker = new SegmentMaker(settings, resources, names, RowLayout.BY_SLOT, this::fail);
    this.linkTrouble = new LinkTrouble(settings.fileStem(), resources.buildPool().nanoClock());
    this.rebuilds = new Rebuilds(settings.fileStem(), resources, this::fail);
  }

  private HeapSegment newSegment() {
    HeapSegment segment = maker.empty();
    segment.code(codes);
    return segment;
  }

  /** An empty field. */
  public static VectorField create(VectorFieldSettings settings, SegmentResources resources) {
    VectorField field = new VectorField(settings, resources, new FileNames(settings.fileStem(), 1));
    field.growAnother();
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
        field.segments.restore(
            field.maker.restore(checkpointFolder, segment, field.segments.lastSlot()));
      }
    } catch (IOException | RuntimeException failure) {
      field.close();
      throw failure;
    }
    if (!field.segments.canGrow(settings.sealRows())) {
      field.growAnother();
    }
    return field;
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
    // What grows no more is sealed as it is, and then built anew.
    segments.growing().configure(settings);
    segments.sealed().forEach(sealed -> sealed.configure(settings));
  }

  /**
   * From now on rows are searched by these codes where the metric and the dimension have any; null
   * = by themselves. Takes effect in the background while searches go on.
   */
  public void code(@Nullable CodeSettings wanted) {
    CodeSettings former = codes;
    codes = SegmentCodes.isFor(settings()) ? wanted : null;
    isChanged |= !Objects.equals(codes, former);
    segments.all().forEach(segment -> segment.code(codes));
  }

  /** The slot that was appended last; -1 when none was. */
  public int lastSlot() {
    return segments.lastSlot();
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
    if (slot <= lastSlot()) {
      throw new IllegalArgumentException(
          "slots must ascend: got %d after %d".formatted(slot, lastSlot()));
    }
    if (vector.length != settings().dimension()) {
      throw new IllegalArgumentException(
          "vector must have %d dimensions, got %d"
              .formatted(settings().dimension(), vector.length));
    }
    checkHealthy();
    segments.append(slot, vector);
    holdBack();
  }

  /**
   * While searches run, the writer waits rather than let the scanned tail grow beyond its bound,
   * which is smaller while whole rows are scanned because there are no codes of them.
   */
  private void holdBack() {
    HeapSegment growing = segments.growing();
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
    long first = 2L * settings().fullScanRows() - segments.growing().rowCount();
    return (int) Math.max(usual, Math.min(first, settings().fullScanRows()));
  }

  /**
   * A slot's vector is superseded or deleted; once per slot. A slot without a vector is ignored.
   */
  public void noteDead(int slot) {
    segments.noteDead(slot);
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
    segments.countDead(live);
    boolean hasChanged = false;
    segments.all().forEach(Segment::maintain);
    linkTrouble.tend(segments.all());
    isChanged = false;
    HeapSegment growing = segments.growing();
    if (growing.rowCount() == 0 && maker.isDifferent(growing)) {
      segments.growInstead(newSegment());
      hasChanged = true;
    } else if (growing.rowCount() >= sealRows()) {
      growAnother();
      hasChanged = true;
    }
    if (rebuilds.begin(maker, segments.all(), codes, live)) {
      growAnother();
      hasChanged = true;
    }
    for (Rebuild done = rebuilds.poll(codes); done != null; done = rebuilds.poll(codes)) {
      segments.adopt(done, settings(), codes, live);
      hasChanged = true;
    }
    checkHealthy();
    return hasChanged;
  }

  private void growAnother() {
    segments.grow(newSegment());
  }

  /** Where memory is short, rows go to files early. */
  private int sealRows() {
    return resources.memory().isShort() ? settings().shortSealRows() : settings().sealRows();
  }

  /**
   * Reads sealed files that were opened in the background, so that searches find them in memory.
   */
  public void readAhead() {
    segments.sealed().forEach(SealedSegment::readAhead);
  }

  /** Whether background work is under way or is to be tried again. */
  public boolean isBusy() {
    return rebuilds.isBusy() || linkTrouble.isGoingOn() || segments.isBusy();
  }

  /**
   * Whether rows are not yet as the settings say: what {@link #isBusy} says, and what has not begun
   * or waits for memory.
   */
  public boolean isOptimizing() {
    return isChanged
        || isBusy()
        || (maker.layout().isKnown() && segments.all().stream().anyMatch(maker::isDifferent));
  }

  /** Whether the finished graph is being made faster, which nobody needs to wait for. */
  public boolean isFilling() {
    return segments.isFilling();
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
    return rebuilds.running() == null && !segments.isBusy();
  }

  /** What is under way, for tests. */
  @Nullable Rebuild rebuild() {
    return rebuilds.running();
  }

  /** What there is now, for tests. */
  List<Segment> segments() {
    return List.copyOf(segments.all());
  }

  /** An immutable view of everything appended so far; the caller owns one reference. Cheap. */
  public VectorFieldSnapshot snapshot() {
    return new VectorFieldSnapshot(
        settings(), resources.scratchPool(), segments.all().toArray(Segment[]::new));
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
    return new VectorFieldCheckpoint(settings(), names, segments.all(), isFinal);
  }

  /**
   * Whether a checkpoint would hold more of what took computing than the last one does: links, or
   * sealed files.
   *
   * @param isFinal as in {@link #beginCheckpoint}
   */
  public boolean hasUnsavedWork(boolean isFinal) {
    return segments.hasUnsavedWork(isFinal);
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
    VectorFieldStats.Sum sum = new VectorFieldStats.Sum();
    for (Segment segment : segments.all()) {
      sum.add(segment, settings(), maker.resources().fused());
    }
    rebuilds.addTo(sum);
    return sum.done();
  }

  /**
   * Stops background work and releases the field's references; snapshots still held stay readable.
   */
  @Override
  public void close() {
    rebuilds.close();
    segments.close();
  }
}
