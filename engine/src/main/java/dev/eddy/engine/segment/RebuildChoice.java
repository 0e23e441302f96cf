package dev.eddy.engine.segment;

import dev.eddy.engine.segment.MemoryBudget.Reservation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what of a field is to be replaced next. What is copied is on the heap until it is done,
 * so its room is reserved first; where there is none, rows that are on the heap go to a file as
 * they are, which frees memory instead, and those in files wait, which is told.
 *
 * <p>Owned by the writer.
 */
final class RebuildChoice {
  /** Ints that a row takes while rows are put in the order of their file. */
  private static final int ORDER_INTS = 4;

  private static final Logger log = LoggerFactory.getLogger(RebuildChoice.class);

  private final String field;
  private final MemoryBudget memory;
  private @Nullable String refusal;
  private @Nullable String delay;

  /** What failed since it succeeded, by its sources; what failed last at the end. */
  private final List<Set<Segment>> failures = new ArrayList<>();

  RebuildChoice(String field, MemoryBudget memory) {
    this.field = field;
    this.memory = memory;
  }

  /**
   * Begins what is due next, if anything is: what has failed behind everything else. When that
   * {@linkplain Rebuild#seals seals} the segment that grows, nothing more may be appended to it.
   *
   * @param segments of the field, the last one grows
   * @param codes that the field's rows are to have
   */
  @Nullable Rebuild next(
      SegmentMaker maker, List<Segment> segments, @Nullable CodeSettings codes, LiveSlots live) {
    String formerDelay = delay;
    String formerRefusal = refusal;
    refusal = null;
    delay = null;
    failures.removeIf(failed -> !segments.containsAll(failed));
    Rebuild begun = ofOthers(failures, maker, segments, codes, live);
    for (Set<Segment> failed : List.copyOf(failures)) {
      if (begun == null) {
        List<Set<Segment>> others = new ArrayList<>(failures);
        others.remove(failed);
        begun = ofOthers(others, maker, segments, codes, live);
        if (begun == null) {
          failures.remove(failed); // It is not due any more, or waits for something else.
        }
      }
    }
    if (begun != null && !begun.isOfFiles()) {
      delay = formerDelay; // What is in files was not looked at.
      refusal = formerRefusal;
    }
    tellDelay(formerDelay != null);
    return begun;
  }

  private void tellDelay(boolean wasDelayed) {
    if (delay != null && !wasDelayed) {
      log.info("event=rebuild-delayed field={} reason=\"{}\"", field, delay);
    } else if (delay == null && wasDelayed) {
      log.info("event=rebuild-not-delayed-any-more field={}", field);
    }
  }

  /** Begins what is due of segments that have no part in these failures. */
  private @Nullable Rebuild ofOthers(
      List<Set<Segment>> failed,
      SegmentMaker maker,
      List<Segment> segments,
      @Nullable CodeSettings codes,
      LiveSlots live) {
    Set<Segment> passedOver = new HashSet<>();
    failed.forEach(passedOver::addAll);
    HeapSegment growing = (HeapSegment) segments.getLast();
    for (Segment segment : segments) {
      if (segment != growing
          && segment instanceof HeapSegment frozen
          && !passedOver.contains(frozen)) {
        Rebuild begun = ofFrozen(maker, frozen, live);
        if (begun != null) {
          return begun;
        }
      }
    }
    if (!passedOver.contains(growing)
        && (SegmentPolicy.isCompactionDue(growing) || maker.isDifferent(growing))) {
      Reservation room = memory.reserve(bytes(maker, List.of(growing), codes));
      return room == null
          ? Rebuild.seal(maker, growing)
          : Rebuild.copy(maker, List.of(growing), false, live, room);
    }
    return maker.layout().isKnown() ? ofSealed(passedOver, maker, segments, live) : null;
  }

  /** Others come first from now on. */
  void failed(Rebuild rebuild) {
    Set<Segment> sources = sources(rebuild);
    failures.remove(sources);
    failures.add(sources);
  }

