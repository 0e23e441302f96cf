package dev.eddy.model.query;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.limit.Limit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What points are ranked by, as a client asks for it. Rules on values are checked by planning. */
public sealed interface Query {

  /**
   * The nearest to an example.
   *
   * @param mmr trade nearness against variety, or null
   */
  record Nearest(Example target, @Nullable Mmr mmr) implements Query {}

  /**
   * Maximal marginal relevance (Carbonell and Goldstein, 1998).
   *
   * @param diversity 0 = only nearness counts, 1 = only variety
   * @param candidatesLimit how many of the nearest are considered; null = the query's limit
   */
  record Mmr(float diversity, @Nullable Integer candidatesLimit) {
    public static final float DIVERSITY_DEFAULT = 0.5f;
    public static final int CANDIDATES_MAX = (int) Limit.MMR_CANDIDATES.standard();
  }

  /** Like the positive examples and unlike the negative ones. */
  record Recommend(List<Example> positive, List<Example> negative, Strategy strategy)
      implements Query {
    public Recommend {
      positive = List.copyOf(positive);
      negative = List.copyOf(negative);
    }
  }

  /** How the examples of a recommendation make one score. */
  enum Strategy {
    AVERAGE_VECTOR,
    BEST_SCORE,
    SUM_SCORES
  }

  /** Near to a target, on the positive side of as many pairs as possible. */
  record Discover(Example target, List<Pair> context) implements Query {
    public Discover {
      context = List.copyOf(context);
    }
  }

  /** On the positive side of all pairs. */
  record Context(List<Pair> pairs) implements Query {
    public Context {
      pairs = List.copyOf(pairs);
    }
  }

  record Pair(Example positive, Example negative) {}

  /** Ordered by the values of a payload field. */
  record OrderBy(Ordering ordering) implements Query {}

  /**
   * Reciprocal rank fusion of the prefetches (Cormack, Clarke and Buettcher, 2009).
   *
   * @param weights one per prefetch; empty = all count the same
   */
  record Rrf(int k, List<Float> weights) implements Query {
    public static final int K_DEFAULT = 2;

    public Rrf {
      weights = List.copyOf(weights);
    }
  }

  /** Fusion of the prefetches by how far a score is above the mean of its list. */
  enum Dbsf implements Query {
    DBSF
  }

  /** Some points, by chance. */
  enum Sample implements Query {
    RANDOM
  }

  /**
   * A score computed for every point of the prefetches.
   *
   * @param defaults values of variables that a point does not have
   */
  record Formula(Expression expression, Map<String, JsonValue> defaults) implements Query {
    public Formula {
      defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    }
  }

  /**
   * Near to a target, moved by how well earlier answers were rated.
   *
   * @param feedback not empty
   * @param a weight of the target
   * @param b exponent of the difference between two ratings
   * @param c weight of the ratings
   */
  record Feedback(Example target, List<Rated> feedback, float a, float b, float c)
      implements Query {
    public Feedback {
      feedback = List.copyOf(feedback);
    }
  }

  record Rated(Example example, float score) {}
}
