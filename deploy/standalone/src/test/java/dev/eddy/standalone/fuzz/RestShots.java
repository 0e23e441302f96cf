package dev.eddy.standalone.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eddy.standalone.fuzz.Shot.Framing;
import dev.eddy.standalone.golden.GoldenAnswersIT;
import dev.eddy.standalone.golden.GoldenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes requests out of those of the golden files: operations come about equally often, changed at
 * one or a few of their parts. Used by one thread.
 */
final class RestShots {
  private static final String JSON = "Content-Type: application/json";
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "FOO");
  private static final List<String> SEGMENTS =
      List.of(
          "words",
          "mixed",
          "vocabulary",
          "nobody",
          "%00",
          "%2F",
          "%ff%fe",
          "%zz",
          "..",
          ".",
          "",
          " ",
          "0",
          "-1",
          "18446744073709551616",
          "aliases",
          "points",
          "a%20b",
          "\u00e9",
          "x".repeat(300),
          "{collection_name}",
          "a;b=c",
          "%E2%80%AE",
          "_eddy",
          "1");
  private static final List<String> PARAMETERS =
      List.of(
          "wait=true",
          "wait=false",
          "wait=1",
          "wait",
          "wait=true&wait=false",
          "ordering=strong",
          "ordering=",
          "timeout=0",
          "timeout=1",
          "timeout=-1",
          "timeout=99999999999999999999",
          "timeout=1.5",
          "consistency=all",
          "consistency=0",
          "consistency=2",
          "consistency=x",
          "details_level=3",
          "details_level=-1",
          "details_level=9999999999",
          "anonymize=true",
          "per_collection=true",
          "with=queued,completed,idle_segments,x",
          "%",
          "%zz=%ff",
          "=",
          "&&&",
          "a=%00",
          "timeout=%31",
          "force=true",
          "x=" + "y".repeat(3_000));
  private static final List<String> HEADERS =
      List.of(
          "Accept-Encoding: gzip",
          "Accept-Encoding: gzip;q=0, *;q=x",
          "Accept-Encoding: ,;,",
          "Origin: null",
          "Eddy-Token: x",
          "Eddy-Token: AAAA",
          "Content-Type: text/plain",
          "Content-Type: application/json; charset=utf-16",
          "Content-Type: x",
          "Accept: text/html",
          "Content-Encoding: gzip",
          "Content-Encoding: br",
          "Content-Encoding: identity",
          "Expect: 100-continue",
          "X-Long: " + "z".repeat(6_000),
          "api-key: x",
          "Connection: close",
          "Access-Control-Request-Method: POST",
          "Cookie: a=b");

  /** Most of what is in these folders answers the same whatever is asked. */
  private static final Set<String> REFUSED = Set.of("cluster", "snapshots");

  /** Bodies that would only be slow: making hundreds of shards is no test of a reader. */
  private static final Pattern SLOW =
      Pattern.compile("(shard_number|replication_factor)\"?:\\s*\\+?\\d{2}");

  private final Random random;
  private final JsonMutator json;
  private final ByteMutator bytes;
  private final List<List<Shot>> byOperation = new ArrayList<>();
  private final List<List<Shot>> refused = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();

  RestShots(Random random) throws IOException {
    this.random = random;
    List<String> values = new ArrayList<>();
    for (Path file : GoldenAnswersIT.files(".http")) {
      List<Shot> shots = new ArrayList<>();
      for (GoldenFile.Exchange exchange : GoldenFile.read(file).exchanges()) {
        Shot shot = shot(exchange);
        shots.add(shot);
        String body = new String(shot.body(), UTF_8);
        if (!body.isEmpty()) {
          bodies.add(body);
          values.addAll(JsonMutator.valuesOf(body));
        }
      }
      (REFUSED.contains(file.getName(file.getNameCount() - 2).toString()) ? refused : byOperation)
          .add(shots);
    }
    json = new JsonMutator(random, values);
    bytes = new ByteMutator(random);
  }

  private static Shot shot(GoldenFile.Exchange exchange) {
    String[] line = exchange.line().split(" ", 3);
    String body = exchange.body() + (line.length > 2 ? line[2] : "");
    List<String> headers = new ArrayList<>(exchange.headers());
    headers.add(JSON);
    return new Shot(
        line[0],
        line[1],
        headers,
        body.getBytes(UTF_8),
        body.isEmpty() ? Framing.NONE : Framing.LENGTH);
  }

  Shot next() {
    List<Shot> shots = oneOf(random.nextInt(5) == 0 ? refused : byOperation);
    Shot shot = oneOf(shots);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      shot = changed(shot);
    }
    return SLOW.matcher(new String(shot.body(), UTF_8)).find() ? oneOf(shots) : shot;
  }

  private Shot changed(Shot shot) {
    String body = new String(shot.body(), UTF_8);
    return switch (random.nextInt(20)) {
      case 0 -> with(shot, oneOf(METHODS), shot.target());
      case 1 -> with(shot, shot.method(), segmentChanged(shot.target()));
      case 2, 3 -> with(shot, shot.method(), parameterAdded(shot.target()));
      case 4 -> withHeader(shot, oneOf(HEADERS));
      case 5 -> withBody(shot, oneOf(bodies).getBytes(UTF_8));
      case 6 -> withBody(shot, bytes.mutate(shot.body()));
      case 7 -> reframed(shot);
      case 8 -> zipped(shot);
      default ->
          body.isEmpty() && random.nextInt(4) > 0
              ? withBody(shot, new byte[0])
              : withBody(shot, json.mutate(body).getBytes(UTF_8));
    };
  }

  private String segmentChanged(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    String[] segments = path.substring(1).split("/", -1);
    int at = random.nextInt(segments.length);
    segments[at] = random.nextInt(4) == 0 ? segments[at] + "/" + oneOf(SEGMENTS) : oneOf(SEGMENTS);
    return "/" + String.join("/", segments) + (query < 0 ? "" : target.substring(query));
  }

  private String parameterAdded(String target) {
    return target + (target.indexOf('?') < 0 ? "?" : "&") + oneOf(PARAMETERS);
  }

  private Shot reframed(Shot shot) {
    Framing[] framings = Framing.values();
    Framing framing = framings[random.nextInt(framings.length)];
    return new Shot(shot.method(), shot.target(), shot.headers(), shot.body(), framing);
  }

  private Shot zipped(Shot shot) {
    byte[] zipped = ByteMutator.gzip(shot.body());
    byte[] sent = random.nextBoolean() ? zipped : bytes.mutate(zipped);
    return withHeader(withBody(shot, sent), "Content-Encoding: gzip");
  }

  private static Shot with(Shot shot, String method, String target) {
    return new Shot(method, target, shot.headers(), shot.body(), shot.framing());
  }

  private static Shot withHeader(Shot shot, String header) {
    List<String> headers = new ArrayList<>(shot.headers());
    headers.add(header);
    return new Shot(shot.method(), shot.target(), headers, shot.body(), shot.framing());
  }

  private static Shot withBody(Shot shot, byte[] body) {
    Framing framing = shot.framing() == Framing.NONE ? Framing.LENGTH : shot.framing();
    return new Shot(shot.method(), shot.target(), shot.headers(), body, framing);
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
