package dev.eddy.engine.segment;

import dev.eddy.engine.format.BackgroundTrouble;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a field is being replaced in the background: one thing after the other, and beside a
 * rebuild of files, which may take long, a full segment on its way to its file. What fails is given
 * up and tried again later, behind what has not failed.
 *
 * <p>Owned by the writer.
 */
final class Rebuilds {
  private final RebuildChoice choice;
  private final BackgroundTrouble trouble;
  private final Consumer<Throwable> onFailure;

  private @Nullable Rebuild running;

  /** A full segment on its way to a file beside a rebuild of files. */
  private @Nullable Rebuild sealing;

  /**
   * @param onFailure told of what the process can't go on after
   */
  Rebuilds(String field, SegmentResources resources, Consumer<Throwable> onFailure) {
    this.choice = new RebuildChoice(field, resources.memory());
    this.trouble = new BackgroundTrouble(field, resources.buildPool().nanoClock());
    this.onFailure = onFailure;
  }

  /**
   * Begins what is due, if it is time.
   *
   * @param segments of the field, the last one grows
   * @param codes that the field's rows are to have
   * @return whether the last one is being sealed, so that another is to grow from now on
   */
  boolean begin(
      SegmentMaker maker, List<Segment> segments, @Nullable CodeSettings codes, LiveSlots live) {
    giveWay();
    if (!trouble.mayTry()) {
      return false;
    }
    Rebuild present = running;
    if (present != null) {
      sealing = sealing == null ? choice.beside(present, maker, segments) : sealing;
      return false;
    }
    Rebuild begun = choice.next(maker, segments, codes, live);
    running = begun;
    endTrouble();
    return begun != null && begun.seals((HeapSegment) segments.getLast());
  }

  /** Others go first where linking does not get on; it is tried again meanwhile. */
  private void giveWay() {
    if (running != null && running.isHeldUp()) {
      running.cancel();
      running = null;
    }
    if (sealing != null && sealing.isHeldUp()) {
      sealing.cancel();
      sealing = null;
    }
    if (running == null) {
      running = sealing;
      sealing = null;
    }
  }

  private void endTrouble() {
    if (!choice.hasFailures()) {
      trouble.over();
    }
  }

  /** What is done, each once, to be adopted; null when nothing is. */
  @Nullable Rebuild poll(@Nullable CodeSettings codes) {
    Rebuild done = null;
    if (sealing != null && advance(sealing, codes)) {
      done = sealing;
      sealing = null;
    } else if (running != null && advance(running, codes)) {
      done = running;
      running = null;
    }
    if (running == null) {
      running = sealing;
      sealing = null;
    }
    return done;
  }

  /** Whether all is done; one that fails is given up. */
  private boolean advance(Rebuild present, @Nullable CodeSettings codes) {
    try {
      if (!present.advance(codes)) {
        return false;
      }
      choice.succeeded(present);
      endTrouble();
      return true;
    } catch (IOException | RuntimeException cause) {
      present.cancel();
      running = present == running ? null : running;
      sealing = present == sealing ? null : sealing;
      if (BackgroundTrouble.isTemporary(cause)) {
        choice.failed(present);
        trouble.happened(cause);
      } else {
        onFailure.accept(cause);
      }
      return false;
    }
  }

  /** What is under way; null when nothing is. */
  @Nullable Rebuild running() {
    return running;
  }

  /** Whether something is under way or is to be tried again. */
  boolean isBusy() {
    return running != null || trouble.isGoingOn();
  }

  /** Why nothing succeeds for now, or what was asked for never will; empty when nothing failed. */
  Optional<String> problem() {
    return trouble.reason().or(choice::refusal);
  }

  /** What waits until there is memory for it; empty when nothing does. */
  Optional<String> delay() {
    return choice.delay();
  }

  /** Adds what is on the heap until it is done. */
  void addTo(VectorFieldStats.Sum sum) {
    if (running != null) {
      running.addTo(sum);
    }
  }

  /** Gives up what is under way. */
  void close() {
    if (sealing != null) {
      sealing.cancel();
      sealing = null;
    }
    if (running != null) {
      running.cancel();
      running = null;
    }
  }
}
