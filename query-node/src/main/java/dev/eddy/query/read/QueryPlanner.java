package dev.eddy.query.read;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes plans of queries that passed {@link QueryCheck}, with their examples' vectors at hand.
 * Decides nothing by chance: samples are drawn by the seed that it is given.
 */
final class QueryPlanner {
  private final CollectionSpec spec;
  private final Examples examples;
  private final IdfWeights idf;
  private final long seed;

  QueryPlanner(CollectionSpec spec, Examples examples, IdfWeights idf, long seed) {
    this.spec = spec;
    this.examples = examples;
    this.idf = idf;
    this.seed = seed;
  }

  /** One level of a query with the filters of those around it. */
  private record Level(
      List<Prefetch> prefetch,
      @Nullable Query query,
      String using,
      @Nullable Filter filter,
      SearchParams params,
      int limit,
      @Nullable Float threshold,
      @Nullable LookupLocation lookup) {}

  /**
   * The plan of a query.
   *
   * @param asked an offset of a sample has no effect
   * @param excluded its examples, see {@link QueryPlan}
   */
  QueryPlan plan(int index, PointQuery asked, Set<PointId> excluded) {
    boolean isDrawn = asked.query() == Query.Sample.RANDOM;
    // What is drawn by chance has no order that an offset could be a place in.
    PointQuery query = isDrawn ? asked.withWindow(asked.limit(), 0) : asked;
    Level level =
        new Level(
            query.prefetch(),
            query.query(),
            query.using(),
            query.filter(),
            query.params(),
            (int) Math.min((long) query.limit() + query.offset(), Integer.MAX_VALUE),
            query.scoreThreshold(),
            query.lookupFrom());
    boolean isScored =
        query.query() != null && !isDrawn && !(query.query() instanceof Query.OrderBy);
    return new QueryPlan(index, query, node(level), excluded, isScored);
  }

  private PlanNode node(Level level) {
    List<PlanNode> sources = new ArrayList<>();
    for (Prefetch each : level.prefetch()) {
      sources.add(
          node(
              new Level(
                  each.prefetch(),
                  each.query(),
                  each.using(),
                  both(level.filter(), each.filter()),
                  each.params(),
                  each.limit(),
                  each.scoreThreshold(),
                  each.lookupFrom())));
    }
    return switch (level.query()) {
      case null -> ranked(level, Ranking.ById.BY_ID, HitOrder.SCORES_ASCENDING, sources);
      case Query.Nearest(Example target, Query.@Nullable Mmr mmr) ->
          nearest(level, target, mmr, sources);
      case Query.Recommend recommend -> recommend(level, recommend, sources);
      case Query.Discover(Example target, List<Query.Pair> context) ->
          custom(
              level, new Ranking.Discover(vector(level, target), pairs(level, context)), sources);
      case Query.Context(List<Query.Pair> pairs) ->
          custom(level, new Ranking.Context(pairs(level, pairs)), sources);
      case Query.OrderBy(Ordering ordering) -> ordered(level, ordering, sources);
      case Query.Rrf rrf ->
          new PlanNode.FusedByRank(rrf, level.limit(), level.threshold(), sources);
      case Query.Dbsf ignored ->
          new PlanNode.FusedByScore(level.limit(), level.threshold(), sources);
      case Query.Sample ignored -> custom(level, new Ranking.Sample(seed), sources);
      case Query.Formula(var expression, var defaults) ->
          custom(level, new Ranking.Formula(expression, defaults), sources);
      case Query.Feedback feedback -> custom(level, feedback(level, feedback), sources);
    };
  }

  private PlanNode.Ranked ranked(
      Level level, Ranking ranking, HitOrder order, List<PlanNode> sources) {
    return new PlanNode.Ranked(
        idf.weighted(level.using(), level.params(), ranking),
        level.using(),
        level.filter(),
        level.params().forShards(),
        level.limit(),
        level.threshold(),
        order,
        sources);
  }

  /** Scores that are always better when larger. */
  private PlanNode custom(Level level, Ranking ranking, List<PlanNode> sources) {
    return ranked(level, ranking, HitOrder.SCORES_DESCENDING, sources);
  }

  private PlanNode nearest(
      Level level, Example target, Query.@Nullable Mmr mmr, List<PlanNode> sources) {
    return nearest(level, vector(level, target), mmr, sources);
  }

