package dev.eddy.controller;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.MetaChange.GenerationSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What is remembered of dropped generations, and for how long: where the inbox ended, as long as it
 * can hold a record from before. Used by the controller's thread.
 */
final class DroppedGenerations {
  private final Office office;
  private final Logs logs;

  DroppedGenerations(Office office, Logs logs) {
    this.office = office;
    this.logs = logs;
  }

  /**
   * Records where the inbox ended for what was dropped and does not say it yet. Tried again until
   * it succeeds: until then ingests hold back what came for those collections.
   */
  void settle() {
    List<Generation> open =
        office.generations(Generation.State.DROPPED).stream()
            .filter(generation -> generation.droppedAt().isEmpty())
            .toList();
    if (!open.isEmpty()) {
      InboxEnds ends = logs.inboxEnds();
      office.decide(
          open.stream()
              .<MetaChange>map(generation -> new GenerationSet(generation.droppedAt(ends)))
              .toList());
    }
  }

  /** Forgets those of which the inbox can hold no record any more. */
  void forget() {
    List<Generation> dropped = office.generations(Generation.State.DROPPED);
    if (dropped.isEmpty()) {
      return;
    }
    InboxEnds starts = logs.inboxStarts();
    List<MetaChange> forgotten = new ArrayList<>();
    for (Generation generation : dropped) {
      if (generation.droppedAt().map(ends -> isBelow(ends, starts)).orElse(false)) {
        forgotten.add(
            new MetaChange.GenerationForgotten(generation.collectionId(), generation.generation()));
      }
    }
    if (!forgotten.isEmpty()) {
      office.decide(forgotten);
    }
  }

  /** Whether the inbox begins at or behind these ends, or is another topic by now. */
  private static boolean isBelow(InboxEnds ends, InboxEnds starts) {
    if (!ends.topicId().equals(starts.topicId())) {
      return true;
    }
    for (int partition = 0; partition < ends.offsets().size(); partition++) {
      boolean isKnown = partition < starts.offsets().size();
      if (!isKnown || starts.offsets().get(partition) < ends.offsets().get(partition)) {
        return false;
      }
    }
    return true;
  }
}
