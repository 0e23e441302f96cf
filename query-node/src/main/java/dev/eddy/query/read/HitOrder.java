package dev.eddy.query.read;

import dev.eddy.model.query.OrderValue;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.Comparator;

/** How hits follow each other; of equals the ids decide, in the same direction. */
enum HitOrder {
  /** Larger scores first. */
  SCORES_DESCENDING(byScore().reversed()),
  /** Smaller scores first: distances. */
  SCORES_ASCENDING(byScore()),
  /** Larger values of the field first. */
  VALUES_DESCENDING(byValue().reversed()),
  /** Smaller values of the field first. */
  VALUES_ASCENDING(byValue());

  private final Comparator<Merged> firstFirst;

  HitOrder(Comparator<Merged> firstFirst) {
    this.firstFirst = firstFirst;
  }

  Comparator<Merged> firstFirst() {
    return firstFirst;
  }

  static HitOrder ofScores(boolean isDescending) {
    return isDescending ? SCORES_DESCENDING : SCORES_ASCENDING;
  }

  private static Comparator<Merged> byScore() {
    return (a, b) -> {
      int byScore = Float.compare(a.score(), b.score());
      return byScore != 0 ? byScore : a.hit().id().compareTo(b.hit().id());
    };
  }

  private static Comparator<Merged> byValue() {
    return (a, b) -> {
      int byValue = valueOf(a).compareTo(valueOf(b));
      return byValue != 0 ? byValue : a.hit().id().compareTo(b.hit().id());
    };
  }

  private static OrderValue valueOf(Merged hit) {
    OrderValue value = hit.hit().order();
    if (value == null) {
      throw new IllegalStateException("a hit without a value among ordered ones");
    }
    return value;
  }
}
