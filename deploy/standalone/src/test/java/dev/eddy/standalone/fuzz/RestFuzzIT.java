package dev.eddy.standalone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.standalone.RunningEddy;
import dev.eddy.standalone.fuzz.RawHttp.Answer;
import dev.eddy.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent over HTTP: the server answers, never with a failure of its own, refuses in the
 * contract's envelope, changes nothing when it refuses, and gives back what it took. {@code
 * -Dfuzz.requests} and {@code -Dfuzz.seed} make it longer and different.
 */
class RestFuzzIT {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1_200);
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_126L);
  private static final int LISTED_MAX = 20;

  /** Of these only one in so many is checked for changes, to have time for more of them. */
  private static final int READS_CHECKED = 10;

  private static final Pattern READS =
      Pattern.compile(
          "(GET|HEAD|OPTIONS|TRACE) .*|POST .*/(points|scroll|count|query|search|recommend|discover|facet)(/(groups|batch|matrix/\\w+))?(\\?.*)?");

  private final Random random = new Random(SEED);
  private final List<String> wrong = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();

  @Test
  void noRequestBreaksTheServer(@TempDir Path data) throws Exception {
    System.out.printf("rest_fuzz seed=%d requests=%d%n", SEED, REQUESTS);
    try (RunningEddy eddy = RunningEddy.start(data)) {
      WorldState world = new WorldState(eddy);
      world.restore();
      RestShots shots = new RestShots(random);
      fire(eddy, world, shots, REQUESTS / 10); // Pools are as large afterwards as they get.
      Footprint before = Footprint.now(eddy.restPort());
      fire(eddy, world, shots, REQUESTS);
      Await.until(
          "threads, direct memory and connections settle",
          () -> Footprint.now(eddy.restPort()).isSettled(before));
      System.out.printf("rest_fuzz seed=%d statuses=%s%n", SEED, statuses);
      assertThat(eddy.rest("GET", "/collections/words/exists", "").body()).contains("true");
    }
    assertThat(wrong).as("seed %d", SEED).isEmpty();
    assertThat(statuses).as("requests of every fate").containsKeys(200, 400, 404, 422);
  }

  private void fire(RunningEddy eddy, WorldState world, RestShots shots, int count)
      throws IOException {
    String before = world.told();
    for (int i = 0; i < count && wrong.size() < LISTED_MAX; i++) {
      Shot shot = shots.next();
      int status = fire(eddy.restPort(), shot);
      statuses.merge(status, 1, Integer::sum);
      if (READS.matcher(shot.method() + " " + shot.target()).matches()
          && random.nextInt(READS_CHECKED) > 0) {
        continue;
      }
      String after = world.told();
      if (!after.equals(before) && isRefusal(status) && !mayChangeWhenRefused(shot, status)) {
        wrong.add(
            "refused with "
                + status
                + ", and yet changed: "
                + shot
                + "\n  "
                + before
                + "\n  "
                + after);
      }
      if (!after.equals(before)) {
        world.restore();
        before = world.told();
      }
    }
  }

  private static boolean isRefusal(int status) {
    return status >= 400;
  }

  /** Lists of operations stop at the first that fails; a write of unknown points is in the log. */
  private static boolean mayChangeWhenRefused(Shot shot, int status) {
    return shot.target().contains("/batch")
        || shot.target().contains("/aliases")
        || (status == 404 && shot.target().contains("wait=true"));
  }

  /** Sends it on a connection of its own and gives the status; 0 = closed without an answer. */
  private int fire(int port, Shot shot) throws IOException {
    boolean isLast = !shot.isSound() || random.nextInt(3) > 0;
    boolean hasBody = !shot.method().equals("HEAD");
    try (RawHttp http = new RawHttp(port)) {
      Answer answer = http.exchange(shot.bytes(), isLast, hasBody);
      if (hasBody) {
        check(shot, answer);
      }
      if (!isLast && answer.keepsOpen()) {
        checkNext(http, shot);
      }
      return answer.status();
    } catch (EOFException e) {
      if (shot.isSound()) {
        wrong.add("no answer (" + e.getMessage() + "): " + shot);
      }
      return 0;
    } catch (IOException | RuntimeException e) {
      wrong.add(e + ": " + shot);
      return 0;
    }
  }

  /** What was left over of a request is not taken for the next one. */
  private void checkNext(RawHttp http, Shot shot) throws IOException {
    byte[] probe = new Shot("GET", "/healthz", List.of(), new byte[0], Shot.Framing.NONE).bytes();
    Answer next = http.exchange(probe, true, true);
    if (next.status() != 200 || !next.text().equals("healthz check passed")) {
      wrong.add(
          "the next request on the connection got "
              + next.status()
              + " "
              + next.text()
              + " after "
              + shot);
    }
  }

  private void check(Shot shot, Answer answer) throws IOException {
    int status = answer.status();
    boolean isReadiness = status == 503 && shot.target().startsWith("/readyz");
    boolean isUnknownRoute = status == 404 && answer.body().length == 0;
    boolean isJson = answer.header("content-type").startsWith("application/json");
    if (status >= 500 && status != 501 && !isReadiness) {
      wrong.add(status + " " + answer.text() + " to " + shot);
    } else if (status >= 400 && !isReadiness && !isUnknownRoute && !isRefusal(json(answer))) {
      wrong.add("no envelope: " + status + " " + answer.text() + " to " + shot);
    } else if (isJson && (json(answer) == null || answer.text().contains("\"score\":\""))) {
      wrong.add(
          "no JSON, or a score that is a text: " + status + " " + answer.text() + " to " + shot);
    }
  }

  private static boolean isRefusal(@Nullable JsonValue answer) {
    return answer instanceof JsonObject envelope
        && envelope.members().get("status") instanceof JsonObject status
        && status.members().get("error") instanceof JsonString(String text)
        && !text.isBlank()
        && envelope.members().containsKey("time");
  }

  /** The body, read strictly: a number that is none, for instance, is no JSON. */
  private static @Nullable JsonValue json(Answer answer) throws IOException {
    InputStream body = new ByteArrayInputStream(answer.body());
    boolean isZipped = answer.header("content-encoding").equals("gzip");
    try (JsonParser parser =
        new JsonFactory().createParser(isZipped ? new GZIPInputStream(body) : body)) {
      parser.nextToken();
      JsonValue value = JsonCodec.read(parser);
      return parser.nextToken() == null ? value : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
