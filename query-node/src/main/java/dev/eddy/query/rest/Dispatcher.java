package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.rest.error.ProblemHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From the HTTP server to a route and back: finds the route, bounds what is under way, turns
 * failures into answers, counts. Safe from any thread.
 */
final class Dispatcher implements Handler {
  private static final HeaderName ACCESS_CONTROL_REQUEST_METHOD =
      HeaderNames.create("Access-Control-Request-Method");
  private static final HeaderName ACCESS_CONTROL_REQUEST_HEADERS =
      HeaderNames.create("Access-Control-Request-Headers");

  private final RestSettings settings;
  private final RouteTable routes;
  private final RequestMetrics metrics;
  private final ProblemHandler problems = new ProblemHandler(System::nanoTime);
  private final Semaphore places;
  private final AtomicLong bodyBytesInFlight = new AtomicLong();

  Dispatcher(RestSettings settings, RouteTable routes, RequestMetrics metrics) {
    this.settings = settings;
    this.routes = routes;
    this.metrics = metrics;
    this.places = new Semaphore(settings.maxConcurrentRequests());
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long startedNanos = System.nanoTime();
    String method = request.prologue().method().text();
    if (method.equals("OPTIONS") && request.headers().contains(ACCESS_CONTROL_REQUEST_METHOD)) {
      send(request, response, Cors.preflight(header(request, ACCESS_CONTROL_REQUEST_HEADERS)));
      return;
    }
    Optional<RouteTable.Match> found = routes.find(method, request.prologue().uriPath().rawPath());
    if (found.isEmpty()) {
      send(request, response, Reply.empty(404));
      return;
    }
    RouteTable.Match match = found.get();
    Reply reply = answer(request, match, startedNanos);
    send(request, response, reply);
    if (match.route().isMeasured()) {
      metrics.restAnswered(
          method,
          match.route().pattern(),
          match.parameters().getOrDefault("collection_name", ""),
          reply.status(),
          System.nanoTime() - startedNanos);
    }
  }

  private Reply answer(ServerRequest request, RouteTable.Match match, long startedNanos) {
    if (match.route().isBounded() && !places.tryAcquire()) {
      EddyException full =
          new EddyException(
              ErrorCode.OVERLOADED,
              "Rate limiting exceeded: "
                  + settings.maxConcurrentRequests()
                  + " requests are under way");
      return Reply.of(problems.problem(full, ""), startedNanos);
    }
    try (InputStream body = new LazyBody(request)) {
      return answer(request, match, body, startedNanos);
    } catch (IOException e) {
      return Reply.of(problems.problem(e, ""), startedNanos);
    } finally {
      if (match.route().isBounded()) {
        places.release();
      }
    }
  }

  private Reply answer(
      ServerRequest request, RouteTable.Match match, InputStream body, long startedNanos) {
    RestRequest restRequest =
        new RestRequest(
            match.parameters(),
            new QueryParameters(request.prologue().query().rawValue()),
            name -> request.headers().first(HeaderNames.create(name)),
            body,
            startedNanos);
    try {
      return match.route().handler().answer(restRequest);
    } catch (Exception | StackOverflowError e) {
      return Reply.of(problems.problem(e, restRequest.pathPrefix()), startedNanos);
    }
  }

  private static void send(ServerRequest request, ServerResponse response, Reply reply) {
    if (!isReadToItsEnd(request)) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    response.status(reply.status());
    reply.headers().forEach((name, value) -> response.header(name, value));
    if (request.headers().contains(HeaderNames.ORIGIN)) {
      Cors.headers().forEach((name, value) -> response.header(name, value));
    }
    byte[] body = reply.body();
    if (reply.contentType() == null) {
      response.send();
      return;
    }
    response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
    if (Compression.isWanted(header(request, HeaderNames.ACCEPT_ENCODING), body.length)) {
      response.header(HeaderNames.CONTENT_ENCODING, "gzip");
      response.header(HeaderNames.VARY, "Accept-Encoding");
      body = Compression.gzip(body);
    }
    response.send(body);
  }

  /**
   * Reads what no handler has read of a body that may turn out to be unreadable: the server would
   * only find that after the answer, and drop it.
   *
   * @return false when the connection is of no use for another request
   */
  private static boolean isReadToItsEnd(ServerRequest request) {
    boolean isDecoded =
        request.headers().contains(HeaderNames.CONTENT_ENCODING)
            || request.headers().contains(HeaderNames.TRANSFER_ENCODING)
            || request.headers().contains(HeaderNames.EXPECT);
    if (!isDecoded || !request.content().hasEntity() || request.content().consumed()) {
      return true;
    }
    try {
      request.content().consume();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static String header(ServerRequest request, HeaderName name) {
    return request.headers().first(name).orElse("");
  }

  /** The body of a request, opened when it is first read: most reads by GET have none. */
  private final class LazyBody extends InputStream {
    private final ServerRequest request;
    private InputStream opened = InputStream.nullInputStream();
    private AutoCloseable counted = () -> {};
    private boolean isOpen;

    LazyBody(ServerRequest request) {
      this.request = request;
    }

    private InputStream open() throws IOException {
      if (!isOpen) {
        isOpen = true;
        opened = opened();
      }
      return opened;
    }

    private InputStream opened() throws IOException {
      if (!request.content().hasEntity()) {
        return new ByteArrayInputStream(new byte[0]);
      }
      long announced = request.headers().contentLength().orElse(0);
      if (announced > settings.maxBodyBytes()) {
        throw BodyLimit.tooLarge(settings.maxBodyBytes());
      }
      BodyLimit limit =
          new BodyLimit(
              content(),
              settings.maxBodyBytes(),
              bodyBytesInFlight,
              settings.maxBodyBytesInFlight());
      counted = limit;
      return limit;
    }

    /** Decompressing begins here, and so may fail here. */
    private InputStream content() throws SocketTimeoutException {
      try {
        return request.content().inputStream();
      } catch (RuntimeException e) {
        throw BodyLimit.unreadable(e);
      }
    }

    @Override
    public int read() throws IOException {
      return open().read();
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      return open().read(target, from, length);
    }

    @Override
    public void close() throws IOException {
      try {
        counted.close();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
