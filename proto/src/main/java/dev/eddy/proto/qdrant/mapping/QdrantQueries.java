package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ReadToken;
import dev.eddy.model.query.SearchParams;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.PrefetchQuery;
import dev.eddy.proto.qdrant.QuantizationSearchParams;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.ReadConsistency;
import dev.eddy.proto.qdrant.ReadConsistencyType;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.proto.qdrant.SearchPoints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads as clients send them. Collection names, {@code read_consistency} and {@code timeout} are
 * the caller's to take up, see {@link #options}.
 */
public final class QdrantQueries {
  private static final int LIMIT_DEFAULT = 10;

  /** A longer wait is cut to this. */
  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private QdrantQueries() {}

  /** A query of the universal form. */
  public static PointQuery query(QueryPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return new PointQuery(
        prefetches(message.getPrefetchList(), "prefetch"),
        message.hasQuery() ? QdrantQueryKinds.query(message.getQuery(), "query") : null,
        message.getUsing(),
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
        params(message.getParams()),
        message.hasLimit() ? Rules.atLeast(1, message.getLimit(), "limit") : LIMIT_DEFAULT,
        Rules.atLeast(0, message.getOffset(), "offset"),
        threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
        lookup(message.hasLookupFrom(), message.getLookupFrom()),
        QdrantPoints.selector(
            message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
        QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
  }

  static List<Prefetch> prefetches(List<PrefetchQuery> messages, String path) {
    List<Prefetch> prefetches = new ArrayList<>(messages.size());
    for (PrefetchQuery message : messages) {
      String place = path + "[" + prefetches.size() + "].";
      prefetches.add(
          new Prefetch(
              prefetches(message.getPrefetchList(), place + "prefetch"),
              message.hasQuery()
                  ? QdrantQueryKinds.query(message.getQuery(), place + "query")
                  : null,
              message.getUsing(),
              QdrantFilters.nullable(message.hasFilter(), message.getFilter(), place + "filter"),
              params(message.getParams()),
              message.hasLimit()
                  ? Rules.atLeast(1, message.getLimit(), place + "limit")
                  : Prefetch.LIMIT_DEFAULT,
              threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
              lookup(message.hasLookupFrom(), message.getLookupFrom())));
    }
    return prefetches;
  }

  static @Nullable LookupLocation lookup(
      boolean present, dev.eddy.proto.qdrant.LookupLocation message) {
    if (!present) {
      return null;
    }
    Rules.notBuilt(message.hasShardKeySelector(), "lookup_from.shard_key_selector");
    return new LookupLocation(
        message.getCollectionName(), message.hasVectorName() ? message.getVectorName() : null);
  }

  static @Nullable Float threshold(boolean present, float value) {
    return present ? (Float) (float) Rules.comparable(value, "score_threshold") : null;
  }

  /** A search of the older form; its limit is required. */
  public static PointQuery search(SearchPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    float[] vector = new float[message.getVectorCount()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = message.getVector(i);
    }
    return new PointQuery(
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
        params(message.getParams()),
        Rules.atLeast(1, message.getLimit(), "limit"),
        Rules.atLeast(0, message.getOffset(), "offset"),
        threshold(message.hasScoreThreshold(), message.getScoreThreshold()),
        null,
        QdrantPoints.selector(
            message.hasWithPayload(), message.getWithPayload(), PayloadSelector.None.NONE),
        QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()));
  }

  /** How a search is carried out. */
  public static SearchParams params(dev.eddy.proto.qdrant.SearchParams message) {
    QuantizationSearchParams quantization = message.getQuantization();
    Double oversampling = quantization.hasOversampling() ? quantization.getOversampling() : null;
    if (oversampling != null && !(oversampling >= 1)) {
      RuleBook.note(
          "params.quantization.oversampling: value %s invalid, must be 1.0 or larger"
              .formatted(oversampling));
      oversampling = null;
    }
    // Where a filter makes a graph useless, searches scan what matches: acorn has nothing to mend.
    if (message.getAcorn().hasMaxSelectivity()) {
      Rules.within(0, 1, message.getAcorn().getMaxSelectivity(), "params.acorn.max_selectivity");
    }
    return new SearchParams(
        message.hasHnswEf()
            ? (Integer) Rules.atLeast(1, message.getHnswEf(), "params.hnsw_ef")
            : null,
        message.getExact(),
        message.getIndexedOnly(),
        QdrantFilters.nullable(
            message.getIdf().hasCorpus(), message.getIdf().getCorpus(), "params.idf.corpus"),
        new QuantizationSearch(
            quantization.getIgnore(),
            quantization.hasRescore() ? (Boolean) quantization.getRescore() : null,
            oversampling));
  }

  /** A page. */
  public static PageRequest scroll(ScrollPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    if (message.hasLimit() && message.getLimit() == 0) {
      throw EddyException.badRequest("Limit cannot be 0");
    }
    return new PageRequest(
        message.hasOffset() ? QdrantPoints.id(message.getOffset(), "offset") : null,
        message.hasLimit()
            ? Rules.atLeast(1, Integer.toUnsignedLong(message.getLimit()), "limit")
            : LIMIT_DEFAULT,
        QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter"),
        QdrantPoints.selector(
            message.hasWithPayload(), message.getWithPayload(), PayloadSelector.All.ALL),
        QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors()),
        message.hasOrderBy() ? QdrantQueryKinds.ordering(message.getOrderBy(), "order_by") : null);
  }

