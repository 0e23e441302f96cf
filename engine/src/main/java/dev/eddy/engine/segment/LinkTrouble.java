package dev.eddy.engine.segment;

import dev.eddy.engine.format.BackgroundTrouble;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets linking that failed go on, with growing delay. Rows that it does not reach are scanned
 * meanwhile. Owned by the writer.
 */
final class LinkTrouble {
  private final BackgroundTrouble trouble;

  LinkTrouble(String field, LongSupplier nanoClock) {
    this.trouble = new BackgroundTrouble(field, "linking", nanoClock);
  }

  /** Notes what has failed, and resumes it when it is time. */
  void tend(List<Segment> segments) {
    boolean isBehind = false;
    for (Segment segment : segments) {
      if (segment instanceof HeapSegment heap) {
        RuntimeException failure = heap.linker().takeFailure();
        if (failure != null) {
          trouble.happened(failure);
        }
        isBehind |= heap.linker().isBehind();
      }
    }
    if (!isBehind) {
      trouble.over();
    } else if (trouble.mayTry()) {
      resume(segments);
    }
  }

  private static void resume(List<Segment> segments) {
    for (Segment segment : segments) {
      if (segment instanceof HeapSegment heap && heap.linker().isBehind()) {
        heap.linker().resume();
      }
    }
  }

  /** Whether it failed and has not gone beyond that yet. */
  boolean isGoingOn() {
    return trouble.isGoingOn();
  }

  /** Why it failed last time; empty when it did not. */
  Optional<String> reason() {
    return trouble.reason();
  }
}
