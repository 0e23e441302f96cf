package dev.eddy.query.twins;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.query.grpc.GrpcEdge;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.rest.RestEdge;
import dev.eddy.query.rest.RestSettings;
import dev.eddy.query.world.FakeServices;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever can be asked over REST can be asked over gRPC, and means the same. {@code twins.txt}
 * pairs the operations; the operations themselves are those that the edges really serve.
 */
class TwinsTest {
  /** Methods that are no operation's twin, each for its reason. */
  private static final Map<String, String> WITHOUT_REST =
      Map.of(
          "grpc.health.v1.Health", "the probe that gRPC tools know; eddy.v1.Node has the texts",
          "grpc.reflection.v1.ServerReflection", "tells of the services themselves",
          "grpc.reflection.v1alpha.ServerReflection", "the same for older tools");

  private static final String NOT_BUILT = "501:";

  /**
   * An operation and its twin.
   *
   * @param operation method and pattern
   * @param twin full name of a gRPC method, or {@value #NOT_BUILT} and what is not built
   * @param rest path and body, empty where it is not built
   * @param grpc the same request in protobuf's text form
   */
  private record Pair(String operation, String twin, String rest, String grpc) {
    boolean isBuilt() {
      return !twin.startsWith(NOT_BUILT);
    }

    String method() {
      return operation.split(" ", 2)[0];
    }

    /** About another collection. */
    Pair about(String collection) {
      return new Pair(
          operation,
          twin,
          rest.replace("/collections/words", "/collections/" + collection),
          grpc.replace("collection_name:\"words\"", "collection_name:\"" + collection + "\""));
    }
  }

  /** What became of a request: a kind of outcome, its text, and what a service was asked for. */
  private record Outcome(Set<Integer> statuses, String text, String asked) {}

  private final FakeServices services = new FakeServices();
  private final RestEdge rest = services.rest(RestSettings.of("127.0.0.1", 0));
  private final GrpcEdge grpc = services.grpc(GrpcSettings.of("127.0.0.1", 0));
  private final HttpClient http = HttpClient.newHttpClient();
  private final ReflectedServer reflected = new ReflectedServer(grpc.port());
  private final List<Pair> pairs = pairs();

  @AfterEach
  void stop() {
    reflected.close();
    http.close();
    grpc.close();
    rest.close();
  }

