package dev.eddy.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every request of the documentation, page by page, against a server without collections, and
 * compares the answers with those that are printed. With {@code -Ddocs.write=true} the answers of
 * {@code docs/requests} are written anew: read the difference before it is committed.
 */
final class DocumentedRequestsIT {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path REQUESTS = ROOT.resolve("docs").resolve("requests");
  private static final int WIDTH = 118;
  private static final double TOLERANCE = 1e-5;

  @TempDir static Path folder;
  private static RunningEddy eddy;

  @BeforeAll
  static void start() {
    eddy = RunningEddy.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    eddy.close();
  }

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> requests = Files.list(REQUESTS)) {
      List<Path> pages = new ArrayList<>(requests.sorted().toList());
      pages.add(ROOT.resolve("README.md"));
      pages.add(ROOT.resolve("docs").resolve("api.md"));
      return pages.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyRequestIsAnsweredAsThePageSays(Path file) throws Exception {
    dropAll();
    RequestPage page = RequestPage.read(file);
    boolean isWritten = Boolean.getBoolean("docs.write") && file.startsWith(REQUESTS);
    List<String> fences = new ArrayList<>();
    for (RequestPage.Command command : page.commands()) {
      RunningEddy.Answered got = eddy.rest(command.method(), command.path(), command.body());
      if (isWritten) {
        fences.add(fence(got));
      } else {
        compare(file, command, got);
      }
    }
    if (isWritten) {
      page.write(fences);
    }
  }

  private static void dropAll() throws Exception {
    JsonValue answer = json(eddy.rest("GET", "/collections", "").body());
    JsonArray collections = (JsonArray) member(member(answer, "result"), "collections");
    for (JsonValue each : collections.elements()) {
      String name = ((JsonValue.JsonString) member(each, "name")).value();
      assertThat(eddy.rest("DELETE", "/collections/" + name, "").status()).isEqualTo(200);
    }
  }

  private static JsonValue member(JsonValue object, String name) {
    return requireNonNull(((JsonObject) object).members().get(name), name);
  }

  private static void compare(Path file, RequestPage.Command command, RunningEddy.Answered got)
      throws IOException {
    String place = "%s, line %d: %s".formatted(file, command.line(), got.body());
    if (command.answer().isEmpty()) {
      // The README shows some commands without their answers.
      assertThat(file.startsWith(REQUESTS)).as(place).isFalse();
      assertThat(got.status()).as(place).isEqualTo(200);
      return;
    }
    RequestPage.Answer wanted = command.answer().orElseThrow();
    assertThat(got.status()).as(place).isEqualTo(wanted.status());
    if (got.body().startsWith("{")) {
      assertThat(isSame(json(wanted.text()), json(got.body()))).as(place).isTrue();
    } else {
      assertThat(got.body()).as(place).isEqualTo(wanted.text());
    }
  }

  private static JsonValue json(String text) throws IOException {
    return JsonCodec.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same but for times; numbers of floats may differ in their last digits between machines. */
  private static boolean isSame(JsonValue wanted, JsonValue got) {
    return switch (wanted) {
      case JsonObject object ->
          got instanceof JsonObject other
              && object.members().keySet().equals(other.members().keySet())
              && object.members().entrySet().stream()
                  .allMatch(member ->
                      member.getKey().equals("time")
                          || isSame(member.getValue(), member(other, member.getKey())));
      case JsonArray array -> {
        boolean isSame =
            got instanceof JsonArray other && other.elements().size() == array.elements().size();
        for (int i = 0; isSame && i < array.elements().size(); i++) {
          isSame = isSame(array.elements().get(i), ((JsonArray) got).elements().get(i));
        }
        yield isSame;
      }
      case JsonDouble(double value) ->
          got instanceof JsonDouble(double other)
              && Math.abs(value - other) <= TOLERANCE * Math.max(1e-3, Math.abs(value));
      default -> wanted.equals(got);
    };
  }

  private static String fence(RunningEddy.Answered got) throws IOException {
    boolean isJson = got.body().startsWith("{");
    String body = isJson ? pretty(timeless(json(got.body())), "") : got.body();
    return "```%s%s\n%s\n```"
        .formatted(isJson ? "json" : "text", got.status() == 200 ? "" : " " + got.status(), body);
  }

  private static JsonValue timeless(JsonValue answer) {
    Map<String, JsonValue> members = new LinkedHashMap<>(((JsonObject) answer).members());
    members.computeIfPresent("time", (key, seconds) -> new JsonDouble(0.001));
    return new JsonObject(members);
  }

  /** On one line where that fits, else each member or element on lines of its own. */
  private static String pretty(JsonValue value, String indent) {
    String line = JsonCodec.text(value);
    if (indent.length() + line.length() <= WIDTH) {
      return line;
    }
    String inner = indent + "  ";
    List<String> parts = new ArrayList<>();
    return switch (value) {
      case JsonObject object -> {
        object
            .members()
            .forEach((key, member) ->
                parts.add(
                    inner
                        + JsonCodec.text(new JsonValue.JsonString(key))
                        + ": "
                        + pretty(member, inner)));
        yield "{\n" + String.join(",\n", parts) + "\n" + indent + "}";
      }
      case JsonArray array -> {
        array.elements().forEach(element -> parts.add(inner + pretty(element, inner)));
        yield "[\n" + String.join(",\n", parts) + "\n" + indent + "]";
      }
      default -> line;
    };
  }
}
