package dev.eddy.engine.segment;

import dev.eddy.engine.segment.MemoryBudget.Reservation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what of a field is to be replaced next. What is copied is on the heap until it is done,
 * so its room is reserved first; where there is none, rows that are on the heap go to a file as
 * they are, which frees memory instead, and those in files wait.
 *
 * <p>Owned by the writer.
 */
final class RebuildChoice {
  /** Ints that a row takes while rows are put in the order of their file. */
  private static final int ORDER_INTS = 4;

  private final MemoryBudget memory;
  private @Nullable String refusal;

  RebuildChoice(MemoryBudget memory) {
    this.memory = memory;
  }

  /**
   * Begins what is due next, if anything is. When that {@linkplain Rebuild#seals seals} the segment
   * that grows, nothing more may be appended to it.
   *
   * @param segments of the field, the last one grows
   * @param codes that the field's rows are to have
   */
  @Nullable Rebuild next(
      SegmentMaker maker, List<Segment> segments, @Nullable CodeSettings codes, LiveSlots live) {
    refusal = null;
    HeapSegment growing = (HeapSegment) segments.getLast();
    for (Segment segment : segments) {
      if (segment != growing && segment instanceof HeapSegment frozen) {
        return ofFrozen(maker, frozen, live);
      }
    }
    if (SegmentPolicy.isCompactionDue(growing) || maker.isDifferent(growing)) {
      Reservation room = memory.reserve(bytes(maker, List.of(growing), codes));
      return room == null
          ? Rebuild.seal(maker, growing)
          : Rebuild.copy(maker, List.of(growing), false, live, room);
    }
    return maker.layout().isKnown() ? ofSealed(maker, segments, live) : null;
  }

  /**
   * Begins to write a full segment on the heap to a file while a rebuild of files goes on, which
   * may take long; null when there is none.
   */
  static @Nullable Rebuild beside(Rebuild running, SegmentMaker maker, List<Segment> segments) {
    if (running.isOfFiles()) {
      for (Segment segment : segments.subList(0, segments.size() - 1)) {
        if (segment instanceof HeapSegment frozen && maker.hasSameLinks(frozen)) {
          return Rebuild.seal(maker, frozen);
        }
      }
    }
    return null;
  }

  /** Why something can never be as the settings say; empty when it can. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  private Rebuild ofFrozen(SegmentMaker maker, HeapSegment frozen, LiveSlots live) {
    // Only links take another copy: a file gets the speed form that is wanted now by itself.
    Reservation room =
        maker.hasSameLinks(frozen) ? null : memory.reserve(bytes(maker, List.of(frozen), null));
    return room == null
        ? Rebuild.seal(maker, frozen)
        : Rebuild.copy(maker, List.of(frozen), true, live, room);
  }

  private @Nullable Rebuild ofSealed(SegmentMaker maker, List<Segment> segments, LiveSlots live) {
    for (Segment segment : segments) {
      if (segment instanceof SealedSegment) {
        boolean isDifferent = maker.isDifferent(segment);
        if (isDifferent || SegmentPolicy.isSealedRebuildDue(segment)) {
          Rebuild begun = copyIfRoom(maker, List.of(segment), isDifferent, live);
          if (begun != null) {
            return begun;
          }
        }
      }
    }
    int from = SegmentPolicy.mergeStart(segments, maker.settings());
    return from < 0
        ? null
        : copyIfRoom(
            maker,
            List.copyOf(segments.subList(from, from + SegmentPolicy.MERGE_SEGMENTS)),
            false,
            live);
  }

  private @Nullable Rebuild copyIfRoom(
      SegmentMaker maker, List<Segment> sources, boolean isAskedFor, LiveSlots live) {
    long bytes = bytes(maker, sources, null);
    Reservation room = memory.reserve(bytes);
    if (room != null) {
      return Rebuild.copy(maker, sources, true, live, room);
    }
    if (isAskedFor && !memory.isWithin(bytes)) {
      refusal =
          "changed settings wait: building a segment of %d vectors anew takes %d MiB of memory, more than there can be room for"
              .formatted(liveRows(sources), bytes >> 20);
    }
    return null;
  }

  /** What a copy of the live rows takes, with its links, and codes where it has its own. */
  private static long bytes(
      SegmentMaker maker, List<? extends Segment> sources, @Nullable CodeSettings codes) {
    VectorFieldSettings settings = maker.settings();
    long row = settings.elementType().bytes() * (long) sources.getFirst().rows().stride();
    long slots = (1L + ORDER_INTS) * Integer.BYTES;
    long links = settings.hasGraph() ? Integer.BYTES * (2L * settings.links() + 1) : 0;
    long code = codes == null ? 0 : (long) settings.dimension() * codes.width().bits() / Byte.SIZE;
    return liveRows(sources) * (row + slots + links + code);
  }

  private static long liveRows(List<? extends Segment> sources) {
    long rows = 0;
    for (Segment source : sources) {
      rows += source.rowCount() - source.deadRows();
    }
    return rows;
  }
}