  void succeeded(Rebuild rebuild) {
    Set<Segment> sources = sources(rebuild);
    failures.removeIf(failed -> !Collections.disjoint(failed, sources));
  }

  /** Whether something failed and has not succeeded since, though it is due. */
  boolean hasFailures() {
    return !failures.isEmpty();
  }

  private static Set<Segment> sources(Rebuild rebuild) {
    return rebuild.sources().stream().map(SegmentView::segment).collect(Collectors.toSet());
  }

  /**
   * Begins to write a full segment on the heap to a file while a rebuild of files goes on, which
   * may take long, one that failed behind others; null when there is none.
   */
  @Nullable Rebuild beside(Rebuild running, SegmentMaker maker, List<Segment> segments) {
    HeapSegment failed = null;
    if (running.isOfFiles()) {
      for (Segment segment : segments.subList(0, segments.size() - 1)) {
        if (segment instanceof HeapSegment frozen
            && maker.hasSameLinks(frozen)
            && !Rebuild.isHeldUp(maker, frozen)) {
          if (!failures.contains(Set.<Segment>of(frozen))) {
            return Rebuild.seal(maker, frozen);
          }
          failed = failed == null ? frozen : failed;
        }
      }
    }
    return failed == null ? null : Rebuild.seal(maker, failed);
  }

  /** Why something can never be as the settings say; empty when it can. */
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** What waits until there is room, which is no reason to worry; empty when nothing does. */
  Optional<String> delay() {
    return Optional.ofNullable(delay);
  }

  /** Null while it waits for links: the segments behind it do not. */
  private @Nullable Rebuild ofFrozen(SegmentMaker maker, HeapSegment frozen, LiveSlots live) {
    // Only links take another copy: a file gets the speed form that is wanted now by itself.
    Reservation room =
        maker.hasSameLinks(frozen) ? null : memory.reserve(bytes(maker, List.of(frozen), null));
    if (room != null) {
      return Rebuild.copy(maker, List.of(frozen), true, live, room);
    }
    return Rebuild.isHeldUp(maker, frozen) ? null : Rebuild.seal(maker, frozen);
  }

  private @Nullable Rebuild ofSealed(
      Set<Segment> passedOver, SegmentMaker maker, List<Segment> segments, LiveSlots live) {
    for (Segment segment : segments) {
      if (segment instanceof SealedSegment && !passedOver.contains(segment)) {
        boolean isDifferent = maker.isDifferent(segment);
        if (isDifferent || SegmentPolicy.isSealedRebuildDue(segment)) {
          Rebuild begun = copyIfRoom(maker, List.of(segment), isDifferent, live);
          if (begun != null) {
            return begun;
          }
        }
      }
    }
    int from = SegmentPolicy.mergeStart(segments, 0, maker.settings());
    while (from >= 0) {
      List<Segment> merged =
          List.copyOf(segments.subList(from, from + SegmentPolicy.MERGE_SEGMENTS));
      if (Collections.disjoint(merged, passedOver)) {
        Rebuild begun = copyIfRoom(maker, merged, false, live);
        if (begun != null) {
          return begun; // Large segments that wait for room keep no small ones from being merged.
        }
      }
      from = SegmentPolicy.mergeStart(segments, from + 1, maker.settings());
    }
    return null;
  }

  private @Nullable Rebuild copyIfRoom(
      SegmentMaker maker, List<Segment> sources, boolean isAskedFor, LiveSlots live) {
    long bytes = bytes(maker, sources, null);
    Reservation room = memory.reserve(bytes);
    if (room != null) {
      return Rebuild.copy(maker, sources, true, live, room);
    }
    boolean canBe = memory.isWithin(bytes);
    String why =
        "building a segment of %d vectors anew takes %d MiB of memory, %s"
            .formatted(
                liveRows(sources),
                bytes >> 20,
                canBe ? "and waits for room" : "more than there can be room for");
    if (isAskedFor && !canBe) {
      refusal = "changed settings wait: " + why;
    } else if (delay == null) {
      delay = why;
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
