package dev.eddy.query.fanout;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService;
import dev.eddy.model.usage.Explanation;
import dev.eddy.proto.rpc.InternalErrors;
import dev.eddy.proto.rpc.UsageTrailers;
import dev.eddy.proto.shard.AwaitRequestMessage;
import dev.eddy.proto.shard.AwaitResponseMessage;
import dev.eddy.proto.shard.CountRequestMessage;
import dev.eddy.proto.shard.CountResponseMessage;
import dev.eddy.proto.shard.DescribeRequestMessage;
import dev.eddy.proto.shard.DescribeResponseMessage;
import dev.eddy.proto.shard.FacetRequestMessage;
import dev.eddy.proto.shard.FacetResponseMessage;
import dev.eddy.proto.shard.FetchRequestMessage;
import dev.eddy.proto.shard.FetchResponseMessage;
import dev.eddy.proto.shard.PlanMessages;
import dev.eddy.proto.shard.PointsResponseMessage;
import dev.eddy.proto.shard.ReleaseLeaseRequestMessage;
import dev.eddy.proto.shard.RetrieveRequestMessage;
import dev.eddy.proto.shard.ScrollRequestMessage;
import dev.eddy.proto.shard.SearchRequestMessage;
import dev.eddy.proto.shard.SearchResponseMessage;
import dev.eddy.proto.shard.ShardMessages;
import dev.eddy.proto.shard.ShardsGrpc;
import dev.eddy.proto.shard.ShardsGrpc.ShardsBlockingStub;
import dev.eddy.proto.shard.TermsRequestMessage;
import dev.eddy.proto.shard.TermsResponseMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The shards of another process, over gRPC. Safe from any thread. */
final class RemoteShardService implements ShardService, AutoCloseable {
  /** A shard that is too late says so itself, with its position, if it is given the time. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /** A fetch reads a few points of a lease that is held already. */
  private static final Duration FETCH = Duration.ofSeconds(10);

  private static final int MESSAGE_BYTES_MAX = 256 << 20;

  private final ManagedChannel channel;
  private final ShardsBlockingStub stub;

  /** Takes over the channel. */
  RemoteShardService(ManagedChannel channel) {
    this.channel = requireNonNull(channel, "channel");
    stub =
        ShardsGrpc.newBlockingStub(channel)
            .withMaxInboundMessageSize(MESSAGE_BYTES_MAX)
            .withInterceptors(UsageTrailers.asking());
  }

  @Override
  public SearchResponse search(SearchRequest request) {
    Optional<Explanation> explained = Explanation.current();
    SearchRequestMessage message =
        ShardMessages.search(request).toBuilder().setExplain(explained.isPresent()).build();
    SearchResponseMessage answer =
        call(request.bounds().timeout(), shards -> shards.search(message));
    explained.ifPresent(each -> each.add(request.shard().shard(), PlanMessages.steps(answer)));
    return ShardMessages.search(answer);
  }

  @Override
  public List<StoredPoint> fetch(FetchRequest request) {
    FetchRequestMessage message = ShardMessages.fetch(request);
    FetchResponseMessage answer = call(FETCH, shards -> shards.fetch(message));
    return ShardMessages.fetched(answer);
  }

  @Override
  public void releaseLease(ShardId shard, long leaseId) {
    ReleaseLeaseRequestMessage message = ShardMessages.release(shard, leaseId);
    var _ = call(FETCH, shards -> shards.releaseLease(message));
  }

  @Override
  public PointsResponse retrieve(RetrieveRequest request) {
    RetrieveRequestMessage message = ShardMessages.retrieve(request);
    PointsResponseMessage answer =
        call(request.bounds().timeout(), shards -> shards.retrieve(message));
    return ShardMessages.points(answer);
  }

  @Override
  public PointsResponse scroll(ScrollRequest request) {
    ScrollRequestMessage message = ShardMessages.scroll(request);
    PointsResponseMessage answer =
        call(request.bounds().timeout(), shards -> shards.scroll(message));
    return ShardMessages.points(answer);
  }

  @Override
  public CountResponse count(CountRequest request) {
    CountRequestMessage message = ShardMessages.count(request);
    CountResponseMessage answer = call(request.bounds().timeout(), shards -> shards.count(message));
    return ShardMessages.count(answer);
  }

  @Override
  public TermsResponse countTerms(TermsRequest request) {
    TermsRequestMessage message = ShardMessages.terms(request);
    TermsResponseMessage answer =
        call(request.bounds().timeout(), shards -> shards.countTerms(message));
    return ShardMessages.terms(answer);
  }

  @Override
  public FacetResponse facet(FacetRequest request) {
    FacetRequestMessage message = ShardMessages.facet(request);
    FacetResponseMessage answer = call(request.bounds().timeout(), shards -> shards.facet(message));
    return ShardMessages.facet(answer);
  }

  @Override
  public AwaitResponse awaitApplied(AwaitRequest request) {
    AwaitRequestMessage message = ShardMessages.await(request);
    AwaitResponseMessage answer = call(request.timeout(), shards -> shards.awaitApplied(message));
    return ShardMessages.await(answer);
  }

  @Override
  public ShardDescription describe(ShardId shard, Bounds bounds) {
    DescribeRequestMessage message = ShardMessages.describe(shard, bounds);
    DescribeResponseMessage answer = call(bounds.timeout(), shards -> shards.describe(message));
    return ShardMessages.description(answer);
  }

  private <T> T call(Duration timeout, Function<ShardsBlockingStub, T> call) {
    try {
      long millis = timeout.plus(SLACK).toMillis();
      return call.apply(stub.withDeadlineAfter(millis, TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
        // A node that was gone for a while may be back long before the channel would look again.
        channel.resetConnectBackoff();
      }
      throw InternalErrors.fromShard(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