  private static List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    List<String> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      String[] parts = lines.get(i).split(" = ", 2);
      boolean hasRequests = i + 1 < lines.size() && lines.get(i + 1).startsWith("  ");
      String grpc = hasRequests ? lines.get(i + 2).strip() : "";
      pairs.add(
          new Pair(
              parts[0],
              parts[1],
              hasRequests ? lines.get(i + 1).strip() : "",
              grpc.equals("-") ? "" : grpc));
      i += hasRequests ? 2 : 0;
    }
    return pairs;
  }

  private static List<String> lines() {
    try (InputStream in =
            Objects.requireNonNull(TwinsTest.class.getResourceAsStream("/twins/twins.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyRestOperationHasATwinThatIsServed() {
    List<String> served = rest.operations();
    assertThat(served).hasSizeGreaterThan(80).doesNotHaveDuplicates();
    assertThat(pairs).extracting(Pair::operation).containsExactlyInAnyOrderElementsOf(served);
    assertThat(reflected.methods())
        .containsAll(pairs.stream().filter(Pair::isBuilt).map(Pair::twin).toList());
  }

  @Test
  void everyGrpcMethodHasARestOperation() {
    Set<String> twins = new TreeSet<>(pairs.stream().map(Pair::twin).toList());
    List<String> alone =
        reflected.methods().stream()
            .filter(method -> !twins.contains(method))
            .filter(method -> !WITHOUT_REST.containsKey(method.substring(0, method.indexOf('/'))))
            .toList();
    assertThat(alone).isEmpty();
  }

  /** As soon as one is built, it is to be paired. */
  @Test
  void whatHasNoTwinIsNotBuiltEither() {
    for (Pair pair : pairs) {
      if (!pair.isBuilt()) {
        String path = pair.operation().split(" ", 2)[1].replace("{shard_id}", "0");
        path = path.replace("{collection_name}", "words").replace("{snapshot_name}", "s");
        assertThat(send(pair.method(), path, "").statusCode()).as(pair.operation()).isEqualTo(501);
      }
    }
  }

  @Test
  void twinsAskTheSameAndEndTheSame() {
    List<String> wrong = new ArrayList<>();
    for (Pair pair : pairs) {
      if (pair.isBuilt()) {
        compare(pair, wrong);
        if (pair.operation().contains("{collection_name}")) {
          compare(pair.about("nothing"), wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void compare(Pair pair, List<String> wrong) {
    Outcome overRest = overRest(pair);
    Outcome overGrpc = overGrpc(pair);
    boolean isSame =
        overRest.asked().equals(overGrpc.asked())
            && overGrpc.statuses().containsAll(overRest.statuses())
            && (overGrpc.text().isEmpty() || overRest.text().contains(overGrpc.text()));
    if (!isSame) {
      wrong.add(pair + "\n  REST " + overRest + "\n  gRPC " + overGrpc);
    }
  }

  private Outcome overRest(Pair pair) {
    services.reset();
    String[] request = pair.rest().split(" ", 2);
    HttpResponse<String> response =
        send(pair.method(), request[0], request.length < 2 ? "" : request[1]);
    String text = response.body().replace("\\\"", "\"");
    return new Outcome(Set.of(response.statusCode()), text, services.asked.toString());
  }

  private Outcome overGrpc(Pair pair) {
    services.reset();
    Status status = Status.OK;
    try {
      reflected.call(pair.twin(), pair.grpc());
    } catch (StatusRuntimeException e) {
      status = e.getStatus();
    }
    // Not built: the name of the method or of the operation, whichever was asked.
    boolean hasOwnText = pair.twin().startsWith("qdrant.Snapshots/");
    return new Outcome(
        statuses(status.getCode()),
        hasOwnText ? "" : String.valueOf(Objects.requireNonNullElse(status.getDescription(), "")),
        services.asked.toString());
  }

  /** The HTTP statuses that mean the same. */
  private static Set<Integer> statuses(Status.Code code) {
    return switch (code) {
      case OK -> Set.of(200);
      case NOT_FOUND -> Set.of(404);
      case INVALID_ARGUMENT -> Set.of(400, 422);
      case ALREADY_EXISTS -> Set.of(409);
      case UNIMPLEMENTED -> Set.of(405, 501);
      case RESOURCE_EXHAUSTED -> Set.of(429, 507);
      case UNAVAILABLE -> Set.of(503);
      default -> Set.of();
    };
  }

  @Test
  void ourOwnServicesAnswerWhatRestAnswers() throws Exception {
    for (Pair pair : pairs) {
      if (pair.twin().startsWith("eddy.v1.") && !pair.twin().startsWith("eddy.v1.Points/")) {
        compareAnswers(pair);
      }
    }
    for (String flags : List.of("per_collection", "anonymize")) {
      for (int level = 0; level <= 10; level++) {
        compareAnswers(
            new Pair(
                "GET /telemetry",
                "eddy.v1.Node/Telemetry",
                "/telemetry?details_level=%d&%s=true".formatted(level, flags),
                "details_level:%d %s:true".formatted(level, flags)));
      }
    }
  }

  private void compareAnswers(Pair pair) throws Exception {
    services.reset();
    String[] request = pair.rest().split(" ", 2);
    HttpResponse<String> response =
        send(pair.method(), request[0], request.length < 2 ? "" : request[1]);
    if (response.statusCode() != 200) {
      return; // Refused; how is compared elsewhere.
    }
    services.reset();
    Message answer = reflected.call(pair.twin(), pair.grpc());
    JsonObject message = object(JsonFormat.printer().preservingProtoFieldNames().print(answer));
    boolean isText = !response.headers().firstValue("Content-Type").orElse("").contains("json");
    if (isText) {
      assertThat(Plain.of(message.members().values().iterator().next()))
          .as(pair.operation())
          .isEqualTo(response.body());
      return;
    }
    JsonObject body = object(response.body());
    JsonValue told = body.members().getOrDefault("result", body);
    assertThat(lasting(Plain.of(message.members().getOrDefault("result", JsonValue.JsonNull.NULL))))
        .as(pair.rest())
        .isEqualTo(lasting(Plain.of(told)));
  }

  /** Of the memory of the process only what is told: the numbers change from call to call. */
  private static Object lasting(Object plain) {
    if (plain instanceof Map<?, ?> told && told.get("memory") instanceof Map<?, ?> memory) {
      Map<Object, Object> other = new HashMap<>(told);
      other.put("memory", memory.keySet());
      return other;
    }
    return plain;
  }

  private static JsonObject object(String json) throws IOException {
    return (JsonObject) JsonCodec.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The keys that the contract names for each level, and no others. */
  @Test
  void telemetryTellsMoreByLevel() throws Exception {
    Set<String> few = Set.of("id", "app", "collections", "cluster", "requests", "quota");
    Set<String> many = new TreeSet<>(few);
    many.addAll(List.of("memory", "hardware", "search_pool"));
    Map<Integer, Set<String>> ofCollection = new LinkedHashMap<>();
    ofCollection.put(1, Set.of("vectors", "optimizers_status", "params"));
    ofCollection.put(2, Set.of("id", "init_time_ms", "config"));
    Set<String> most =
        Set.of(
            "id",
            "init_time_ms",
            "config",
            "shards",
            "transfers",
            "resharding",
            "shard_clean_tasks");
    for (int level = 0; level <= 10; level++) {
      JsonObject told =
          member(object(send("GET", "/telemetry?details_level=" + level, "").body()), "result");
      assertThat(told.members().keySet()).as("level %d", level).isEqualTo(level == 0 ? few : many);
      JsonObject collections = member(told, "collections");
      if (level == 0) {
        assertThat(collections.members().keySet()).containsExactly("number_of_collections");
      } else {
        var all =
            (JsonValue.JsonArray) Objects.requireNonNull(collections.members().get("collections"));
        assertThat(((JsonObject) all.elements().getFirst()).members().keySet())
            .as("level %d", level)
            .isEqualTo(ofCollection.getOrDefault(level, most));
      }
    }
  }

  private static JsonObject member(JsonObject of, String name) {
    return (JsonObject) Objects.requireNonNull(of.members().get(name));
  }

  private HttpResponse<String> send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rest.port() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
