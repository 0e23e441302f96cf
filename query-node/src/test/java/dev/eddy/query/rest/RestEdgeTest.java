package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.world.FakeServices;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for every request, whatever it asks: routing, limits, encodings, headers. */
class RestEdgeTest {
  private static final String COUNT = "/collections/words/points/count";

  private final FakeServices services = new FakeServices();
  private RestEdge edge = start(RestSettings.of("127.0.0.1", 0));
  private RestClient client = new RestClient(edge);

  private RestEdge start(RestSettings settings) {
    return services.rest(settings);
  }

  private void restart(RestSettings settings) {
    client.close();
    edge.close();
    edge = start(settings);
    client = new RestClient(edge);
  }

  @Test
  void aPortInUseIsRefusedInOneSentence() {
    assertThatThrownBy(() -> start(RestSettings.of("127.0.0.1", edge.port())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("REST port " + edge.port() + " on 127.0.0.1 can't be bound");
  }

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  @Test
  void theServiceCallsHaveNoEnvelope() {
    assertThat(client.get("/").body())
        .matches(
            "\\{\"title\":\"qdrant - vector search engine\",\"version\":\"1.19.0\",\"commit\":\"[0-9a-f]{40}\"}");
    assertThat(client.get("/healthz").body()).isEqualTo("healthz check passed");
    assertThat(client.get("/livez").body()).isEqualTo("healthz check passed");
    assertThat(client.get("/readyz").body()).isEqualTo("all shards are ready");
    services.ready = false;
    HttpResponse<String> notReady = client.get("/readyz");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(notReady.body()).isEqualTo("some shards are not ready");
    HttpResponse<String> metrics = client.get("/metrics?per_collection=true");
    assertThat(metrics.body())
        .contains("app_info{name=\"qdrant\",version=\"1.19.0\"} 1")
        .contains("per_collection true");
    assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
  }

  @Test
  void anUnknownRouteIsAnEmpty404() {
    for (String path : new String[] {"/nothing", "/locks", "/collections/words/nothing"}) {
      HttpResponse<String> response = client.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(response.body()).as(path).isEmpty();
    }
    assertThat(client.send("PATCH", "/collections", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void aSlashAtTheEndDoesNotCount() {
    assertThat(client.get("/collections/").body()).contains("\"words\"");
    assertThat(client.get("/collections/words/exists/").body()).contains("true");
  }

  @Test
  void namesInThePathAreDecoded() {
    client.send("PUT", "/collections/a.b%20c%C3%A9/", "{}");
    assertThat(services.lastAsked()).startsWith("create a.b c\u00e9 ");
    HttpResponse<String> slash = client.send("PUT", "/collections/a%2Fb", "{}");
    assertThat(slash.statusCode()).isEqualTo(422);
    assertThat(slash.body())
        .contains(
            "Validation error in path parameters: [collection_name: collection name cannot contain"
                + " \\\"/\\\" char]");
  }

  @Test
  void aNameThatNothingCanHaveIsNotLookedUp() {
    String longest = "x".repeat(255);
    client.send("DELETE", "/collections/" + longest, "");
    assertThat(services.lastAsked()).contains(longest);
    for (String path : List.of("", "/exists", "/points/1", "/aliases", "/shards")) {
      HttpResponse<String> response = client.get("/collections/" + longest + "y" + path);
      assertThat(response.statusCode()).as(path).isEqualTo(422);
      assertThat(response.body())
          .contains(
              "Validation error in path parameters: [collection_name: value of 256 characters"
                  + " invalid, must be at most 255 characters]");
    }
  }

  @Test
  void aPathMayHaveWhatClientsDontEscape() throws IOException {
    String request =
        "DELETE /collections/words/index/parts[].size HTTP/1.1\r\n"
            + "Host: localhost\r\nConnection: close\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", edge.port())) {
      // A connection that is not closed as asked fails the test instead of holding it up.
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\"status\":\"acknowledged\"");
    }
  }

  @Test
  void pagesOfEveryOriginMayCall() {
    HttpResponse<Void> preflight =
        client.exchange(
            "OPTIONS",
            COUNT,
            BodyPublishers.noBody(),
            BodyHandlers.discarding(),
            "Origin",
            "http://example.org",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "content-type,api-key");
    assertThat(preflight.statusCode()).isEqualTo(200);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("content-type,api-key");
    HttpResponse<String> call = client.send("POST", COUNT, "{}", "Origin", "http://example.org");
    assertThat(call.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(client.send("POST", COUNT, "{}").headers().firstValue("Access-Control-Allow-Origin"))
        .isEmpty();
  }

  /** One that HPACK's table has no room for is not to be in there. */
  @Test
  void longHeadersAreAnsweredOverHttp2() {
    String names = "content-type," + "x-long-name,".repeat(450) + "api-key";
    try (RestClient h2 = new RestClient(edge, HttpClient.Version.HTTP_2)) {
      assertThat(h2.get("/collections").version()).isEqualTo(HttpClient.Version.HTTP_2);
      HttpResponse<Void> preflight =
          h2.exchange(
              "OPTIONS",
              COUNT,
              BodyPublishers.noBody(),
              BodyHandlers.discarding(),
              "Origin",
              "http://example.org",
              "Access-Control-Request-Method",
              "POST",
              "Access-Control-Request-Headers",
              names);
      assertThat(preflight.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers")).contains(names);
      assertThat(h2.send("POST", COUNT, "{}").body()).contains("\"count\":2");
    }
  }

  @Test
  void requestsMayComeCompressed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write("{\"exact\":false}".getBytes(StandardCharsets.UTF_8));
    }
    HttpResponse<String> response =
        client.exchange(
            "POST",
            COUNT,
            BodyPublishers.ofByteArray(out.toByteArray()),
            BodyHandlers.ofString(),
            "Content-Encoding",
            "gzip");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(services.lastAsked()).startsWith("count null false ");
    assertThat(client.send("POST", COUNT, "{}", "Content-Encoding", "br").statusCode())
        .isEqualTo(400);
  }

  @Test
  void longAnswersAreCompressedForThoseWhoAccept() throws IOException {
    String many = "{\"searches\":[" + "{\"with_payload\":true},".repeat(50) + "{}]}";
    HttpResponse<byte[]> response =
        client.exchange(
            "POST",
            "/collections/words/points/query/batch",
            BodyPublishers.ofString(many),
            BodyHandlers.ofByteArray(),
            "Accept-Encoding",
            "deflate, gzip;q=0.8");
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8)).contains("\"status\":\"ok\"");
    HttpResponse<String> refused =
        client.send(
            "POST",
            "/collections/words/points/query/batch",
            many,
            "Accept-Encoding",
            "gzip;q=0, br");
    assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(refused.body()).contains("\"status\":\"ok\"");
  }

