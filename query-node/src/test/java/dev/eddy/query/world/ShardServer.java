package dev.eddy.query.world;

import dev.eddy.model.shard.ShardService;
import dev.eddy.proto.meta.MetaMessages;
import dev.eddy.proto.rpc.InternalErrors;
import dev.eddy.proto.rpc.UsageTrailers;
import dev.eddy.proto.shard.AwaitRequestMessage;
import dev.eddy.proto.shard.AwaitResponseMessage;
import dev.eddy.proto.shard.CountRequestMessage;
import dev.eddy.proto.shard.CountResponseMessage;
import dev.eddy.proto.shard.DescribeRequestMessage;
import dev.eddy.proto.shard.DescribeResponseMessage;
import dev.eddy.proto.shard.FetchRequestMessage;
import dev.eddy.proto.shard.FetchResponseMessage;
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
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Serves a node in memory over the internal gRPC service. */
public final class ShardServer implements AutoCloseable {
  private final Server server;

  private ShardServer(Server server) {
    this.server = server;
  }

  public static ShardServer start(ShardService shards) {
    try {
      return new ShardServer(
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .executor(Executors.newVirtualThreadPerTaskExecutor())
              .addService(
                  ServerInterceptors.intercept(new Service(shards), UsageTrailers.telling()))
              .build()
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Service extends ShardsGrpc.ShardsImplBase {
    private final ShardService shards;

    Service(ShardService shards) {
      this.shards = shards;
    }

    @Override
    public void search(
        SearchRequestMessage request, StreamObserver<SearchResponseMessage> observer) {
      answer(observer, () -> ShardMessages.search(shards.search(ShardMessages.search(request))));
    }

    @Override
    public void fetch(FetchRequestMessage request, StreamObserver<FetchResponseMessage> observer) {
      answer(observer, () -> ShardMessages.fetched(shards.fetch(ShardMessages.fetch(request))));
    }

    @Override
    public void releaseLease(
        ReleaseLeaseRequestMessage request, StreamObserver<ReleaseLeaseResponseMessage> observer) {
      answer(
          observer,
          () -> {
            shards.releaseLease(MetaMessages.shardId(request.getShard()), request.getLeaseId());
            return ReleaseLeaseResponseMessage.getDefaultInstance();
          });
    }

    @Override
    public void retrieve(
        RetrieveRequestMessage request, StreamObserver<PointsResponseMessage> observer) {
      answer(
          observer, () -> ShardMessages.points(shards.retrieve(ShardMessages.retrieve(request))));
    }

    @Override
    public void scroll(
        ScrollRequestMessage request, StreamObserver<PointsResponseMessage> observer) {
      answer(observer, () -> ShardMessages.points(shards.scroll(ShardMessages.scroll(request))));
    }

    @Override
    public void count(CountRequestMessage request, StreamObserver<CountResponseMessage> observer) {
      answer(observer, () -> ShardMessages.count(shards.count(ShardMessages.count(request))));
    }

    @Override
    public void countTerms(
        TermsRequestMessage request, StreamObserver<TermsResponseMessage> observer) {
      answer(observer, () -> ShardMessages.terms(shards.countTerms(ShardMessages.terms(request))));
    }

    @Override
    public void awaitApplied(
        AwaitRequestMessage request, StreamObserver<AwaitResponseMessage> observer) {
      answer(
          observer, () -> ShardMessages.await(shards.awaitApplied(ShardMessages.await(request))));
    }

    @Override
    public void describe(
        DescribeRequestMessage request, StreamObserver<DescribeResponseMessage> observer) {
      answer(
          observer,
          () ->
              ShardMessages.description(
                  shards.describe(
                      MetaMessages.shardId(request.getShard()),
                      ShardMessages.bounds(request.getBounds()))));
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
      T answer;
      try {
        answer = call.get();
      } catch (RuntimeException e) {
        observer.onError(InternalErrors.toStatus(e));
        return;
      }
      observer.onNext(answer);
      observer.onCompleted();
    }
  }
}
