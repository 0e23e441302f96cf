package dev.eddy.model.query;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of a query's own values, whatever the collection is: one text for every door. */
public final class QueryRules {
  private QueryRules() {}

  /**
   * A broken rule.
   *
   * @param field below the query, with a dot in front
   * @param limit of this node that is exceeded, or null
   */
  public record Broken(String field, String rule, @Nullable Limit limit) {
    /**
     * The refusal.
     *
     * @param path of the query in the request
     */
    public EddyException refusal(String path) {
      EddyException refusal = EddyException.validation(path + field + ": " + rule);
      return limit == null ? refusal : refusal.beyond(limit);
    }
  }

  /** Rules that the query breaks, in the order of its fields. */
  public static List<Broken> broken(Query query) {
    List<Broken> broken = new ArrayList<>();
    switch (query) {
      case Query.Nearest(Example ignored, Query.Mmr mmr) -> {
        if (mmr != null) {
          diversity(mmr, broken);
        }
      }
      case Query.Context(List<Query.Pair> pairs) -> {
        if (pairs.isEmpty()) {
          broken.add(new Broken(".context", "must not be empty", null));
        }
      }
      case Query.Rrf rrf -> {
        if (rrf.k() < 1) {
          broken.add(new Broken(".rrf.k", tooSmall(rrf.k(), "1"), null));
        }
      }
      case Query.Feedback feedback -> feedback(feedback, broken);
      case Query.Recommend ignored -> {}
      case Query.Discover ignored -> {}
      case Query.OrderBy ignored -> {}
      case Query.Dbsf ignored -> {}
      case Query.Sample ignored -> {}
      case Query.Formula ignored -> {}
    }
    return broken;
  }

  private static void diversity(Query.Mmr mmr, List<Broken> broken) {
    if (!(mmr.diversity() >= 0 && mmr.diversity() <= 1)) {
      broken.add(
          new Broken(
              ".mmr.diversity",
              "value %s invalid, must be from 0.0 to 1.0".formatted(mmr.diversity()),
              null));
    }
    Integer candidates = mmr.candidatesLimit();
    if (candidates != null && candidates > Query.Mmr.CANDIDATES_MAX) {
      broken.add(
          new Broken(
              ".mmr.candidates_limit",
              "value %d invalid, must be %d or smaller"
                  .formatted(candidates, Query.Mmr.CANDIDATES_MAX),
              Limit.MMR_CANDIDATES));
    }
  }

  private static void feedback(Query.Feedback feedback, List<Broken> broken) {
    if (feedback.feedback().isEmpty()) {
      broken.add(
          new Broken(".relevance_feedback.feedback", "feedback elements must be non-empty", null));
    }
    String naive = ".relevance_feedback.strategy.naive.";
    finite(naive + "a", feedback.a(), broken);
    // The weights may be negative: then rated points repel, or the target does.
    if (!(feedback.b() >= 0)) {
      broken.add(new Broken(naive + "b", tooSmall(feedback.b(), "0.0"), null));
    }
    finite(naive + "c", feedback.c(), broken);
  }

  private static void finite(String field, float value, List<Broken> broken) {
    if (!Float.isFinite(value)) {
      broken.add(
          new Broken(field, "value %s invalid, must be a finite number".formatted(value), null));
    }
  }

  private static String tooSmall(Number value, String least) {
    return "value " + value + " invalid, must be " + least + " or larger";
  }
}