  /** The ids of a retrieval. */
  public static List<PointId> ids(GetPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return QdrantPoints.ids(message.getIdsList(), "ids");
  }

  /** What of the payload a retrieval brings; all, if it does not say. */
  public static PayloadSelector payload(GetPoints message) {
    return QdrantPoints.selector(
        message.hasWithPayload(), message.getWithPayload(), PayloadSelector.All.ALL);
  }

  public static VectorSelector vectors(GetPoints message) {
    return QdrantPoints.selector(message.hasWithVectors(), message.getWithVectors());
  }

  /** The filter of a count, or null for all. */
  public static @Nullable Filter filter(CountPoints message) {
    Rules.checkKnown(message);
    Rules.notBuilt(message.hasShardKeySelector(), "shard_key_selector");
    return QdrantFilters.nullable(message.hasFilter(), message.getFilter(), "filter");
  }

  /** Whether a count must be exact, which it is unless it says otherwise. */
  public static boolean isExact(CountPoints message) {
    return !message.hasExact() || message.getExact();
  }

  /**
   * How fresh a read must be and how long it may take. Replicas are equal by construction: any
   * number of them asked for means the same.
   *
   * @param consistency of the request, or null when it has none
   * @param timeoutSeconds of the request, unsigned, or null when it has none
   */
  public static ReadOptions options(
      @Nullable ReadConsistency consistency,
      @Nullable Long timeoutSeconds,
      @Nullable ReadToken token) {
    boolean strong = consistency != null;
    if (consistency != null) {
      check(consistency);
    }
    Duration timeout =
        timeoutSeconds == null ? ReadOptions.TIMEOUT_DEFAULT : readTimeout(timeoutSeconds);
    return new ReadOptions(strong, token, timeout);
  }

  private static void check(ReadConsistency consistency) {
    Rules.checkKnown(consistency);
    switch (consistency.getValueCase()) {
      case TYPE -> {
        if (consistency.getType() == ReadConsistencyType.UNRECOGNIZED) {
          throw Rules.unrecognized("read_consistency.type");
        }
      }
      case FACTOR -> Rules.atLeast(1, consistency.getFactor(), "read_consistency.factor");
      case VALUE_NOT_SET -> throw Rules.unset("read_consistency");
    }
  }

  private static Duration readTimeout(long seconds) {
    return Duration.ofSeconds(
        Math.min(Rules.atLeast(1, seconds, "timeout"), TIMEOUT_MAX.toSeconds()));
  }

  /** The timeout of a write or of a change of collections; 0 is the same as none. */
  public static Duration timeout(boolean present, long seconds, Duration otherwise) {
    return !present || seconds == 0
        ? otherwise
        : Duration.ofSeconds(Math.min(Rules.count(seconds), TIMEOUT_MAX.toSeconds()));
  }
}
