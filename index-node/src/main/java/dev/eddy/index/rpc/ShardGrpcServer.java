package dev.eddy.index.rpc;

import dev.eddy.model.shard.ShardService;
import dev.eddy.proto.rpc.UsageTrailers;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for query nodes and hands their calls to a shard service, each on a virtual thread.
 *
 * <p>Threading: safe from any thread.
 */
public final class ShardGrpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardGrpcServer.class);
  private static final long DRAIN_SECONDS = 10;

  private final Server server;
  private final ExecutorService calls;

  private ShardGrpcServer(Server server, ExecutorService calls) {
    this.server = server;
    this.calls = calls;
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when the address can't be bound
   */
  public static ShardGrpcServer start(RpcSettings settings, ShardService shards)
      throws IOException {
    ExecutorService calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("eddy-shard-rpc-", 0).factory());
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .executor(calls)
            .maxInboundMessageSize(settings.messageBytesMax())
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerInterceptors.intercept(new ShardRpcEndpoint(shards), UsageTrailers.telling()))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      calls.shutdown();
      throw new IOException(
          "shard service port %d on %s can't be bound; is it in use by another process?"
              .formatted(settings.port(), settings.host()),
          e);
    }
    LOG.info("event=shard-rpc-listening host={} port={}", settings.host(), server.getPort());
    return new ShardGrpcServer(server, calls);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Takes no more calls, waits a while for those that run, then cuts them off. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("event=shard-rpc-cut waited_s={}", DRAIN_SECONDS);
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
    calls.shutdown();
  }
}
