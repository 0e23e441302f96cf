package dev.eddy.engine.segment;

import java.util.List;

/**
 * What maintenance is due. Each further graph costs a search almost as much as the first, and dead
 * rows cost it a part of its beam; both are weighed against rebuilding a graph.
 */
final class SegmentPolicy {
  /** Sealed neighbours of similar size that are joined into one. */
  static final int MERGE_SEGMENTS = 4;

  /** The largest of merged neighbours is at most this many times the smallest. */
  static final int MERGE_SIZE_RATIO = 4;

  /** A sealed segment with this part of its rows dead is rebuilt. */
  static final double SEALED_DEAD_RATIO = 0.3;

  /** A growing segment with this part of its rows dead is rebuilt. */
  static final double GROWING_DEAD_RATIO = 0.5;

  /** A growing segment with fewer dead rows is left alone. */
  static final int GROWING_DEAD_MIN = 4_000;

  private SegmentPolicy() {}

  static boolean isCompactionDue(HeapSegment growing) {
    int dead = growing.deadRows();
    return dead >= GROWING_DEAD_MIN && dead >= GROWING_DEAD_RATIO * growing.rowCount();
  }

  static boolean isSealedRebuildDue(Segment sealed) {
    return sealed.deadRows() > SEALED_DEAD_RATIO * sealed.rowCount();
  }

  /**
   * The first of {@link #MERGE_SEGMENTS} neighbours to be merged; -1 when there are none.
   *
   * @param first those before it are not asked for
   */
  static int mergeStart(List<Segment> segments, int first, VectorFieldSettings settings) {
    for (int from = first; from + MERGE_SEGMENTS <= segments.size(); from++) {
      if (isMergeable(segments.subList(from, from + MERGE_SEGMENTS), settings)) {
        return from;
      }
    }
    return -1;
  }

  private static boolean isMergeable(List<Segment> run, VectorFieldSettings settings) {
    long total = 0;
    int smallest = Integer.MAX_VALUE;
    int largest = 0;
    boolean hasGraph = run.getFirst().graph() != null;
    for (Segment segment : run) {
      // A graph that is to stay would have what has none linked to it, which is not wanted now.
      boolean isOtherKind = settings.isScannedForGood() && (segment.graph() != null) != hasGraph;
      if (!(segment instanceof SealedSegment) || isOtherKind) {
        return false;
      }
      total += segment.rowCount();
      smallest = Math.min(smallest, segment.rowCount());
      largest = Math.max(largest, segment.rowCount());
    }
    return total <= settings.mergeRows() && largest <= (long) MERGE_SIZE_RATIO * smallest;
  }
}
