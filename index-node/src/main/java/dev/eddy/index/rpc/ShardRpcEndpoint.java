package dev.eddy.index.rpc;

import dev.eddy.model.shard.ShardService;
import dev.eddy.model.shard.ShardService.SearchResponse;
import dev.eddy.model.usage.Explanation;
import dev.eddy.proto.meta.MetaMessages;
import dev.eddy.proto.rpc.InternalErrors;
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
import dev.eddy.proto.shard.ReleaseLeaseResponseMessage;
import dev.eddy.proto.shard.RetrieveRequestMessage;
import dev.eddy.proto.shard.ScrollRequestMessage;
import dev.eddy.proto.shard.SearchRequestMessage;
import dev.eddy.proto.shard.SearchResponseMessage;
import dev.eddy.proto.shard.ShardMessages;
import dev.eddy.proto.shard.ShardsGrpc;
import dev.eddy.proto.shard.TermsRequestMessage;
import dev.eddy.proto.shard.TermsResponseMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages to calls and answers to messages; every failure becomes a typed status. Stateless. */
final class ShardRpcEndpoint extends ShardsGrpc.ShardsImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(ShardRpcEndpoint.class);

  private final ShardService shards;

  ShardRpcEndpoint(ShardService shards) {
    this.shards = shards;
  }

  @Override
  public void search(SearchRequestMessage request, StreamObserver<SearchResponseMessage> answer) {
    answer(
        answer,
        () -> {
          if (!request.getExplain()) {
            return ShardMessages.search(shards.search(ShardMessages.search(request)));
          }
          Explanation explained = new Explanation();
          SearchResponse found =
              explained.during(() -> shards.search(ShardMessages.search(request)));
          return PlanMessages.explained(ShardMessages.search(found), explained);
        });
  }

  @Override
  public void fetch(FetchRequestMessage request, StreamObserver<FetchResponseMessage> answer) {
    answer(answer, () -> ShardMessages.fetched(shards.fetch(ShardMessages.fetch(request))));
  }

  @Override
  public void releaseLease(
      ReleaseLeaseRequestMessage request, StreamObserver<ReleaseLeaseResponseMessage> answer) {
    answer(
        answer,
        () -> {
          shards.releaseLease(MetaMessages.shardId(request.getShard()), request.getLeaseId());
          return ReleaseLeaseResponseMessage.getDefaultInstance();
        });
  }

  @Override
  public void retrieve(
      RetrieveRequestMessage request, StreamObserver<PointsResponseMessage> answer) {
    answer(answer, () -> ShardMessages.points(shards.retrieve(ShardMessages.retrieve(request))));
  }

  @Override
  public void scroll(ScrollRequestMessage request, StreamObserver<PointsResponseMessage> answer) {
    answer(answer, () -> ShardMessages.points(shards.scroll(ShardMessages.scroll(request))));
  }

  @Override
  public void count(CountRequestMessage request, StreamObserver<CountResponseMessage> answer) {
    answer(answer, () -> ShardMessages.count(shards.count(ShardMessages.count(request))));
  }

  @Override
  public void countTerms(TermsRequestMessage request, StreamObserver<TermsResponseMessage> answer) {
    answer(answer, () -> ShardMessages.terms(shards.countTerms(ShardMessages.terms(request))));
  }

  @Override
  public void facet(FacetRequestMessage request, StreamObserver<FacetResponseMessage> answer) {
    answer(answer, () -> ShardMessages.facet(shards.facet(ShardMessages.facet(request))));
  }

  @Override
  public void awaitApplied(
      AwaitRequestMessage request, StreamObserver<AwaitResponseMessage> answer) {
    answer(answer, () -> ShardMessages.await(shards.awaitApplied(ShardMessages.await(request))));
  }

  @Override
  public void describe(
      DescribeRequestMessage request, StreamObserver<DescribeResponseMessage> answer) {
    answer(
        answer,
        () ->
            ShardMessages.description(
                shards.describe(
                    MetaMessages.shardId(request.getShard()),
                    ShardMessages.bounds(request.getBounds()))));
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
    if (observer instanceof ServerCallStreamObserver<T> serverCall) {
      // Without a handler, answering somebody who hung up throws.
      serverCall.setOnCancelHandler(() -> LOG.debug("event=shard-call-cancelled"));
    }
    T response;
    try {
      response = call.get();
    } catch (RuntimeException | Error e) {
      LOG.debug("event=shard-call-failed", e);
      observer.onError(InternalErrors.toStatus(e));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }
}
