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
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptors;
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
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC listener, without TLS. Each call is answered on a virtual thread of its own. What the
 * contract has and Eddy has not built answers UNIMPLEMENTED and names the method or the field.
 */
public final class GrpcEdge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcEdge.class);
  private static final long DRAIN_SECONDS = 5;

  /** A connection that says nothing for so long is asked whether it is there, and then closed. */
  private static final long KEEP_ALIVE_MS_MAX = 60_000;

  private static final long KEEP_ALIVE_ANSWER_MS_MAX = 20_000;

  /** A connection that takes back more calls than this is closed: it does nothing else. */
  private static final int RESETS_MAX = 5_000;

  private static final int RESETS_SECONDS = 10;

  private final Server server;
  private final Threads threads;
  private final HealthStatusManager health;

  private GrpcEdge(Server server, Threads threads, HealthStatusManager health) {
    this.server = server;
    this.threads = threads;
    this.health = health;
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
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    Threads threads = new Threads();
    Connections connections =
        new Connections(
            settings.limits().intOf(Limit.GRPC_CONNECTIONS),
            () -> metrics.grpcRefused(Limit.GRPC_CONNECTIONS));
    Calls calls = new Calls(metrics, settings, threads.watch, connections, threads.calls);
    NettyServerBuilder builder =
        builder(settings, threads)
            .protocolNegotiator(connections)
            .addStreamTracerFactory(Inflow.factory(metrics));
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
      builder.addService(calls.among(TolerantMarshaller.of(service.bindService())));
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
      throw new UncheckedIOException(
          "gRPC port %d on %s can't be bound; is it in use by another process?"
              .formatted(settings.port(), settings.host()),
          e);
    }
    LOG.info("grpc_started host={} port={}", settings.host(), server.getPort());
    return new GrpcEdge(server, threads, health);
  }

  private static NettyServerBuilder builder(GrpcSettings settings, Threads threads) {
    Limits limits = settings.limits();
    long idleMs = limits.of(Limit.CONNECTION_IDLE);
    return threads
        .connections
        .carry(
            NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port())))
        // A call of ours takes a thread itself when it needs one.
        .directExecutor()
        .callExecutor(new SlowCalls(threads.calls))
        .maxInboundMessageSize(limits.intOf(Limit.GRPC_MESSAGE))
        .maxConcurrentCallsPerConnection(limits.intOf(Limit.GRPC_STREAMS))
        .keepAliveTime(Math.min(KEEP_ALIVE_MS_MAX, idleMs), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(Math.min(KEEP_ALIVE_ANSWER_MS_MAX, idleMs), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
        .withChildOption(ChannelOption.TCP_NODELAY, true)
        .flowControlWindow(4 << 20);
  }

  /** All that run for it. */
  private static final class Threads implements AutoCloseable {
    final ExecutorService calls =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
    final ConnectionThreads connections = new ConnectionThreads();
    final TimeWatch watch = new TimeWatch("grpc-watch");

    @Override
    public void close() {
      calls.shutdownNow();
      watch.close();
      connections.close();
    }
  }

  /** Older tools ask for this one. */
  @SuppressWarnings("deprecation")
  private static BindableService reflectionAlpha() {
    return ProtoReflectionService.newInstance();
  }

  /**
   * Calls that have a thread from their beginning: of services that are not ours, which don't take
   * one, and those with compressed requests, which are read as they come in.
   */
  private record SlowCalls(Executor threads) implements ServerCallExecutorSupplier {
    private static final Metadata.Key<String> ENCODING =
        Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
      String encoding = headers.get(ENCODING);
      boolean isPlain = encoding == null || encoding.equals("identity");
      String service = call.getMethodDescriptor().getServiceName();
      return isPlain && service != null && !service.startsWith("grpc.") ? null : threads;
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
    threads.close();
    LOG.info("grpc_stopped");
  }
}
