package dev.eddy.model.shard;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.update.Verdict;
import dev.eddy.model.usage.PlanSums;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query node asks of the shards that one index node hosts: a direct call in one JVM, gRPC
 * between processes.
 *
 * <p>Every call blocks its (virtual) thread, is safe from any thread, and fails with a {@link
 * ShardException}. A <em>position</em> is the next offset to apply: an update at offset o is
 * covered when position > o. Every read carries a floor: the shard waits until its published
 * position is at least the floor, or fails as stale.
 */
public interface ShardService {

  /**
   * One request's bound on freshness and time.
   *
   * @param minPosition the published position must be at least this; 0 = any
   * @param timeout how long the shard may wait and work
   */
  record Bounds(long minPosition, Duration timeout) {}

  /**
   * The best points of a shard.
   *
   * @param using name of the vector; the empty name is the unnamed one; of no meaning for rankings
   *     without vectors
   * @param filter null = none
   * @param limit hits wanted, offset included; at least 1
   * @param scoreThreshold bound in the API's score, or null: strict where vectors are compared,
   *     inclusive for formulas
   * @param candidates the only points to rank, exactly; null = all points
   * @param groupBy the path whose values hits bring, null = none; see {@link Hit}
   */
  record ShardQuery(
      Ranking ranking,
      String using,
      @Nullable Filter filter,
      SearchParams params,
      int limit,
      @Nullable Float scoreThreshold,
      @Nullable Candidates candidates,
      @Nullable KeyPath groupBy) {

    /** Nearest neighbours of a dense vector among all points. */
    public static ShardQuery nearest(
        String using,
        float[] vector,
        @Nullable Filter filter,
        SearchParams params,
        int limit,
        @Nullable Float scoreThreshold) {
      return new ShardQuery(
          new Ranking.Nearest(new Vector.Dense(vector)),
          using,
          filter,
          params,
          limit,
          scoreThreshold,
          null,
          null);
    }
  }

  /**
   * Points that earlier queries found.
   *
   * @param scores per point its score in each of those queries, NaN where it was not found; empty
   *     when the ranking needs none
   */
  record Candidates(List<PointId> ids, List<List<Float>> scores) {
    public Candidates {
      ids = List.copyOf(ids);
      scores = List.copyOf(scores);
    }
  }

  /**
   * Several queries answered from one lease.
   *
   * @param leaseId a kept lease to answer from, which this uses up; 0 = a new one
   * @param payload and vectors: fetched at once when asked here (one trip), otherwise by {@link
   *     #fetch}
   * @param keepLease whether another trip will follow
   */
  record SearchRequest(
      ShardId shard,
      Bounds bounds,
      long leaseId,
      List<ShardQuery> queries,
      PayloadSelector payload,
      VectorSelector vectors,
      boolean keepLease) {}

  /**
   * A hit.
   *
   * @param score the API's score
   * @param groups the strings and integers at the path to group by, each once; empty when there is
   *     none
   * @param order the value by which it is ordered, or null
   * @param point what was selected, or null when nothing was asked for on this trip
   */
  record Hit(
      PointId id,
      long version,
      float score,
      List<JsonValue> groups,
      @Nullable OrderValue order,
      @Nullable StoredPoint point) {
    public Hit {
      groups = List.copyOf(groups);
    }

    /** A hit that is neither grouped nor ordered by a field. */
    public Hit(PointId id, long version, float score, @Nullable StoredPoint point) {
      this(id, version, score, List.of(), null, point);
    }
  }

  /**
   * Hits per query, best first: by score, then by id as the contract says.
   *
   * @param position of the lease that answered
   * @param leaseId for the second trip, 0 when none was kept
   */
  record SearchResponse(List<List<Hit>> hits, long position, long leaseId) {}

  SearchResponse search(SearchRequest request);

  /**
   * A later trip: exactly these (id, version) under the lease of a search; a lost lease fails as
   * such.
   *
   * @param keepLease whether another trip will follow under the same lease id
   */
  record FetchRequest(
      ShardId shard,
      long leaseId,
      List<PointId> ids,
      List<Long> versions,
      PayloadSelector payload,
      VectorSelector vectors,
      boolean keepLease) {}

