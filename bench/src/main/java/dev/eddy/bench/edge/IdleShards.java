package dev.eddy.bench.edge;

import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Answers every search at once, always with the same hits; nothing else is asked of it. */
final class IdleShards implements ShardService {
  private final List<Hit> hits;

  /** Each query gets this many hits. */
  IdleShards(int count) {
    hits =
        LongStream.range(0, count)
            .mapToObj(i -> new Hit(PointId.of(71 * i + 1), 1_000 + i, 0.987_654f - 0.01f * i, null))
            .toList();
  }

  @Override
  public SearchResponse search(SearchRequest request) {
    return new SearchResponse(
        Collections.nCopies(request.queries().size(), hits), request.bounds().minPosition(), 0);
  }

  @Override
  public List<StoredPoint> fetch(FetchRequest request) {
    throw unasked();
  }

  @Override
  public void releaseLease(ShardId shard, long leaseId) {
    throw unasked();
  }

  @Override
  public PointsResponse retrieve(RetrieveRequest request) {
    throw unasked();
  }

  @Override
  public PointsResponse scroll(ScrollRequest request) {
    throw unasked();
  }

  @Override
  public CountResponse count(CountRequest request) {
    throw unasked();
  }

  @Override
  public TermsResponse countTerms(TermsRequest request) {
    throw unasked();
  }

  @Override
  public FacetResponse facet(FacetRequest request) {
    throw unasked();
  }

  @Override
  public AwaitResponse awaitApplied(AwaitRequest request) {
    throw unasked();
  }

  @Override
  public ShardDescription describe(ShardId shard, Bounds bounds) {
    throw unasked();
  }

  private static UnsupportedOperationException unasked() {
    return new UnsupportedOperationException("this benchmark only searches and upserts");
  }
}