  private PlanNode nearest(
      Level level, Vector vector, Query.@Nullable Mmr mmr, List<PlanNode> sources) {
    Distance distance = QueryCheck.distanceOf(spec, level.using());
    HitOrder order = HitOrder.ofScores(distance.isDescending());
    PlanNode.Ranked nearest = ranked(level, new Ranking.Nearest(vector), order, sources);
    if (mmr == null) {
      return nearest;
    }
    Integer asked = mmr.candidatesLimit();
    int candidates = Math.max(1, asked == null ? level.limit() : asked);
    return new PlanNode.Diverse(
        new PlanNode.Ranked(
            nearest.ranking(),
            level.using(),
            level.filter(),
            level.params().forShards(),
            Math.min(candidates, Query.Mmr.CANDIDATES_MAX),
            level.threshold(),
            order,
            sources),
        distance,
        mmr.diversity(),
        level.limit());
  }

  private PlanNode ordered(Level level, Ordering ordering, List<PlanNode> sources) {
    HitOrder order =
        ordering.isDescending() ? HitOrder.VALUES_DESCENDING : HitOrder.VALUES_ASCENDING;
    FieldIndex.Type type = DeclaredFields.ordering(spec, ordering.key());
    return ranked(level, new Ranking.Ordered(ordering, type), order, sources);
  }

  private PlanNode recommend(Level level, Query.Recommend recommend, List<PlanNode> sources) {
    List<Vector> positive = vectors(level, recommend.positive());
    List<Vector> negative = vectors(level, recommend.negative());
    return switch (recommend.strategy()) {
      case AVERAGE_VECTOR ->
          nearest(level, VectorMath.recommended(positive, negative), null, sources);
      case BEST_SCORE -> custom(level, new Ranking.BestScore(positive, negative), sources);
      case SUM_SCORES -> custom(level, new Ranking.SumScores(positive, negative), sources);
    };
  }

  /** Every two ratings of which one is better make a pair. */
  private Ranking feedback(Level level, Query.Feedback feedback) {
    List<Ranking.WeightedPair> pairs = new ArrayList<>();
    List<Query.Rated> rated = feedback.feedback();
    List<Vector> vectors = vectors(level, rated.stream().map(Query.Rated::example).toList());
    for (int better = 0; better < rated.size(); better++) {
      for (int worse = 0; worse < rated.size(); worse++) {
        float confidence = rated.get(better).score() - rated.get(worse).score();
        if (confidence > 0) {
          float weight = (float) Math.pow(confidence, feedback.b()) * feedback.c();
          pairs.add(
              new Ranking.WeightedPair(
                  new Ranking.Pair(vectors.get(better), vectors.get(worse)), weight));
        }
      }
    }
    return new Ranking.Feedback(vector(level, feedback.target()), feedback.a(), pairs);
  }

  private Vector vector(Level level, Example example) {
    Vector vector = examples.vector(example, level.using(), level.lookup());
    // A looked up vector may be one of another shape.
    QueryCheck.vector("query", spec, level.using(), vector);
    return vector;
  }

  private List<Vector> vectors(Level level, List<Example> of) {
    return of.stream().map(example -> vector(level, example)).toList();
  }

  private List<Ranking.Pair> pairs(Level level, List<Query.Pair> pairs) {
    return pairs.stream()
        .map(pair ->
            new Ranking.Pair(vector(level, pair.positive()), vector(level, pair.negative())))
        .toList();
  }

  /** What passes both filters; as flat as can be, as nesting is limited. */
  static @Nullable Filter both(@Nullable Filter outer, @Nullable Filter inner) {
    if (outer == null || inner == null) {
      return outer == null ? inner : outer;
    }
    List<Condition> must = new ArrayList<>(outer.must());
    must.addAll(inner.must());
    List<Condition> mustNot = new ArrayList<>(outer.mustNot());
    mustNot.addAll(inner.mustNot());
    List<Condition> should = outer.shouldClause().orElse(null);
    List<Condition> innerShould = inner.shouldClause().orElse(null);
    if (should == null || should.isEmpty()) {
      should = innerShould;
    } else if (innerShould != null && !innerShould.isEmpty()) {
      must.add(new Condition.Sub(new Filter(List.of(), innerShould, List.of(), null)));
    }
    Filter.MinShould minShould = outer.minShouldClause().orElse(null);
    Filter.MinShould innerMin = inner.minShouldClause().orElse(null);
    if (minShould == null) {
      minShould = innerMin;
    } else if (innerMin != null) {
      must.add(new Condition.Sub(new Filter(List.of(), null, List.of(), innerMin)));
    }
    return new Filter(must, should, mustNot, minShould);
  }
}