  @Test
  void bothVersionsOfHttpAreSpokenOnOnePort() {
    try (RestClient h2 = new RestClient(edge, HttpClient.Version.HTTP_2)) {
      // The change of version is asked for by a request without a body.
      assertThat(h2.get("/collections").version()).isEqualTo(HttpClient.Version.HTTP_2);
      HttpResponse<String> response = h2.send("POST", COUNT, "{}");
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(response.body()).contains("\"count\":2");
    }
    assertThat(client.send("POST", COUNT, "{}").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
  }

  @Test
  void aBodyOverTheLimitIsA400AndTheServerLivesOn() {
    RestSettings small =
        new RestSettings("127.0.0.1", 0, Limits.DEFAULT.with(Limit.REST_BODY, 100_000));
    restart(small);
    String body = "{\"ids\":[" + "1,".repeat(60_000) + "1]}";
    HttpResponse<String> announced = client.send("POST", "/collections/words/points", body);
    assertThat(announced.statusCode()).isEqualTo(400);
    assertThat(announced.body())
        .contains("Format error in JSON body: JSON payload has exceeded limit (100000 bytes)");
    // Else a client sends its next request into a connection that is about to be closed.
    assertThat(announced.headers().firstValue("connection")).hasValue("close");
    HttpResponse<String> chunked =
        client.exchange(
            "POST",
            "/collections/words/points",
            BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))),
            BodyHandlers.ofString());
    assertThat(chunked.statusCode()).isEqualTo(400);
    assertThat(client.send("POST", COUNT, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void telemetryTellsMoreWithEveryLevel() {
    assertThat(keys("/telemetry", "result"))
        .containsExactly("id", "app", "collections", "cluster", "requests", "quota");
    assertThat(keys("/telemetry?details_level=1", "result"))
        .containsExactlyInAnyOrder(
            "id",
            "app",
            "collections",
            "cluster",
            "requests",
            "quota",
            "memory",
            "hardware",
            "search_pool");
    assertThat(keys("/telemetry", "collections")).containsExactly("number_of_collections");
    assertThat(keys("/telemetry?details_level=1", "collections"))
        .containsExactly("vectors", "optimizers_status", "params");
    assertThat(keys("/telemetry?details_level=2", "collections"))
        .containsExactly("id", "init_time_ms", "config");
    assertThat(keys("/telemetry?details_level=10", "collections"))
        .containsExactly(
            "id",
            "init_time_ms",
            "config",
            "shards",
            "transfers",
            "resharding",
            "shard_clean_tasks");
    assertThat(client.get("/telemetry").body())
        .contains(
            "\"rest\":{\"responses\":{\"PUT /collections/{collection_name}/points\":{\"200\":{\"count\":2,\"avg_duration_micros\":3.0,\"min_duration_micros\":1.0,\"max_duration_micros\":5.0,\"total_duration_micros\":6,\"last_responded\":\"1970-01-01T00:00:00Z\"}}}}");
    assertThat(client.get("/telemetry?per_collection=true").body())
        .contains("\"per_collection_responses\":{\"words\":{\"PUT /collections");
    assertThat(client.get("/telemetry?per_collection=true&details_level=2&anonymize=true").body())
        .doesNotContain("words");
    assertThat(client.get("/telemetry?details_level=x").statusCode()).isEqualTo(400);
  }

  /** Names of the members of the result, or of the collection that is told there. */
  private List<String> keys(String path, String of) {
    try {
      JsonObject answer =
          (JsonObject) JsonCodec.parse(client.get(path).body().getBytes(StandardCharsets.UTF_8));
      JsonObject result = (JsonObject) member(answer, "result");
      if (of.equals("result")) {
        return List.copyOf(result.members().keySet());
      }
      JsonObject collections = (JsonObject) member(result, "collections");
      return collections.members().get("collections") instanceof JsonArray array
          ? List.copyOf(((JsonObject) array.elements().getFirst()).members().keySet())
          : List.copyOf(collections.members().keySet());
    } catch (IOException e) {
      throw new AssertionError(path, e);
    }
  }

  private static JsonValue member(JsonObject object, String name) {
    return Objects.requireNonNull(object.members().get(name), name);
  }

  @Test
  void aRateThatIsExceededSaysWhenToComeAgain() {
    services.beforeRead =
        () -> {
          throw EddyException.rateLimited("Read rate limit exceeded: later", 42);
        };
    HttpResponse<String> refused = client.get("/collections/words/points/1");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("42");
    assertThat(refused.body()).contains("Rate limiting exceeded: Read rate limit exceeded: later");
  }

  @Test
  void oneRequestTooManyIsToldToComeAgain() throws InterruptedException {
    restart(new RestSettings("127.0.0.1", 0, Limits.DEFAULT.with(Limit.REST_REQUESTS, 1)));
    CountDownLatch isInside = new CountDownLatch(1);
    CountDownLatch mayLeave = new CountDownLatch(1);
    services.beforeRead =
        () -> {
          isInside.countDown();
          try {
            mayLeave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Thread first = Thread.startVirtualThread(() -> client.get("/collections/words/points/1"));
    isInside.await();
    HttpResponse<String> second = client.send("POST", COUNT, "{}");
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).contains("1");
    assertThat(second.body()).contains("Rate limiting exceeded: ");
    for (String health : List.of("/healthz", "/livez", "/readyz", "/metrics")) {
      assertThat(client.get(health).statusCode()).as(health).isEqualTo(200);
    }
    mayLeave.countDown();
    first.join();
    assertThat(client.send("POST", COUNT, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void searchesReadsAndUpdatesAreMeasured() {
    client.send("POST", COUNT, "{}");
    client.send("POST", "/collections/nobody/points/search", "{\"vector\":[1,2],\"limit\":1}");
    client.get("/collections");
    client.get("/healthz");
    assertThat(services.measured)
        .containsExactly(
            "POST /collections/{collection_name}/points/count words 200",
            "POST /collections/{collection_name}/points/search nobody 404");
  }

  @Test
  void aFailureOfOursIsA500WithTheReason() {
    HttpResponse<String> response = client.send("POST", "/collections/broken/points/count", "{}");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body())
        .contains("{\"status\":{\"error\":\"Service internal error: on purpose\"}");
  }

  @Test
  void writesGiveATokenAndReadsTakeOneAndTellTheirPositions() {
    HttpResponse<String> write =
        client.send(
            "PUT",
            "/collections/words/points?wait=true&timeout=5&ordering=strong",
            "{\"points\":[{\"id\":1,\"vector\":[1,2]}]}");
    String token = write.headers().firstValue("Eddy-Token").orElseThrow();
    assertThat(services.lastAsked()).endsWith("WriteOptions[awaitApplied=true, timeout=PT5S]");
    HttpResponse<String> read =
        client.send("POST", COUNT + "?consistency=quorum&timeout=3", "{}", "Eddy-Token", token);
    assertThat(read.headers().firstValue("Eddy-Positions")).contains("0=17,1=20");
    assertThat(read.headers().firstValue("Eddy-Shards")).contains("2/2");
    assertThat(services.lastAsked())
        .contains("strong=true")
        .contains("offsets={0=7}")
        .contains("timeout=PT3S");
    assertThat(client.send("POST", COUNT, "{}", "Eddy-Token", "nonsense").statusCode())
        .isEqualTo(400);
  }
}
