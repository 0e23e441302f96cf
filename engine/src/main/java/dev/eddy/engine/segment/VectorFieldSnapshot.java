package dev.eddy.engine.segment;

import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.graph.ScratchPool;
import dev.eddy.engine.graph.SearchScratch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything a field held at one moment. Immutable; safe from any thread that holds a reference:
 * {@link #retain()} and {@link #release()}. Starts with one reference, the taker's. Mapped files
 * stay until the last snapshot that sees them is released.
 *
 * <p>It knows no deletes: which slots may be hits is the caller's {@link SlotAcceptor}.
 */
public final class VectorFieldSnapshot {
  private static final int SCORE_BATCH_ROWS = 64;

  private final VectorFieldSettings settings;
  private final ScratchPool scratchPool;
  private final SegmentView[] views;
  private final ReferenceCount references;

  VectorFieldSnapshot(VectorFieldSettings settings, ScratchPool scratchPool, Segment[] segments) {
    this.settings = settings;
    this.scratchPool = scratchPool;
    this.views = new SegmentView[segments.length];
    for (int i = 0; i < segments.length; i++) {
      segments[i].retain();
      views[i] = SegmentView.of(segments[i]);
    }
    this.references = new ReferenceCount(this::releaseSegments);
  }

  private void releaseSegments() {
    for (SegmentView view : views) {
      view.segment().release();
    }
  }

  /** Takes a reference. The caller holds one already, or knows somebody who does. */
  public void retain() {
    references.retain();
  }

  /** Gives a reference back; after the last one the snapshot must not be used. */
  public void release() {
    references.release();
  }

  /** How the field is stored and searched. */
  public VectorFieldSettings settings() {
    return settings;
  }

  /** Rows in the snapshot, dead ones included. */
  public long rows() {
    long rows = 0;
    for (SegmentView view : views) {
      rows += view.rowCount();
    }
    return rows;
  }

  /**
   * Adds the best accepted rows to out: from graphs where rows are linked, by scanning where they
   * are not, so that no row of the snapshot is left out for being new.
   *
   * @param query of the field's dimension; normalised by the caller for {@code COSINE}
   * @param out reset by the caller to at least k; not sorted here, so that several fields or shards
   *     can share one
   * @return true when done; false when the search was given up over its limits or for estimates
   *     that don't tell which rows are nearest, and out is incomplete
   */
  public boolean search(float[] query, SlotSearch params, SlotAcceptor accept, TopSlots out) {
    checkDimension(query);
    SearchScratch scratch = scratchPool.acquire();
    try {
      for (SegmentView view : views) {
        if (!search(view, query, params, accept, out, scratch)) {
          return false;
        }
      }
      return true;
    } finally {
      scratchPool.release(scratch);
    }
  }

  /**
   * Rows that are searched for themselves.
   *
   * @param rows that a search looks at
   * @param firstSlot of them, at least
   * @param lastSlot of them, at most; below the first where there are none
   * @param hasGraph whether they have one; else they are scanned
   * @param isFused whether the graph carries its nodes' codes, and rows have sketches
   * @param beam that a walk needs to hold what it compares
   * @param walkedBytes of what a walk compares of each row of a graph that carries no codes
   * @param isOnDisk whether whole rows are read from files
   * @param compared rows that are compared whole after estimates by their own codes; 0 = none
   */
  public record Part(
      int rows,
      int firstSlot,
      int lastSlot,
      boolean hasGraph,
      boolean isFused,
      int beam,
      int walkedBytes,
      boolean isOnDisk,
      int compared) {}

  /** Parts; they have ascending ranges of slots. */
  public int parts() {
    return views.length;
  }

  /** What such a search finds in a part. */
  public Part part(int index, SlotSearch params) {
    SegmentView view = views[index];
    return new Part(
        view.searchedRows(params.indexedOnly()),
        view.firstSlot(),
        view.lastSlot(),
        view.segment().graph() != null,
        view.isFused(params.codes()),
        view.beam(params),
        view.walkedBytes(params.codes()),
        view.isInFile() && settings.isOnDisk(),
        view.compared(params));
  }

  /** {@link #search} of one part. */
  public boolean searchPart(
      int index, float[] query, SlotSearch params, SlotAcceptor accept, TopSlots out) {
    checkDimension(query);
    SearchScratch scratch = scratchPool.acquire();
    try {
      return search(views[index], query, params, accept, out, scratch);
    } finally {
      scratchPool.release(scratch);
    }
  }

  private boolean search(
      SegmentView view,
      float[] query,
      SlotSearch params,
      SlotAcceptor accept,
      TopSlots out,
      SearchScratch scratch) {
    float[] padded = scratch.padded(query, settings.dimension(), view.segment().rows().stride());
    return view.search(padded, params, accept, out, scratch);
  }

  /**
   * Begins a scan of slots that are handed over.
   *
   * @param hows how each part is scanned
   * @param asked how many are wanted, whether rows that wait for a graph are left out, and how
   *     codes are used
   * @param out as in {@link #search}
   */
  public SketchScan sketchScan(
      float[] query, SketchScan.How[] hows, SlotSearch asked, TopSlots out) {
    checkDimension(query);
    return new SketchScan(views, hows, settings, scratchPool, query, asked, out);
  }

  /** How many of the first slots, in their order, have rows one behind the other. */
  public int countTogether(int part, int[] slots, int count) {
    SegmentView view = views[part];
    int together = 0;
    int last = -2;
    for (int i = 0; i < count; i++) {
      int ordinal = view.ordinalOf(slots[i], Math.max(last, -1));
      together += ordinal > 0 && ordinal == last + 1 ? 1 : 0;
      last = ordinal;
    }
    return together;
  }

  /** Whether a slot has a row that a search for what is indexed looks at. */
  public boolean isIndexed(int slot) {
    for (SegmentView view : views) {
      int ordinal = view.ordinalOf(slot);
      if (ordinal >= 0) {
        return ordinal < view.searchedRows(true);
      }
    }
    return false;
  }

  private void checkDimension(float[] query) {
    if (query.length != settings.dimension()) {
      throw new IllegalArgumentException(
          "query must have %d dimensions, got %d".formatted(settings.dimension(), query.length));
    }
  }

  /** The similarity of one slot; NaN where the slot has no vector. */
  public float score(float[] query, int slot) {
    int[] slots = {slot};
    float[] scores = new float[1];
    var _ = score(query, slots, 1, scores);
    return scores[0];
  }

  /**
   * Similarities of {@code slots[0 .. count)}, written to {@code scores[0 .. count)}; NaN where a
   * slot has no vector. Fastest for ascending slots.
   *
   * @return rows read from files
   */
  public int score(float[] query, int[] slots, int count, float[] scores) {
    checkDimension(query);
    int fileRows = 0;
    SearchScratch scratch = scratchPool.acquire();
    try {
      int[] ordinals = scratch.batch(SCORE_BATCH_ROWS);
      float[] batchScores = scratch.scores(SCORE_BATCH_ROWS);
      int at = 0;
      while (at < count) {
        SegmentView view = viewOf(slots[at]);
        if (view == null) {
          scores[at++] = Float.NaN;
          continue;
        }
        int batch = findRows(view, slots, at, Math.min(count, at + SCORE_BATCH_ROWS), ordinals);
        Rows rows = view.segment().rows();
        rows.score(
            scratch.padded(query, settings.dimension(), rows.stride()),
            0,
            ordinals,
            0,
            batch,
            batchScores);
        System.arraycopy(batchScores, 0, scores, at, batch);
        fileRows += view.isInFile() ? batch : 0;
        at += batch;
      }
      return fileRows;
    } finally {
      scratchPool.release(scratch);
    }
  }

  /** Finds the rows of slots up to the first that has none in a view; returns how many. */
  private static int findRows(SegmentView view, int[] slots, int from, int to, int[] ordinals) {
    int first = view.firstOfRun();
    int last = view.lastSlot();
    int ordinal = -1;
    int count = 0;
    for (int at = from; at < to; at++) {
      int slot = slots[at];
      // Looking up the slot is a cache miss of its own.
      ordinal =
          first < 0
              ? view.ordinalOf(slot, ordinal)
              : slot >= first && slot <= last ? slot - first : -1;
      if (ordinal < 0) {
        break;
      }
      ordinals[count++] = ordinal;
    }
    return count;
  }

  /**
   * Rows that lie one behind the other, to be scored while the snapshot is held.
   *
   * @param first ordinal of the first
   * @param isInFile whether they are read from a file
   */
  public record Stretch(Rows rows, int first, boolean isInFile) {}

  /**
   * The rows of consecutive slots; null where these are not one behind the other, or some have
   * none.
   */
  public @Nullable Stretch stretch(int firstSlot, int count) {
    SegmentView view = viewOf(firstSlot);
    if (view == null || count < 1 || view.segment().slotOrder() != null) {
      return null;
    }
    int first = view.ordinalOf(firstSlot);
    return view.ordinalOf(firstSlot + count - 1) == first + count - 1
        ? new Stretch(view.segment().rows(), first, view.isInFile())
        : null;
  }

  private @Nullable SegmentView viewOf(int slot) {
    for (SegmentView view : views) {
      if (view.ordinalOf(slot) >= 0) {
        return view;
      }
    }
    return null;
  }

  /** Where a vector was read. */
  public enum Source {
    /** There is none. */
    NOWHERE,
    MEMORY,
    FILE
  }

  /**
   * Copies the vector of a slot to {@code out[0 .. dimension)}, and says from where; changes
   * nothing where the slot has no vector.
   */
  public Source readVector(int slot, float[] out) {
    SegmentView view = viewOf(slot);
    if (view == null) {
      return Source.NOWHERE;
    }
    view.segment().rows().copy(view.ordinalOf(slot), out);
    return view.isInFile() ? Source.FILE : Source.MEMORY;
  }

  /** {@link #readVector} for those who don't ask from where; false where there is none. */
  public boolean copyVector(int slot, float[] out) {
    return readVector(slot, out) != Source.NOWHERE;
  }

  /** Whether the slot has a vector. */
  public boolean contains(int slot) {
    return viewOf(slot) != null;
  }

  /** Copies the slots of all rows, ascending. */
  public int[] slots() {
    int[] all = new int[Math.toIntExact(rows())];
    int at = 0;
    for (SegmentView view : views) {
      view.copySlots(all, at);
      at += view.rowCount();
    }
    return all;
  }

  @Override
  public String toString() {
    return "VectorFieldSnapshot[%s, rows=%d, views=%s]"
        .formatted(settings.fileStem(), rows(), Arrays.toString(views));
  }
}
