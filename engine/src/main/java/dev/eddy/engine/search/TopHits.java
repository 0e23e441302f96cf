package dev.eddy.engine.search;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.OrderValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The best k hits in the contract's order: by score, and among equal scores the larger id first
 * when scores descend, the smaller one when distances ascend. Not thread-safe.
 */
final class TopHits {
  /**
   * A hit: slot and the API's score.
   *
   * @param order the value it is ordered by, or null
   */
  record SlotHit(int slot, float score, @Nullable OrderValue order) {
    SlotHit(int slot, float score) {
      this(slot, score, null);
    }
  }

  /** So many at once are told to the meter of the answer. */
  private static final int COUNTED_HITS = 1_024;

  private final int k;
  private final boolean isDescending;
  private final Comparator<SlotHit> bestFirst;
  private final PriorityQueue<SlotHit> worstOnTop;

  TopHits(int k, boolean isDescending, IntFunction<PointId> ids) {
    this.k = k;
    this.isDescending = isDescending;
    Comparator<SlotHit> ascending =
        (a, b) -> {
          int byScore = Float.compare(a.score(), b.score());
          return byScore != 0 ? byScore : ids.apply(a.slot()).compareTo(ids.apply(b.slot()));
        };
    this.bestFirst = isDescending ? ascending.reversed() : ascending;
    this.worstOnTop = new PriorityQueue<>(bestFirst.reversed());
  }

  void offer(int slot, float score) {
    if (worstOnTop.size() < k) {
      if (worstOnTop.size() % COUNTED_HITS == COUNTED_HITS - 1) {
        AnswerMeter.count((long) COUNTED_HITS * AnswerMeter.HIT_BYTES);
      }
      worstOnTop.add(new SlotHit(slot, score));
      return;
    }
    SlotHit worst = worstOnTop.element();
    if (isDescending ? score < worst.score() : score > worst.score()) {
      return;
    }
    SlotHit hit = new SlotHit(slot, score);
    if (bestFirst.compare(hit, worst) < 0) {
      worstOnTop.remove();
      worstOnTop.add(hit);
    }
  }

  /** How many are kept. */
  int wanted() {
    return k;
  }

  /** Where scores descend: the score below which nothing is a hit any more. */
  float lowest() {
    return worstOnTop.size() < k ? Float.NEGATIVE_INFINITY : worstOnTop.element().score();
  }

  /** The hits, best first. */
  List<SlotHit> best() {
    List<SlotHit> hits = new ArrayList<>(worstOnTop);
    hits.sort(bestFirst);
    return hits;
  }
}
