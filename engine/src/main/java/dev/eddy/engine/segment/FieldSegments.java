package dev.eddy.engine.segment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a field, in ascending order of slots, of which the last one grows.
 *
 * <p>Owned by the writer.
 *
 * <p>Invariants: slots are appended in ascending order, each at most once; segments cover disjoint,
 * ascending ranges of slots; once something grows, the last one is a heap segment.
 */
final class FieldSegments {
  private final List<Segment> segments = new ArrayList<>();
  private final List<Segment> unchanging = Collections.unmodifiableList(segments);
  private int lastSlot = -1;

  /** False after a restore, whose files do not say which rows are dead. */
  private boolean isDeadCounted = true;

  /** All of them as they are at any time, not to be changed. */
  List<Segment> all() {
    return unchanging;
  }

  /** The slot that was appended last; -1 when none was. */
  int lastSlot() {
    return lastSlot;
  }

  /** Takes over a segment of a checkpoint, with slots above all so far. */
  void restore(Segment segment) {
    segments.add(segment);
    if (segment.rowCount() > 0) {
      lastSlot = SegmentView.of(segment).lastSlot();
    }
    isDeadCounted = false;
  }

  /** Whether the last one can take rows, up to so many. */
  boolean canGrow(int rowsMax) {
    return !segments.isEmpty()
        && segments.getLast() instanceof HeapSegment last
        && last.rowCount() < rowsMax;
  }

  /** Those in files. */
  List<SealedSegment> sealed() {
    return segments.stream()
        .filter(SealedSegment.class::isInstance)
        .map(SealedSegment.class::cast)
        .toList();
  }

  /** The one that grows. */
  HeapSegment growing() {
    return (HeapSegment) segments.getLast();
  }

  /** From now on this one grows, behind all so far. */
  void grow(HeapSegment empty) {
    segments.add(empty);
  }

  /** From now on this one grows in the place of the one that did, which is empty as well. */
  void growInstead(HeapSegment empty) {
    end(segments.removeLast());
    segments.add(empty);
  }

  /**
   * Adds a row to the one that grows.
   *
   * @param slot above every slot appended before
   */
  void append(int slot, float[] vector) {
    growing().append(slot, vector);
    lastSlot = slot;
  }

  /** A slot's row is superseded or deleted; once per slot. A slot without a row is ignored. */
  void noteDead(int slot) {
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (SegmentView.of(segment).ordinalOf(slot) >= 0) {
        segment.noteDead();
        return;
      }
    }
  }

  /** Learns which rows are dead, where a restore did not tell. */
  void countDead(LiveSlots live) {
    if (!isDeadCounted) {
      segments.forEach(segment -> segment.setDeadRows(deadRows(segment, live)));
      isDeadCounted = true;
    }
  }

  private static int deadRows(Segment segment, LiveSlots live) {
    int dead = 0;
    for (int i = 0; i < segment.rowCount(); i++) {
      dead += live.isLive(segment.slots()[i]) ? 0 : 1;
    }
    return dead;
  }

  /**
   * Puts the replacement where its sources were, and ends these.
   *
   * @param settings of the field by now
   * @param codes that the field's rows are to have
   */
  void adopt(
      Rebuild done, VectorFieldSettings settings, @Nullable CodeSettings codes, LiveSlots live) {
    List<Segment> sources = done.sources().stream().map(SegmentView::segment).toList();
    int at = segments.indexOf(sources.getFirst());
    Segment result = done.result();
    if (result instanceof HeapSegment compacted) {
      appendSince(done.sources().getFirst(), compacted, live);
      compacted.configure(settings);
    }
    segments.subList(at, at + sources.size()).clear();
    if (result != null) {
      result.code(codes);
      handOver(sources.getFirst(), result, done);
      segments.add(at, result);
      result.setDeadRows(deadRows(result, live));
    }
    done.finish();
    sources.forEach(FieldSegments::end);
  }

  /** A segment that was sealed as it was has codes and speed form already. */
  private static void handOver(Segment source, Segment result, Rebuild done) {
    if (done.isAsItWas()
        && source instanceof HeapSegment heap
        && result instanceof SealedSegment sealed) {
      sealed.adopt(heap);
    }
  }

  /** A compacted growing segment misses what was appended while it was built. */
  private static void appendSince(SegmentView source, HeapSegment compacted, LiveSlots live) {
    float[] vector = new float[compacted.settings().dimension()];
    Segment grown = source.segment();
    for (int ordinal = source.rowCount(); ordinal < grown.rowCount(); ordinal++) {
      if (live.isLive(grown.slots()[ordinal])) {
        grown.rows().copy(ordinal, vector);
        compacted.append(grown.slots()[ordinal], vector);
      }
    }
  }

  /** Whether background work of any is to be looked after. */
  boolean isBusy() {
    return segments.stream().anyMatch(Segment::isBusy);
  }

  /** Whether a finished graph is being made faster, which nobody needs to wait for. */
  boolean isFilling() {
    return segments.stream()
        .anyMatch(segment ->
            switch (segment) {
              case HeapSegment heap -> heap == segments.getLast() && heap.isFilling();
              case SealedSegment sealed -> sealed.isFilling();
            });
  }

  /**
   * Whether a checkpoint would hold more links, or sealed files, than the last one does.
   *
   * @param isFinal whether it would hold all links
   */
  boolean hasUnsavedWork(boolean isFinal) {
    return segments.stream()
        .anyMatch(segment ->
            switch (segment) {
              case HeapSegment heap -> heap.spool().isLinksDue(heap.linkedRows(), isFinal);
              case SealedSegment sealed -> !sealed.isSaved();
            });
  }

  /** Ends all of them. */
  void close() {
    segments.forEach(FieldSegments::end);
    segments.clear();
  }

  private static void end(Segment segment) {
    segment.stop();
    segment.release();
  }
}
