package dev.eddy.model.query;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.point.Vector;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a shard ranks its points: a {@link Query} whose examples have been looked up. Similarities
 * are the engine's, in which higher is nearer. Scores are better when larger, but for {@link
 * Nearest} where the distance says otherwise, {@link Ordered} and {@link ById}.
 */
public sealed interface Ranking {
  record Nearest(Vector vector) implements Ranking {}

  /** The best similarity to any positive, or below all of those what is nearest to a negative. */
  record BestScore(List<Vector> positive, List<Vector> negative) implements Ranking {
    public BestScore {
      positive = List.copyOf(positive);
      negative = List.copyOf(negative);
    }
  }

  /** Similarities to the positives less those to the negatives. */
  record SumScores(List<Vector> positive, List<Vector> negative) implements Ranking {
    public SumScores {
      positive = List.copyOf(positive);
      negative = List.copyOf(negative);
    }
  }

  /** Pairs of which the point is on the right side, then nearness to the target. */
  record Discover(Vector target, List<Pair> context) implements Ranking {
    public Discover {
      context = List.copyOf(context);
    }
  }

  /** How far the point is on the wrong side of pairs; 0 is best. */
  record Context(List<Pair> pairs) implements Ranking {
    public Context {
      pairs = List.copyOf(pairs);
    }
  }

  record Pair(Vector positive, Vector negative) {}

  /** {@code factor} times the similarity to the target, plus the weighted differences. */
  record Feedback(Vector target, float factor, List<WeightedPair> pairs) implements Ranking {
    public Feedback {
      pairs = List.copyOf(pairs);
    }
  }

  record WeightedPair(Pair pair, float weight) {}

  /** The value of an expression, for candidates that bring their scores. */
  record Formula(Expression expression, Map<String, JsonValue> defaults) implements Ranking {
    public Formula {
      defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    }
  }

  /** A number drawn for every id: of one seed, always the same. Scores say the order only. */
  record Sample(long seed) implements Ranking {}

  /**
   * By the values of a declared field, each with the score 1; of equal values by id, in the same
   * direction.
   *
   * @param type integer, float or date-time
   */
  record Ordered(Ordering ordering, FieldIndex.Type type) implements Ranking {}

  /** Ascending ids, each with the score 1. */
  enum ById implements Ranking {
    BY_ID
  }
}
