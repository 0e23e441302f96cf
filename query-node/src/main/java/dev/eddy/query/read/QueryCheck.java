package dev.eddy.query.read;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.QueryRules;
import dev.eddy.model.query.SearchParams;
import dev.eddy.proto.mapping.FilterMessages;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of queries that no data is needed for. Broken rules are named relative to the query.
 */
final class QueryCheck {
  /**
   * Expressions inside each other, and filters in their conditions: together they stay below what
   * protobuf reads.
   */
  static final int EXPRESSION_DEPTH_MAX = (int) Limit.FORMULA_DEPTH.standard();

  static final int CONDITION_DEPTH_MAX = (int) Limit.FORMULA_FILTER_DEPTH.standard();

  private final CollectionSpec spec;

  private QueryCheck(CollectionSpec spec) {
    this.spec = spec;
  }

  static void check(CollectionSpec spec, PointQuery query) {
    QueryCheck check = new QueryCheck(spec);
    check.level(
        "",
        new Level(
            query.prefetch(),
            query.query(),
            query.using(),
            query.params(),
            query.limit(),
            query.scoreThreshold()));
    check.prefetches("", query.prefetch());
  }

  /** How vectors of a name are compared; sparse ones by their dot product. */
  static Distance distanceOf(CollectionSpec spec, String using) {
    if (spec.sparseVectors().containsKey(using)) {
      return Distance.DOT;
    }
    VectorParams params = spec.vectors().get(using);
    if (params == null) {
      throw EddyException.wrongInput("Not existing vector name error: " + using);
    }
    return params.distance();
  }

  /** What a query and a prefetch have in common. */
  private record Level(
      List<Prefetch> prefetch,
      @Nullable Query query,
      String using,
      SearchParams params,
      int limit,
      @Nullable Float threshold) {}

  private void prefetches(String path, List<Prefetch> prefetches) {
    for (int i = 0; i < prefetches.size(); i++) {
      Prefetch each = prefetches.get(i);
      String place = path + "prefetch[" + i + "].";
      level(
          place,
          new Level(
              each.prefetch(),
              each.query(),
              each.using(),
              each.params(),
              each.limit(),
              each.scoreThreshold()));
      prefetches(place, each.prefetch());
    }
  }

  private void level(String path, Level level) {
    if (level.limit() < 1) {
      throw tooSmall(path + "limit", level.limit(), "1");
    }
    Integer ef = level.params().hnswEf();
    if (ef != null && ef < 1) {
      throw tooSmall(path + "params.hnsw_ef", ef, "1");
    }
    Query query = level.query();
    if (query == null) {
      withoutQuery(level);
      return;
    }
    String place = path + "query";
    for (QueryRules.Broken broken : QueryRules.broken(query)) {
      throw broken.refusal(place);
    }
    switch (query) {
      case Query.Nearest nearest -> examples(place, level, Stream.of(nearest.target()));
      case Query.Recommend recommend -> recommend(place, recommend, level);
      case Query.Discover(Example target, List<Query.Pair> context) -> {
        examples(place, level, Stream.concat(Stream.of(target), sides(context)));
      }
      case Query.Context(List<Query.Pair> pairs) -> examples(place, level, sides(pairs));
      case Query.OrderBy order -> {
        if (level.threshold() != null) {
          throw EddyException.badRequest("Can't use score_threshold with an order_by query.");
        }
        var _ = DeclaredFields.ordering(spec, order.ordering().key());
      }
      case Query.Rrf rrf -> rrf(rrf, level);
      case Query.Dbsf ignored -> fusion(level);
      case Query.Sample ignored -> {
        if (level.threshold() != null) {
          throw EddyException.badRequest("Can't use score_threshold with a sample query.");
        }
      }
      case Query.Formula(Expression expression, var ignored) -> {
        needsPrefetch(level, "Formula");
        expression(place + ".formula", expression, 1);
      }
      case Query.Feedback feedback -> feedback(place, feedback, level);
    }
  }

  private static void withoutQuery(Level level) {
    if (!level.prefetch().isEmpty()) {
      throw EddyException.badRequest(
          "A query is needed to merge the prefetches. Can't have prefetches without defining a"
              + " query.");
    }
    if (level.threshold() != null) {
      throw EddyException.badRequest(
          "A query is needed to use the score_threshold. Can't have score_threshold without"
              + " defining a query.");
    }
  }

  private void recommend(String path, Query.Recommend recommend, Level level) {
    boolean isAverage = recommend.strategy() == Query.Strategy.AVERAGE_VECTOR;
    if (recommend.positive().isEmpty() && (isAverage || recommend.negative().isEmpty())) {
      throw EddyException.badRequest(
          "At least one positive "
              + (isAverage ? "" : "or negative ")
              + "vector ID required with this strategy");
    }
    examples(
        path, level, Stream.concat(recommend.positive().stream(), recommend.negative().stream()));
  }

