package dev.eddy.query.rest;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.read.ReadService;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.watch.TimeWatch;
import dev.eddy.query.write.WriteService;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http2.Http2Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST listener: HTTP/1.1 and HTTP/2 without TLS on one port. Each request runs on a virtual
 * thread of its own.
 */
public final class RestEdge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RestEdge.class);

  /** How often connections are looked at that may be silent for long. */
  private static final long IDLE_CHECK_MS_MAX = 60_000;

  private final WebServer server;
  private final RouteTable table;
  private final TimeWatch watch;

  private RestEdge(WebServer server, RouteTable table, TimeWatch watch) {
    this.server = server;
    this.table = table;
    this.watch = watch;
  }

  /**
   * Opens the port and serves from now on.
   *
   * @param node answers operators and probes
   * @throws RuntimeException when the address can't be bound
   */
  public static RestEdge start(
      RestSettings settings,
      WriteService writes,
      ReadService reads,
      CollectionService collections,
      RequestMetrics metrics,
      NodeService node) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new ServiceRoutes(collections, node).routes());
    routes.addAll(new CollectionRoutes(collections).routes());
    routes.addAll(new PointRoutes(writes).routes());
    routes.addAll(new DeclarationRoutes(writes).routes());
    routes.addAll(new ReadRoutes(reads).routes());
    routes.addAll(UnbuiltRoutes.routes());
    RouteTable table = new RouteTable(routes);
    TimeWatch watch = new TimeWatch("rest-watch");
    Dispatcher dispatcher = new Dispatcher(settings, table, metrics, watch);
    WebServer server = server(settings, dispatcher, metrics, watch).start();
    if (!server.isRunning() || server.port() <= 0) {
      // Helidon only logs that it could not bind.
      server.stop();
      watch.close();
      throw new IllegalStateException(
          "REST port %d on %s can't be bound; is it in use by another process?"
              .formatted(settings.port(), settings.host()));
    }
    LOG.info("rest_started host={} port={}", settings.host(), server.port());
    return new RestEdge(server, table, watch);
  }

  private static WebServer server(
      RestSettings settings, Dispatcher dispatcher, RequestMetrics metrics, TimeWatch watch) {
    Limits limits = settings.limits();
    Duration idle = limits.timeOf(Limit.CONNECTION_IDLE);
    HeadWatch heads =
        new HeadWatch(
            watch,
            limits.timeOf(Limit.REQUEST_TIME),
            () -> metrics.restRefused(Limit.REQUEST_TIME));
    WatchedHttp2 http2 =
        new WatchedHttp2(
            Http2Config.builder()
                .validatePath(false)
                .maxConcurrentStreams(limits.of(Limit.REST_STREAMS))
                // Longer than the dispatcher waits, which also counts who is given up.
                .flowControlTimeout(limits.timeOf(Limit.ANSWER_TIME).multipliedBy(2))
                .build(),
            connection -> new FrameWatch(connection, watch, limits, metrics));
    return WebServer.builder()
        .host(settings.host())
        .port(settings.port())
        .shutdownHook(false)
        // Its channels know no timeout of a read: a client that stops would hold its place for
        // ever.
        .useNio(false)
        .connectionOptions(new TimedSockets(idle))
        .maxTcpConnections(limits.intOf(Limit.REST_CONNECTIONS))
        .idleConnectionTimeout(idle)
        .idleConnectionPeriod(
            Duration.ofMillis(Math.clamp(idle.toMillis() / 3, 10, IDLE_CHECK_MS_MAX)))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(http2)
        .addConnectionSelector(
            Http1ConnectionSelector.builder()
                // Clients write the key of a field as it is: DELETE .../index/parts[].size
                .config(Http1Config.builder().validatePath(false).addReceiveListener(heads).build())
                .addUpgrader(http2)
                .build())
        // Bodies are limited and decoded here, so that the answers are the contract's.
        .maxPayloadSize(-1)
        .contentEncoding(
            ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .addContentEncoding(new Compression.GzipRequests())
                .build())
        .errorHandling(errors -> errors.includeEntity(true))
        .directHandlers(TransportErrors.handlers())
        .routing(routing -> routing.any(dispatcher))
        .build();
  }

  /** The port that is bound. */
  public int port() {
    return server.port();
  }

  /** Every operation that is routed, for instance {@code GET /collections/{collection_name}}. */
  public List<String> operations() {
    return table.routes().stream().map(route -> route.method() + " " + route.pattern()).toList();
  }

  /** Takes no new connection, lets requests under way finish for a moment, and closes. */
  @Override
  public void close() {
    server.stop();
    watch.close();
    LOG.info("rest_stopped");
  }
}