  /** The points of the request, in its order. Releases the lease unless it is to be kept. */
  List<StoredPoint> fetch(FetchRequest request);

  /** Gives a kept lease back without fetching; an unknown one is no error. */
  void releaseLease(ShardId shard, long leaseId);

  record RetrieveRequest(
      ShardId shard,
      Bounds bounds,
      List<PointId> ids,
      PayloadSelector payload,
      VectorSelector vectors) {}

  /** Points found, in the order of the request, and the position that answered. */
  record PointsResponse(List<StoredPoint> points, long position) {}

  PointsResponse retrieve(RetrieveRequest request);

  /**
   * Points in the order of ids.
   *
   * @param from first id of the page, inclusive; null = from the start
   * @param limit at least 1
   */
  record ScrollRequest(
      ShardId shard,
      Bounds bounds,
      @Nullable PointId from,
      int limit,
      @Nullable Filter filter,
      PayloadSelector payload,
      VectorSelector vectors) {}

  PointsResponse scroll(ScrollRequest request);

  record CountRequest(ShardId shard, Bounds bounds, @Nullable Filter filter, boolean exact) {}

  record CountResponse(long count, long position) {}

  CountResponse count(CountRequest request);

  /**
   * How rare indices of a sparse vector are.
   *
   * @param using name of a sparse vector
   * @param indices unsigned 32-bit numbers
   * @param corpus only among these points; null = all
   */
  record TermsRequest(
      ShardId shard, Bounds bounds, String using, List<Integer> indices, @Nullable Filter corpus) {}

  /**
   * Live points of the corpus, exactly.
   *
   * @param points that have an index at all
   * @param frequencies how many have each index, in the order of the request
   */
  record TermCounts(long points, List<Long> frequencies) {
    public TermCounts {
      frequencies = List.copyOf(frequencies);
    }
  }

  record TermsResponse(TermCounts counts, long position) {}

  TermsResponse countTerms(TermsRequest request);

  /**
   * Counts the values of a declared field.
   *
   * @param type keyword, integer, bool or UUID
   * @param limit only so many values, the first by {@link FacetHit#MOST_FIRST}; 0 = all. A node of
   *     an earlier build answers with all
   */
  record FacetRequest(
      ShardId shard,
      Bounds bounds,
      KeyPath key,
      FieldIndex.Type type,
      @Nullable Filter filter,
      int limit) {}

  /** Values in no order: a point counts once for each of its own. */
  record FacetResponse(List<FacetHit> hits, long position) {
    public FacetResponse {
      hits = List.copyOf(hits);
    }
  }

  FacetResponse facet(FacetRequest request);

  /**
   * Waits until the updates at these offsets are applied and published.
   *
   * @param offsets whose verdicts are wanted
   */
  record AwaitRequest(ShardId shard, List<Long> offsets, Duration timeout) {}

  /**
   * What became of the offsets.
   *
   * @param verdicts every known verdict by offset; an offset that is missing was applied too long
   *     ago for its verdict to be known, and must not be reported as completed
   */
  record AwaitResponse(Map<Long, Verdict> verdicts, long position) {}

  AwaitResponse awaitApplied(AwaitRequest request);

  /**
   * Numbers of a shard at its published position.
   *
   * @param storage what the points take
   * @param fieldPoints points that have a value of each declared field, of those where that is
   *     known
   * @param memory what this replica holds, in memory and in files
   * @param plans how its filtered searches went since its node hosts it
   * @param forms by what its dense vectors are searched
   * @param problem what the replica can't do for now though it serves, such as merging on a full
   *     disk; null when all is well
   */
  record ShardDescription(
      ShardId shard,
      String state,
      long position,
      long points,
      long indexedVectors,
      int segments,
      boolean optimizing,
      String contentHash,
      long ignoredRepeats,
      long brokenChains,
      StorageBytes storage,
      Map<String, Long> fieldPoints,
      MemoryUse memory,
      PlanSums plans,
      VectorForms forms,
      @Nullable String problem) {}

  ShardDescription describe(ShardId shard, Bounds bounds);
}