  private void feedback(String path, Query.Feedback feedback, Level level) {
    examples(
        path,
        level,
        Stream.concat(
            Stream.of(feedback.target()), feedback.feedback().stream().map(Query.Rated::example)));
  }

  private static void rrf(Query.Rrf rrf, Level level) {
    fusion(level);
    if (!rrf.weights().isEmpty() && rrf.weights().size() != level.prefetch().size()) {
      throw EddyException.badRequest(
          "RRF weights length (%d) does not match number of prefetches (%d)"
              .formatted(rrf.weights().size(), level.prefetch().size()));
    }
  }

  private static void fusion(Level level) {
    if (!level.using().isEmpty()) {
      throw EddyException.badRequest("Fusion queries cannot be combined with the 'using' field.");
    }
    needsPrefetch(level, "Fusion");
  }

  private static void needsPrefetch(Level level, String what) {
    if (level.prefetch().isEmpty()) {
      throw EddyException.wrongInput(
          "Validation failed: cannot apply " + what + " without prefetches");
    }
  }

  private static Stream<Example> sides(List<Query.Pair> pairs) {
    return pairs.stream().flatMap(pair -> Stream.of(pair.positive(), pair.negative()));
  }

  private void examples(String path, Level level, Stream<Example> examples) {
    var _ = distanceOf(spec, level.using());
    if (level.params().idfCorpus() != null && !IdfWeights.isWeighted(spec, level.using())) {
      throw EddyException.wrongInput(
          "search param `idf` requires a sparse vector with the `idf` modifier, but '%s' is none"
              .formatted(level.using()));
    }
    examples.forEach(example -> {
      if (example instanceof Example.ByVector(Vector vector)) {
        vector(path, spec, level.using(), vector);
      }
    });
  }

  /** Checks a vector against the field that it is compared with. */
  static void vector(String path, CollectionSpec spec, String using, Vector vector) {
    VectorRules.problem(spec, using, vector)
        .ifPresent(problem -> {
          throw VectorRules.refusal(problem, path);
        });
  }

  private static void expression(String path, Expression expression, int depth) {
    if (depth > EXPRESSION_DEPTH_MAX) {
      throw EddyException.validation(
              "%s: expressions nested %d deep invalid, must be at most %d"
                  .formatted(path, depth, EXPRESSION_DEPTH_MAX))
          .beyond(Limit.FORMULA_DEPTH);
    }
    switch (expression) {
      case Expression.Constant c -> {}
      case Expression.Score s -> {}
      case Expression.Field f -> {}
      case Expression.GeoDistance g -> {}
      case Expression.Moment m -> {}
      case Expression.MomentField m -> {}
      case Expression.Check(var condition) -> {
        int filters = FilterMessages.depth(dev.eddy.model.filter.Filter.must(condition));
        if (filters > CONDITION_DEPTH_MAX) {
          throw EddyException.validation(
                  "%s: filters nested %d deep invalid, must be at most %d"
                      .formatted(path, filters, CONDITION_DEPTH_MAX))
              .beyond(Limit.FORMULA_FILTER_DEPTH);
        }
      }
      case Expression.Product(List<Expression> factors) -> all(path, factors, depth);
      case Expression.Sum(List<Expression> terms) -> all(path, terms, depth);
      case Expression.Quotient quotient ->
          all(path, List.of(quotient.left(), quotient.right()), depth);
      case Expression.Power power -> all(path, List.of(power.base(), power.exponent()), depth);
      case Expression.Applied applied -> expression(path, applied.to(), depth + 1);
      case Expression.Decay decay -> decay(path, decay, depth);
    }
  }

  private static void all(String path, List<Expression> expressions, int depth) {
    expressions.forEach(each -> expression(path, each, depth + 1));
  }

  private static void decay(String path, Expression.Decay decay, int depth) {
    if (!(decay.midpoint() > 0 && decay.midpoint() < 1)) {
      throw EddyException.validation(
          "%s: midpoint: value %s invalid, must be between 0.0 and 1.0"
              .formatted(path, decay.midpoint()));
    }
    if (!(decay.scale() > 0 && Double.isFinite(decay.scale()))) {
      throw EddyException.validation(
          "%s: scale: value %s invalid, must be greater than 0.0".formatted(path, decay.scale()));
    }
    expression(path, decay.x(), depth + 1);
    Expression target = decay.target();
    if (target != null) {
      expression(path, target, depth + 1);
    }
  }

  private static EddyException tooSmall(String path, Number value, String least) {
    return EddyException.validation(
        path + ": value " + value + " invalid, must be " + least + " or larger");
  }
}
