package dev.eddy.query.grpc;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.SnapshotsGrpc;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.watch.TimeWatch;
import dev.eddy.query.write.WriteService;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC listener, without TLS. Each call runs on a virtual thread of its own. What the contract
 * has and Eddy has not built answers UNIMPLEMENTED and names the method or the field.
 */
public final class GrpcEdge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcEdge.class);
  private static final long DRAIN_SECONDS = 5;

  /** A connection that says nothing for so long is asked whether it is there, and then closed. */
  private static final long KEEP_ALIVE_SECONDS = 60;

  private static final long KEEP_ALIVE_ANSWER_SECONDS = 20;

  private final Server server;
  private final ExecutorService threads;
  private final HealthStatusManager health;
  private final TimeWatch watch;

  private GrpcEdge(
      Server server, ExecutorService threads, HealthStatusManager health, TimeWatch watch) {
    this.server = server;
    this.threads = threads;
    this.health = health;
    this.watch = watch;
  }

  /**
   * Opens the port and serves from now on.
   *
   * @param node answers operators and probes
   * @throws UncheckedIOException when the address can't be bound
   */
  public static GrpcEdge start(
      GrpcSettings settings,
      WriteService writes,
      ReadService reads,
      CollectionService collections,
      RequestMetrics metrics,
      NodeService node) {
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    Limits limits = settings.limits();
    TimeWatch watch = new TimeWatch("grpc-watch");
    Connections connections =
        new Connections(
            limits.intOf(Limit.GRPC_CONNECTIONS),
            () -> metrics.grpcRefused(Limit.GRPC_CONNECTIONS));
    ScopeInterceptor scopes = new ScopeInterceptor(metrics, settings, watch, connections);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .executor(threads)
            .protocolNegotiator(connections)
            .addStreamTracerFactory(new LargeMessages(metrics))
            .maxInboundMessageSize(limits.intOf(Limit.GRPC_MESSAGE))
            .maxConcurrentCallsPerConnection(limits.intOf(Limit.GRPC_STREAMS))
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .flowControlWindow(4 << 20);
    for (BindableService service :
        List.of(
            new QdrantRpc(),
            new CollectionsRpc(collections),
            new PointsRpc(writes, reads),
            new SnapshotsRpc(),
            new EddyPointsRpc(reads),
            new EddyCollectionsRpc(collections, node),
            new EddyClusterRpc(),
            new EddyNodeRpc(node))) {
      builder.addService(
          ServerInterceptors.intercept(TolerantMarshaller.of(service.bindService()), scopes));
    }
    for (BindableService service :
        List.of(
            health.getHealthService(), ProtoReflectionServiceV1.newInstance(), reflectionAlpha())) {
      builder.addService(
          ServerInterceptors.intercept(
              TolerantMarshaller.of(service.bindService()), new ReadableInterceptor()));
    }
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      threads.close();
      watch.close();
      throw new UncheckedIOException(
          "gRPC port %d on %s can't be bound; is it in use by another process?"
              .formatted(settings.port(), settings.host()),
          e);
    }
    LOG.info("grpc_started host={} port={}", settings.host(), server.getPort());
    return new GrpcEdge(server, threads, health, watch);
  }

  /** Older tools ask for this one. */
  @SuppressWarnings("deprecation")
  private static BindableService reflectionAlpha() {
    return ProtoReflectionService.newInstance();
  }

  /** Counts messages that gRPC itself refuses, before anything of ours sees them. */
  private static final class LargeMessages extends ServerStreamTracer.Factory {
    private final RequestMetrics metrics;

    LargeMessages(RequestMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      return new ServerStreamTracer() {
        @Override
        public void streamClosed(Status status) {
          String text = status.getDescription();
          if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
              && text != null
              && text.contains("exceeds maximum size")) {
            metrics.grpcRefused(Limit.GRPC_MESSAGE);
          }
        }
      };
    }
  }

  /** Snapshots are not built: every method says so by its name. */
  private static final class SnapshotsRpc extends SnapshotsGrpc.SnapshotsImplBase {}

  /** The port that is bound. */
  public int port() {
    return server.getPort();
  }

  /** Takes no new call, lets calls under way finish for a moment, and closes. */
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
    watch.close();
    LOG.info("grpc_stopped");
  }
}
