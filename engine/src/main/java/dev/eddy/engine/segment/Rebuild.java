package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphCarrier;
import dev.eddy.engine.graph.GraphConnector;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.LinkFiller;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import dev.eddy.engine.segment.RowLayout.SlotGroups;
import dev.eddy.model.shard.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces neighbouring segments by one: copies the live rows, links them, writes them to a sealed
 * file where asked, and makes what they are searched by. The long steps run in the build pool; the
 * writer moves it along with {@link #advance}.
 *
 * <p>Threading: owned by the writer; each background step ends before the writer starts the next.
 */
final class Rebuild {
  private static final Logger log = LoggerFactory.getLogger(Rebuild.class);

  /** Nodes between two looks at the memory. */
  private static final int FILLED_AT_ONCE = 256;

  private enum Step {
    COPYING,
    LINKING,
    WRITING,
    CODING,
    DONE
  }

  private final SegmentMaker maker;
  private final List<SegmentView> sources;
  private final boolean isSealing;
  private final boolean isCopied;

  /** What a copy takes of the node's memory; null = nothing is copied. */
  private final MemoryBudget.@Nullable Reservation room;

  /** Set by the background step that copies, which ends before the writer looks. */
  private @Nullable HeapSegment built;

  private Step step;
  private CompletableFuture<@Nullable SealedSegment> work;
  private @Nullable SealedSegment sealed;
  private volatile boolean isCancelled;

  /** Set by the background step that writes. */
  private volatile boolean isMoved;

  private Rebuild(
      SegmentMaker maker,
      List<SegmentView> sources,
      boolean isSealing,
      @Nullable HeapSegment built,
      MemoryBudget.@Nullable Reservation room) {
    this.maker = maker;
    this.sources = List.copyOf(sources);
    this.isSealing = isSealing;
    this.isCopied = built == null;
    this.built = built;
    this.room = room;
    this.step = Step.LINKING;
    this.work = CompletableFuture.completedFuture(null);
    for (SegmentView source : sources) {
      source.segment().retain();
    }
  }

  /** Writes a heap segment that no longer grows to a sealed file, with all its rows and links. */
  static Rebuild seal(SegmentMaker maker, HeapSegment source) {
    return new Rebuild(maker, List.of(SegmentView.of(source)), true, source, null);
  }

  /**
   * Copies the live rows of the sources into a new segment, sealed or on the heap. Liveness is
   * asked before this returns.
   *
   * @param room that the copy takes, given back at the end, whatever that is
   */
  static Rebuild copy(
      SegmentMaker maker,
      List<? extends Segment> segments,
      boolean isSealing,
      LiveSlots live,
      MemoryBudget.Reservation room) {
    List<SegmentView> views = new ArrayList<>();
    List<int[]> ordinals = new ArrayList<>();
    for (Segment segment : segments) {
      SegmentView view = SegmentView.of(segment);
      views.add(view);
      ordinals.add(liveOrdinals(view, live));
    }
    Rebuild rebuild = new Rebuild(maker, views, isSealing, null, room);
    rebuild.step = Step.COPYING;
    rebuild.start(() -> rebuild.copyRows(ordinals));
    return rebuild;
  }

  private static int[] liveOrdinals(SegmentView view, LiveSlots live) {
    int[] ordinals = new int[view.rowCount()];
    int count = 0;
    for (int i = 0; i < view.rowCount(); i++) {
      if (live.isLive(view.slots()[i])) {
        ordinals[count++] = i;
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  /** A background step. */
  @FunctionalInterface
  private interface Work {
    @Nullable SealedSegment run() throws IOException;
  }

  private void start(Work task) {
    CompletableFuture<@Nullable SealedSegment> future = new CompletableFuture<>();
    work = future;
    boolean isQueued =
        maker
            .resources()
            .buildPool()
            .submit(() -> {
              try {
                future.complete(task.run());
              } catch (Throwable failure) {
                future.completeExceptionally(failure);
              }
            });
    if (!isQueued) {
      future.completeExceptionally(new IllegalStateException("build pool is closed"));
    }
  }

  /**
   * The largest graph of the kind that is wanted is carried over; what it does not have is linked
   * anew. Its rows come first, whatever their slots are: several sources are always written to a
   * file, which puts them in order.
   */
  private @Nullable SealedSegment copyRows(List<int[]> ordinals) {
    int largest = largestGraph(ordinals);
    HeapSegment copy;
    if (largest < 0) {
      copy = maker.empty();
    } else {
      SegmentView source = sources.get(largest);
      copy = carried(source, ordinals.get(largest));
      append(copy, source, ordinals.get(largest), copy.rowCount());
    }
    for (int i = 0; i < sources.size(); i++) {
      if (i != largest) {
        append(copy, sources.get(i), ordinals.get(i), 0);
      }
    }
    built = copy;
    return null;
  }

  /** The source with the most rows left of those that have a graph of use; -1 when none has. */
  private int largestGraph(List<int[]> ordinals) {
    int largest = -1;
    int rows = 0;
    for (int i = 0; i < sources.size(); i++) {
      if (ordinals.get(i).length > rows && isGraphOfUse(sources.get(i), ordinals.get(i))) {
        largest = i;
        rows = ordinals.get(i).length;
      }
    }
    return largest;
  }

  private boolean isGraphOfUse(SegmentView source, int[] kept) {
    Segment segment = source.segment();
    VectorFieldSettings settings = maker.settings();
    return segment.graph() != null
        && segment.graphParams().equals(settings.graph())
        && (settings.isScannedForGood() || kept.length > settings.fullScanRows());
  }

  /** The linked rows of a source, with what is left of their graph; empty when cancelled. */
  private HeapSegment carried(SegmentView source, int[] kept) {
    VectorFieldSettings settings = maker.settings();
    int linked = Math.min(source.segment().linkedRows(), source.rowCount());
    GraphView graph = Objects.requireNonNull(source.segment().graph(), "graph");
    int count = 0;
    while (count < kept.length && kept[count] < linked) {
      count++;
    }
    HeapRows rows = settings.newRows();
    int[] slots = new int[Math.max(1, count)];
    float[] vector = new float[settings.dimension()];
    for (int i = 0; i < count && !isCancelled; i++) {
      expect(source, kept, i, count);
      source.segment().rows().copy(kept[i], vector);
      rows.append(vector);
      slots[i] = source.slots()[kept[i]];
    }
    HeapLinks links = new HeapLinks(settings.graph());
    SearchScratch scratch = maker.resources().scratchPool().acquire();
    try {
      GraphCarrier carrier =
          new GraphCarrier(
              graph, kept, count, rows, links, settings.graph(), scratch, () -> isCancelled);
      return !isCancelled && carrier.carry()
          ? maker.grown(rows, links, slots, count)
          : maker.empty();
    } finally {
      maker.resources().scratchPool().release(scratch);
    }
  }

  private void append(HeapSegment copy, SegmentView source, int[] ordinals, int from) {
    float[] vector = new float[maker.settings().dimension()];
    for (int i = from; i < ordinals.length && !isCancelled; i++) {
      expect(source, ordinals, i, ordinals.length);
      source.segment().rows().copy(ordinals[i], vector);
      copy.append(source.slots()[ordinals[i]], vector);
    }
  }

  /** Lets rows be fetched from the disk some hundreds at a time. */
  private static void expect(SegmentView source, int[] ordinals, int next, int end) {
    Rows rows = source.segment().rows();
    int stretch = rows.stretch();
    if (next % stretch == 0) {
      rows.expect(ordinals[next], ordinals[Math.min(next + stretch, end) - 1] + 1);
    }
  }

  /**
   * Goes on to the next step when the present one has ended.
   *
   * @param codes that the field's rows are to have
   * @return whether all is done
   * @throws CompletionException when a step has failed
   */
  boolean advance(@Nullable CodeSettings codes) throws IOException {
    if (!work.isDone()) {
      return false;
    }
    SealedSegment result = work.join();
    switch (step) {
      case COPYING -> step = Step.LINKING;
      case WRITING -> {
        sealed = result;
        step = Step.CODING;
      }
      case LINKING, CODING, DONE -> {}
    }
    HeapSegment linked = built;
    if (step == Step.LINKING && linked != null && isLinkedEnough(linked)) {
      boolean hasFile = isSealing && linked.rowCount() > 0;
      step = hasFile ? Step.WRITING : Step.CODING;
      if (hasFile) {
        start(writing(linked));
        return false;
      }
    }
    if (step == Step.CODING && isCoded(codes)) {
      step = Step.DONE;
    }
    return step == Step.DONE;
  }

  /**
   * Whether linking has come to its end. A copy that can't be linked is given up; what is sealed as
   * it is goes to its file without a graph if it can't be linked and memory is short.
   */
  private boolean isLinkedEnough(HeapSegment linked) {
    RuntimeException failure = isCopied ? linked.linker().takeFailure() : null;
    if (failure != null) {
      throw new CompletionException(failure);
    }
    return linked.isFullyLinked()
        || (!isCopied && linked.linker().isBehind() && maker.resources().memory().isShort());
  }

  /** Whether this waits for links of a segment that can't be linked for now. */
  boolean isHeldUp() {
    return step == Step.LINKING && !isCopied && built != null && isHeldUp(maker, built);
  }

  /** Whether a segment is not sealed as it is until its linking gets on. */
  static boolean isHeldUp(SegmentMaker maker, HeapSegment source) {
    return source.linker().isBehind() && !maker.resources().memory().isShort();
  }

  /** It is not to be searched more slowly than its sources; what is as they were takes over. */
  private boolean isCoded(@Nullable CodeSettings codes) {
    Segment made = result();
    if (made == null || isAsItWas()) {
      return true;
    }
    made.code(codes);
    made.maintain();
    return !made.isBusy();
  }

  /** What links were pruned for must not be lost for good. */
  private void connect(HeapSegment linked, HeapLinks links) {
    SearchScratch scratch = maker.resources().scratchPool().acquire();
    try {
      var _ =
          new GraphConnector(linked.heapRows(), links, linked.settings().graph())
              .connect(scratch, () -> isCancelled);
    } finally {
      maker.resources().scratchPool().release(scratch);
    }
  }

  /**
   * Where searches will walk the links of a copy, empty places are filled for them. What is sealed
   * as it is has what was filled at rest: it frees memory, and others wait behind it.
   */
  private void fillPlaces(HeapSegment linked, HeapLinks links) {
    SegmentResources resources = maker.resources();
    long freed = sources.stream().mapToLong(source -> source.segment().optionalBytes()).sum();
    if (!isCopied || resources.fused().hasRoomFor(linked.settings(), linked.rowCount(), freed)) {
      return;
    }
    LinkFiller filler = new LinkFiller(linked.heapRows(), links, linked.settings().metric());
    SearchScratch scratch = resources.scratchPool().acquire();
    resources.buildPool().builderStarted();
    try {
      for (int node = 0; node < linked.rowCount() && !isCancelled; node++) {
        if (node % FILLED_AT_ONCE == 0 && resources.memory().isShort()) {
          break;
        }
        resources.buildPool().giveWay();
        filler.fill(node, scratch);
      }
      resources.scratchPool().release(scratch);
    } catch (RuntimeException failure) {
      log.warn("event=places-not-filled rows={}", linked.rowCount(), failure);
    } finally {
      resources.buildPool().builderFinished();
    }
  }

  /** What is written is settled here, by the writer: settings may change while it is done. */
  private Work writing(HeapSegment linked) {
    String name = maker.names().next("segment");
    SlotGroups groups = maker.layout().groups();
    boolean hasGraph = linked.graph() != null && linked.isFullyLinked();
    HeapLinks links = hasGraph ? linked.heapLinks() : null;
    return () -> {
      try {
        return write(name, linked, links, groups);
      } finally {
        if (groups != null) {
          groups.close();
        }
      }
    };
  }

  private SealedSegment write(
      String name, HeapSegment linked, @Nullable HeapLinks links, @Nullable SlotGroups groups)
      throws IOException {
    Path file = maker.resources().liveFolder().resolve(name);
    linked.endMending(); // What is written must not change.
    if (links != null) {
      connect(linked, links);
      fillPlaces(linked, links);
    }
    if (isCancelled) {
      throw new CancellationException();
    }
    RowOrder order = RowOrder.of(linked.slots(), linked.rowCount(), maker.layout().id(), groups);
    isMoved = order.isMoved();
    try {
      FilePart part =
          new SealedFileWriter(
                  linked.settings(), linked.rows(), linked.slots(), linked.rowCount(), links, order)
              .write(file);
      return SealedFile.open(maker.resources(), maker.names(), part, maker.settings(), -1);
    } catch (IOException | RuntimeException failure) {
      FileNames.discard(file, failure);
      throw failure;
    }
  }

  /** The segments to be replaced. */
  List<SegmentView> sources() {
    return sources;
  }

  /** The replacement; null when no row was live. The caller takes over the reference. */
  @Nullable Segment result() {
    return isSealing ? sealed : built;
  }

  /** Whether all that this replaces is in files. */
  boolean isOfFiles() {
    return sources.stream().allMatch(SegmentView::isInFile);
  }

  /** Whether this writes a heap segment to a file as it is. */
  boolean seals(HeapSegment segment) {
    return isSealing && !isCopied && built == segment;
  }

  /**
   * Whether the replacement is what its source was: the same rows in the same order, to be searched
   * in the same way.
   */
  boolean isAsItWas() {
    Segment source = sources.getFirst().segment();
    SealedSegment made = sealed;
    return !isCopied
        && !isMoved
        && maker.hasSamePolicy(source)
        && made != null
        && (made.graph() == null) == (source.graph() == null);
  }

  /** What is being made on the heap; null before there are its rows, and once it is done. */
  @Nullable HeapSegment unfinishedCopy() {
    return isCopied && step != Step.COPYING && step != Step.DONE ? built : null;
  }

  /** Adds what is on the heap until this is done. */
  void addTo(VectorFieldStats.Sum sum) {
    HeapSegment copy = unfinishedCopy();
    if (copy == null) {
      return;
    }
    MemoryUse.Sum held = new MemoryUse.Sum();
    copy.addTo(held);
    MemoryUse use = held.done();
    long optional = copy.optionalBytes();
    long reserved = room == null ? 0 : room.bytes();
    sum.add(use, optional + Math.min(reserved, use.heapBytes() - optional));
  }

  /** Gives back what the replacement does not need. Call once, when done. */
  void finish() {
    releaseSources();
    HeapSegment copy = built;
    if (isSealing && isCopied && copy != null) {
      copy.release();
    }
    giveRoomBack();
  }

  private void giveRoomBack() {
    if (room != null) {
      room.close();
    }
  }

  private void releaseSources() {
    for (SegmentView source : sources) {
      source.segment().release();
    }
  }

  /** Gives up: waits for a running step to notice, and frees what was built. */
  void cancel() {
    isCancelled = true;
    SealedSegment result = work.exceptionally(failure -> null).join();
    HeapSegment copy = built;
    if (isCopied && copy != null) {
      copy.stop();
    }
    if (result != null) {
      result.stop();
      result.release();
    }
    releaseSources();
    if (isCopied && copy != null) {
      copy.release();
    }
    giveRoomBack();
  }
}
