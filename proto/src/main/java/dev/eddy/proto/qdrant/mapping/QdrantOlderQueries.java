package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.MatrixQuery;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Query;
import dev.eddy.proto.qdrant.ContextExamplePair;
import dev.eddy.proto.qdrant.DiscoverPoints;
import dev.eddy.proto.qdrant.FacetCounts;
import dev.eddy.proto.qdrant.QueryPointGroups;
import dev.eddy.proto.qdrant.RecommendPointGroups;
import dev.eddy.proto.qdrant.RecommendPoints;
import dev.eddy.proto.qdrant.SearchMatrixPoints;
import dev.eddy.proto.qdrant.SearchPointGroups;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorExample;
import dev.eddy.proto.qdrant.WithLookup;
import dev.eddy.text.inference.Purpose;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queries by groups, the older recommendations and discoveries, facets and matrices as clients send
 * them.
 */
public final class QdrantOlderQueries {
  private QdrantOlderQueries() {}

  /** A recommendation of the older form; its limit is required. */
  public static PointQuery recommend(RecommendPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return new PointQuery(
        List.of(),
        new Query.Recommend(
            examples(message.getPositiveList(), message.getPositiveVectorsList(), "positive"),
            examples(message.getNegativeList(), message.getNegativeVectorsList(), "negative"),
            QdrantQueryKinds.strategy(message.getStrategy(), "strategy")),
        message.getUsing(),
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
        QdrantQueries.params(message.getParams()),
        Rules.atLeast(1, message.getLimit(), "limit"),
        Rules.atLeast(0, message.getOffset(), "offset"),
        QdrantQueries.threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
        QdrantQueries.lookup(message.hasLookupFrom(), message.getLookupFrom()),
        QdrantPoints.selector(
            message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
        QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
  }

  private static List<Example> examples(
      List<dev.eddy.proto.qdrant.PointId> ids, List<Vector> vectors, String path) {
    List<Example> examples = new ArrayList<>(ids.size() + vectors.size());
    for (PointId id : QdrantPoints.ids(ids, path)) {
      examples.add(new Example.ById(id));
    }
    for (int i = 0; i < vectors.size(); i++) {
      examples.add(byVector(vectors.get(i), path + "_vectors[" + i + "]"));
    }
    return examples;
  }

  private static Example byVector(Vector message, String path) {
    return switch (QdrantPoints.vector(message, Purpose.ASKED, path)) {
      case dev.eddy.model.point.Vector.Dense(float[] values) ->
          QdrantQueryKinds.byVector(values, path);
      case dev.eddy.model.point.Vector.Sparse sparse -> new Example.ByVector(sparse);
      case dev.eddy.model.point.Vector.Multi multi -> new Example.ByVector(multi);
    };
  }

  /** A discovery of the older form; its limit is required. */
  public static PointQuery discover(DiscoverPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    List<Query.Pair> context = new ArrayList<>(message.getContextCount());
    for (ContextExamplePair pair : message.getContextList()) {
      String place = "context[" + context.size() + "]";
      context.add(
          new Query.Pair(
              example(pair.getPositive(), place + ".positive"),
              example(pair.getNegative(), place + ".negative")));
    }
    return new PointQuery(
        List.of(),
        discovery(message, context),
        message.getUsing(),
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
        QdrantQueries.params(message.getParams()),
        Rules.atLeast(1, message.getLimit(), "limit"),
        Rules.atLeast(0, message.getOffset(), "offset"),
        null,
        QdrantQueries.lookup(message.hasLookupFrom(), message.getLookupFrom()),
        QdrantPoints.selector(
            message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
        QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
  }

  private static Query discovery(DiscoverPoints message, List<Query.Pair> context) {
    if (!message.hasTarget()) {
      if (context.isEmpty()) {
        throw EddyException.badRequest("No target or context provided");
      }
      return new Query.Context(context);
    }
    return switch (message.getTarget().getTargetCase()) {
      case SINGLE ->
          new Query.Discover(example(message.getTarget().getSingle(), "target.single"), context);
      case TARGET_NOT_SET -> throw Rules.unset("target");
    };
  }

  private static Example example(VectorExample message, String path) {
    return switch (message.getExampleCase()) {
      case ID -> new Example.ById(QdrantPoints.id(message.getId(), path + ".id"));
      case VECTOR -> byVector(message.getVector(), path + ".vector");
      case EXAMPLE_NOT_SET -> throw Rules.unset(path);
    };
  }

  /** A query by groups. */
  public static GroupQuery groups(QueryPointGroups message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    PointQuery query =
        new PointQuery(
            QdrantQueries.prefetches(message.getPrefetchList(), "prefetch"),
            message.hasQuery() ? QdrantQueryKinds.query(message.getQuery(), "query") : null,
            message.getUsing(),
            QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
            QdrantQueries.params(message.getParams()),
            1,
            0,
            QdrantQueries.threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
            QdrantQueries.lookup(message.hasLookupFrom(), message.getLookupFrom()),
            QdrantPoints.selector(
                message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
            QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
    return new GroupQuery(
        query,
        groupBy(message.getGroupBy()),
        message.hasLimit()
            ? Rules.atLeast(1, message.getLimit(), "limit")
            : GroupQuery.GROUPS_DEFAULT,
        message.hasGroupSize()
            ? Rules.atLeast(1, message.getGroupSize(), "group_size")
            : GroupQuery.GROUP_SIZE_DEFAULT,
        lookup(message.hasWithLookup(), message.getWithLookup()));
  }

  /** A search by groups of the older form; its limits are required. */
  public static GroupQuery groups(SearchPointGroups message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    float[] vector = new float[message.getVectorCount()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = message.getVector(i);
    }
    PointQuery query =
        new PointQuery(
            List.of(),
            new Query.Nearest(
                message.hasSparseIndices()
                    ? new Example.ByVector(
                        QdrantPoints.sparse(
                            message.getSparseIndices().getDataList(), message.getVectorList()))
                    : QdrantQueryKinds.byVector(vector, "vector"),
                null),
            message.getVectorName(),
            QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
            QdrantQueries.params(message.getParams()),
            1,
            0,
            QdrantQueries.threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
            null,
            QdrantPoints.selector(
                message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
            QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
    return required(
        query,
        message.getGroupBy(),
        message.getLimit(),
        message.getGroupSize(),
        lookup(message.hasWithLookup(), message.getWithLookup()));
  }

  /** A recommendation by groups of the older form; its limits are required. */
  public static GroupQuery groups(RecommendPointGroups message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    PointQuery query =
        new PointQuery(
            List.of(),
            new Query.Recommend(
                examples(message.getPositiveList(), message.getPositiveVectorsList(), "positive"),
                examples(message.getNegativeList(), message.getNegativeVectorsList(), "negative"),
                QdrantQueryKinds.strategy(message.getStrategy(), "strategy")),
            message.getUsing(),
            QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
            QdrantQueries.params(message.getParams()),
            1,
            0,
            QdrantQueries.threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
            QdrantQueries.lookup(message.hasLookupFrom(), message.getLookupFrom()),
            QdrantPoints.selector(
                message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
            QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
    return required(
        query,
        message.getGroupBy(),
        message.getLimit(),
        message.getGroupSize(),
        lookup(message.hasWithLookup(), message.getWithLookup()));
  }

  private static GroupQuery required(
      PointQuery query,
      String groupBy,
      int limit,
      int groupSize,
      GroupQuery.@Nullable Lookup lookup) {
    return new GroupQuery(
        query,
        groupBy(groupBy),
        Rules.atLeast(1, Integer.toUnsignedLong(limit), "limit"),
        Rules.atLeast(1, Integer.toUnsignedLong(groupSize), "group_size"),
        lookup);
  }

  private static KeyPath groupBy(String text) {
    if (text.isEmpty()) {
      RuleBook.note("group_by: value \"\" invalid, must be at least 1 characters");
      return KeyPath.parse("a");
    }
    return KeyPath.parse(text);
  }

  private static GroupQuery.@Nullable Lookup lookup(boolean present, WithLookup message) {
    return present
        ? new GroupQuery.Lookup(
            message.getCollection(),
            QdrantPoints.selector(
                message.hasWithPayload(), message.getWithPayload(), PayloadSelector.All.ALL),
            QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()))
        : null;
  }

  /** Values of a field, counted. Exact or not: the counts are always exact. */
  public static FacetQuery facet(FacetCounts message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return new FacetQuery(
        KeyPath.parse(message.getKey()),
        message.hasLimit()
            ? Rules.atLeast(1, message.getLimit(), "limit")
            : FacetQuery.LIMIT_DEFAULT,
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"));
  }

  /** Distances inside a sample. */
  public static MatrixQuery matrix(SearchMatrixPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return new MatrixQuery(
        message.hasSample()
            ? Rules.atLeast(2, message.getSample(), "sample")
            : MatrixQuery.SAMPLE_DEFAULT,
        message.hasLimit()
            ? Rules.atLeast(1, message.getLimit(), "limit")
            : MatrixQuery.LIMIT_DEFAULT,
        message.getUsing(),
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"));
  }
}
