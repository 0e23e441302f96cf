package dev.eddy.engine.segment;

import dev.eddy.engine.graph.GraphCarrier;
import dev.eddy.engine.graph.GraphView;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.SearchScratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rows of segments that were live at one moment into a new segment on the heap. The
 * largest graph of the kind that is wanted is carried over; what it does not have is linked anew by
 * the new segment.
 *
 * <p>Threading: made by the writer, {@linkplain #make run} once by any one thread.
 */
final class LiveCopy {
  private final SegmentMaker maker;
  private final List<Source> sources;
  private final BooleanSupplier isCancelled;

  /**
   * What is copied of a segment.
   *
   * @param kept ordinals of live rows, ascending
   */
  private record Source(SegmentView view, int[] kept) {
    static Source of(SegmentView view, LiveSlots live) {
      int[] ordinals = new int[view.rowCount()];
      int count = 0;
      for (int i = 0; i < view.rowCount(); i++) {
        if (live.isLive(view.slots()[i])) {
          ordinals[count++] = i;
        }
      }
      return new Source(view, Arrays.copyOf(ordinals, count));
    }

    Segment segment() {
      return view.segment();
    }

    int slot(int at) {
      return view.slots()[kept[at]];
    }

    /** Kept rows that the segment's graph reaches: the first ones. */
    int linked() {
      int linked = Math.min(segment().linkedRows(), view.rowCount());
      int count = 0;
      while (count < kept.length && kept[count] < linked) {
        count++;
      }
      return count;
    }

    /**
     * Reads a kept row; those up to {@code end} are fetched from the disk some hundreds at once.
     */
    void read(int at, int end, float[] vector) {
      Rows rows = segment().rows();
      int stretch = rows.stretch();
      if (at % stretch == 0) {
        rows.expect(kept[at], kept[Math.min(at + stretch, end) - 1] + 1);
      }
      rows.copy(kept[at], vector);
    }
  }

  /**
   * @param live asked before this returns
   * @param isCancelled whether the copy is not wanted any more; any part of it is made then
   */
  LiveCopy(
      SegmentMaker maker, List<SegmentView> views, LiveSlots live, BooleanSupplier isCancelled) {
    this.maker = maker;
    this.isCancelled = isCancelled;
    this.sources = views.stream().map(view -> Source.of(view, live)).toList();
  }

  /**
   * Makes the copy. Rows of the largest graph come first, whatever their slots are: several sources
   * are always written to a file, which puts them in order.
   */
  HeapSegment make() {
    List<Source> others = new ArrayList<>(sources);
    Source largest = largestGraph();
    HeapSegment copy;
    if (largest == null) {
      copy = maker.empty();
    } else {
      others.remove(largest);
      copy = carried(largest);
      append(copy, largest, copy.rowCount());
    }
    others.forEach(source -> append(copy, source, 0));
    return copy;
  }

  /** The source with the most rows left of those that have a graph of use; null when none has. */
  private @Nullable Source largestGraph() {
    Source largest = null;
    int rows = 0;
    for (Source source : sources) {
      if (source.kept().length > rows && isGraphOfUse(source)) {
        largest = source;
        rows = source.kept().length;
      }
    }
    return largest;
  }

  private boolean isGraphOfUse(Source source) {
    Segment segment = source.segment();
    VectorFieldSettings settings = maker.settings();
    return segment.graph() != null
        && segment.graphParams().equals(settings.graph())
        && (settings.isScannedForGood() || source.kept().length > settings.fullScanRows());
  }

  /** The linked rows of a source, with what is left of their graph; empty when cancelled. */
  private HeapSegment carried(Source source) {
    VectorFieldSettings settings = maker.settings();
    int count = source.linked();
    GraphView graph = Objects.requireNonNull(source.segment().graph(), "graph");
    HeapRows rows = settings.newRows();
    int[] slots = new int[Math.max(1, count)];
    float[] vector = new float[settings.dimension()];
    for (int i = 0; i < count && !isCancelled.getAsBoolean(); i++) {
      source.read(i, count, vector);
      rows.append(vector);
      slots[i] = source.slot(i);
    }
    HeapLinks links = new HeapLinks(settings.graph());
    SearchScratch scratch = maker.resources().scratchPool().acquire();
    try {
      GraphCarrier carrier =
          new GraphCarrier(
              graph, source.kept(), count, rows, links, settings.graph(), scratch, isCancelled);
      return !isCancelled.getAsBoolean() && carrier.carry()
          ? maker.grown(rows, links, slots, count)
          : maker.empty();
    } finally {
      maker.resources().scratchPool().release(scratch);
    }
  }

  private void append(HeapSegment copy, Source source, int from) {
    float[] vector = new float[maker.settings().dimension()];
    for (int i = from; i < source.kept().length && !isCancelled.getAsBoolean(); i++) {
      source.read(i, source.kept().length, vector);
      copy.append(source.slot(i), vector);
    }
  }
}
