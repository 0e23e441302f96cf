package dev.eddy.engine.search;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.query.FacetHit;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The most frequent values so far; what is kept is metered, and nothing else. One thread. */
final class TopFacets {
  private final int limit;

  /** Without a limit. */
  private final List<FacetHit> all = new ArrayList<>();

  private final PriorityQueue<FacetHit> lastOnTop =
      new PriorityQueue<>(FacetHit.MOST_FIRST.reversed());

  /**
   * @param limit how many; 0 = all
   */
  TopFacets(int limit) {
    this.limit = limit;
  }

  /** Takes the count of a value that was not given before. */
  void add(FacetHit hit) {
    if (limit == 0) {
      AnswerMeter.count(AnswerMeter.HIT_BYTES);
      all.add(hit);
    } else if (lastOnTop.size() < limit) {
      AnswerMeter.count(AnswerMeter.HIT_BYTES);
      lastOnTop.add(hit);
    } else if (FacetHit.MOST_FIRST.compare(hit, lastOnTop.element()) < 0) {
      lastOnTop.remove();
      lastOnTop.add(hit);
    }
  }

  /** In no order. */
  List<FacetHit> hits() {
    return List.copyOf(limit == 0 ? all : lastOnTop);
  }
}
