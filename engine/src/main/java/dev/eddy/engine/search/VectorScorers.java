package dev.eddy.engine.search;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Ranking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scores made of the similarities of a slot to several vectors. Stateless; scorers are not. */
final class VectorScorers {
  /** A point must be nearer to the positive by more than this: the step of float32 at 1. */
  private static final float CONTEXT_MARGIN = Math.ulp(1f);

  private VectorScorers() {}

  /** The API's score of the nearest search. */
  static SlotScorer nearest(NamedVectors field, Vector vector) {
    Metric metric = field.metric();
    NamedVectors.Scorer similarity = field.scorer(vector);
    return (slots, count, scores) -> {
      similarity.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        scores[i] = metric.toScore(scores[i]);
      }
    };
  }

  /** The same scores of what is indexed alone. */
  static SlotScorer indexedOnly(NamedVectors field, SlotScorer scorer) {
    return (slots, count, scores) -> {
      scorer.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        if (!field.isIndexed(slots[i])) {
          scores[i] = Float.NaN;
        }
      }
    };
  }

  /**
   * The engine's similarity: higher is nearer. Sparse vectors that share no index have the product
   * 0 here.
   */
  private static SlotScorer similarity(NamedVectors field, Vector vector) {
    NamedVectors.Scorer scorer = field.scorer(vector);
    if (!(field instanceof SparseVectors)) {
      return scorer::score;
    }
    return (slots, count, scores) -> {
      scorer.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        if (Float.isNaN(scores[i]) && field.contains(slots[i])) {
          scores[i] = 0f;
        }
      }
    };
  }

  private static List<SlotScorer> similarities(NamedVectors field, List<Vector> vectors) {
    return vectors.stream().map(vector -> similarity(field, vector)).toList();
  }

  static SlotScorer bestScore(NamedVectors field, Ranking.BestScore ranking) {
    List<SlotScorer> positive = similarities(field, ranking.positive());
    List<SlotScorer> negative = similarities(field, ranking.negative());
    float[] best = new float[SlotBatch.SLOTS_MAX];
    float[] worst = new float[SlotBatch.SLOTS_MAX];
    float[] each = new float[SlotBatch.SLOTS_MAX];
    return (slots, count, scores) -> {
      largest(positive, slots, count, each, best);
      largest(negative, slots, count, each, worst);
      for (int i = 0; i < count; i++) {
        scores[i] =
            Float.isNaN(best[i]) || Float.isNaN(worst[i])
                ? Float.NaN
                : best[i] > worst[i] ? squashedToUnit(best[i]) : -squashedToUnit(worst[i]);
      }
    };
  }

  private static void largest(
      List<SlotScorer> of, int[] slots, int count, float[] each, float[] largest) {
    Arrays.fill(largest, 0, count, Float.NEGATIVE_INFINITY);
    for (SlotScorer scorer : of) {
      scorer.score(slots, count, each);
      for (int i = 0; i < count; i++) {
        largest[i] = Math.max(largest[i], each[i]);
      }
    }
  }

  static SlotScorer sumScores(NamedVectors field, Ranking.SumScores ranking) {
    List<SlotScorer> positive = similarities(field, ranking.positive());
    List<SlotScorer> negative = similarities(field, ranking.negative());
    float[] each = new float[SlotBatch.SLOTS_MAX];
    float[] against = new float[SlotBatch.SLOTS_MAX];
    return (slots, count, scores) -> {
      sum(positive, slots, count, each, scores);
      sum(negative, slots, count, each, against);
      for (int i = 0; i < count; i++) {
        scores[i] -= against[i];
      }
    };
  }

  private static void sum(List<SlotScorer> of, int[] slots, int count, float[] each, float[] sums) {
    Arrays.fill(sums, 0, count, 0f);
    for (SlotScorer scorer : of) {
      scorer.score(slots, count, each);
      for (int i = 0; i < count; i++) {
        sums[i] += each[i];
      }
    }
  }

  static SlotScorer discover(NamedVectors field, Ranking.Discover ranking) {
    SlotScorer target = similarity(field, ranking.target());
    Sides sides = new Sides(field, ranking.context());
    return (slots, count, scores) -> {
      target.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        scores[i] = squashedToUnit(scores[i]);
      }
      sides.each(
          slots,
          count,
          (pair, i, positive, negative) ->
              scores[i] += positive > negative ? 1 : positive < negative ? -1 : 0);
    };
  }

  static SlotScorer context(NamedVectors field, Ranking.Context ranking) {
    Sides sides = new Sides(field, ranking.pairs());
    return (slots, count, scores) -> {
      Arrays.fill(scores, 0, count, 0f);
      sides.each(
          slots,
          count,
          (pair, i, positive, negative) ->
              scores[i] += squashed(Math.min(positive - negative - CONTEXT_MARGIN, 0f)));
    };
  }

  static SlotScorer feedback(NamedVectors field, Ranking.Feedback ranking) {
    SlotScorer target = similarity(field, ranking.target());
    List<Ranking.WeightedPair> pairs = ranking.pairs();
    Sides sides = new Sides(field, pairs.stream().map(Ranking.WeightedPair::pair).toList());
    return (slots, count, scores) -> {
      target.score(slots, count, scores);
      for (int i = 0; i < count; i++) {
        scores[i] *= ranking.factor();
      }
      sides.each(
          slots,
          count,
          (pair, i, positive, negative) ->
              scores[i] += pairs.get(pair).weight() * (positive - negative));
    };
  }

  /** Takes the similarities of the i-th slot to both sides of a pair. */
  private interface SideConsumer {
    void take(int pair, int i, float positive, float negative);
  }

  /** Similarities to pairs. One thread. */
  private static final class Sides {
    private final List<SlotScorer> positive = new ArrayList<>();
    private final List<SlotScorer> negative = new ArrayList<>();
    private final float[] nearTo = new float[SlotBatch.SLOTS_MAX];
    private final float[] farFrom = new float[SlotBatch.SLOTS_MAX];

    Sides(NamedVectors field, List<Ranking.Pair> pairs) {
      for (Ranking.Pair pair : pairs) {
        positive.add(similarity(field, pair.positive()));
        negative.add(similarity(field, pair.negative()));
      }
    }

    void each(int[] slots, int count, SideConsumer consumer) {
      for (int pair = 0; pair < positive.size(); pair++) {
        positive.get(pair).score(slots, count, nearTo);
        negative.get(pair).score(slots, count, farFrom);
        for (int i = 0; i < count; i++) {
          consumer.take(pair, i, nearTo[i], farFrom[i]);
        }
      }
    }
  }

  /** Into (-1, 1), in order. */
  private static float squashed(float x) {
    return Float.isInfinite(x) ? Math.signum(x) : x / (1f + Math.abs(x));
  }

  /** Into (0, 1), in order. */
  private static float squashedToUnit(float x) {
    return 0.5f * (squashed(x) + 1f);
  }
}
