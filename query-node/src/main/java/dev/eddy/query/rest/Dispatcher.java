package dev.eddy.query.rest;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.RequestUsage;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.read.ExplainText;
import dev.eddy.query.rest.error.ProblemHandler;
import dev.eddy.query.watch.TimeWatch;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * From the HTTP server to a route and back: finds the route, bounds what is under way, turns
 * failures into answers, counts. Safe from any thread.
 */
final class Dispatcher implements Handler {
  private static final HeaderName ACCESS_CONTROL_REQUEST_METHOD =
      HeaderNames.create("Access-Control-Request-Method");
  private static final HeaderName ACCESS_CONTROL_REQUEST_HEADERS =
      HeaderNames.create("Access-Control-Request-Headers");
  private static final HeaderName EXPLAIN = HeaderNames.create(RestRequest.EXPLAIN_HEADER);

  private final Limits limits;
  private final boolean isUsageTold;
  private final RouteTable routes;
  private final RequestMetrics metrics;
  private final ProblemHandler problems = new ProblemHandler(System::nanoTime);
  private final Semaphore places;
  private final TimeWatch watch;
  private final AtomicLong bodyBytesInFlight = new AtomicLong();
  private final AtomicLong answerBytes = new AtomicLong();

  Dispatcher(RestSettings settings, RouteTable routes, RequestMetrics metrics, TimeWatch watch) {
    this.limits = settings.limits();
    this.isUsageTold = settings.isUsageTold();
    this.routes = routes;
    this.metrics = metrics;
    this.watch = watch;
    this.places = new Semaphore(limits.intOf(Limit.REST_REQUESTS));
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    long startedNanos = System.nanoTime();
    RequestBody body = new RequestBody(request, limits, bodyBytesInFlight, watch);
    boolean isFinished = false;
    try {
      try (AnswerMeter meter = AnswerMeter.sharing(limits, answerBytes)) {
        handle(request, response, body, meter, startedNanos);
      }
      body.finish();
      isFinished = true;
    } finally {
      if (!isFinished) {
        body.abandon();
      }
    }
  }

  private void handle(
      ServerRequest request,
      ServerResponse response,
      RequestBody body,
      AnswerMeter meter,
      long startedNanos) {
    String method = request.prologue().method().text();
    if (method.equals("OPTIONS") && request.headers().contains(ACCESS_CONTROL_REQUEST_METHOD)) {
      sendInTime(
          request, response, body, Cors.preflight(header(request, ACCESS_CONTROL_REQUEST_HEADERS)));
      return;
    }
    Optional<RouteTable.Match> found = routes.find(method, request.prologue().uriPath().rawPath());
    if (found.isEmpty()) {
      sendInTime(request, response, body, Reply.empty(404));
      return;
    }
    RouteTable.Match match = found.get();
    Reply reply = answer(request, match, body, meter, startedNanos);
    if (reply.status() >= 400) {
      meter.close(); // Who is refused may come again at once.
    }
    sendInTime(request, response, body, reply);
    if (match.route().isMeasured()) {
      metrics.restAnswered(
          method,
          match.route().pattern(),
          match.parameters().getOrDefault("collection_name", ""),
          reply.status(),
          System.nanoTime() - startedNanos);
    }
  }

  private Reply answer(
      ServerRequest request,
      RouteTable.Match match,
      RequestBody body,
      AnswerMeter meter,
      long startedNanos) {
    if (match.route().isBounded() && !places.tryAcquire()) {
      EddyException full =
          new EddyException(
                  ErrorCode.OVERLOADED,
                  "Rate limiting exceeded: %d requests are under way"
                      .formatted(limits.of(Limit.REST_REQUESTS)))
              .beyond(Limit.REST_REQUESTS);
      return refused(full, "", startedNanos);
    }
    try (body) {
      return meter.metering(() ->
          explained(request, () -> counted(() -> answer(request, match, body, startedNanos))));
    } finally {
      if (match.route().isBounded()) {
        places.release();
      }
    }
  }

  private static Reply explained(ServerRequest request, Supplier<Reply> work) {
    if (!header(request, EXPLAIN).equals("true")) {
      return work.get();
    }
    Explanation explanation = new Explanation();
    return explanation.during(work).header(RestRequest.EXPLAIN_HEADER, ExplainText.of(explanation));
  }

  private Reply counted(Supplier<Reply> work) {
    return isUsageTold ? RequestUsage.counted(work) : work.get();
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
      return refused(e, restRequest.pathPrefix(), startedNanos);
    }
  }

  private Reply refused(Throwable failure, String pathPrefix, long startedNanos) {
    if (failure instanceof EddyException known) {
      known.limit().ifPresent(metrics::restRefused);
    }
    return Reply.of(problems.problem(failure, pathPrefix), startedNanos);
  }

  /** A client that does not take its answer in time loses its connection. */
  private void sendInTime(
      ServerRequest request, ServerResponse response, RequestBody body, Reply reply) {
    try (TimeWatch.Guard ignored =
        watch.guard(
            limits.timeOf(Limit.ANSWER_TIME), () -> metrics.restRefused(Limit.ANSWER_TIME))) {
      send(request, response, body, reply);
    }
  }

  private static void send(
      ServerRequest request, ServerResponse response, RequestBody requestBody, Reply reply) {
    if (requestBody.endsConnection()) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    response.status(reply.status());
    reply.headers().forEach((name, value) -> response.header(unindexed(name, value)));
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
   * Over HTTP/2 a header is written without a place in HPACK's table then, however long it is: the
   * server makes room in the table for the others, and never ends where one is larger than the
   * table, 4 KiB if the client has not said otherwise.
   */
  private static Header unindexed(String name, String value) {
    boolean isChanging = true;
    boolean isSensitive = false;
    return HeaderValues.create(HeaderNames.create(name), isChanging, isSensitive, value);
  }

  private static String header(ServerRequest request, HeaderName name) {
    return request.headers().first(name).orElse("");
  }
}
