package dev.eddy.standalone.fuzz;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.standalone.RunningEddy;
import dev.eddy.standalone.RunningEddy.Answered;
import dev.eddy.standalone.golden.GoldenAnswersIT;
import dev.eddy.standalone.golden.GoldenFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The collections that are asked about, as they are, and as they are made again. */
final class WorldState {
  private static final Set<String> KEPT = Set.of("words", "mixed", "strict");

  /** Goes on by itself after a write. */
  private static final Pattern PASSING =
      Pattern.compile(
          "\"(status|indexed_vectors_count|segments_count|update_queue|time)\":(\"[a-z]+\"|[0-9.E-]+|\\{[^}]*})");

  private final RunningEddy eddy;

  WorldState(RunningEddy eddy) {
    this.eddy = eddy;
  }

  private Answered ask(String method, String path, String body) {
    try {
      return eddy.rest(method, path, body);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a refused request must leave as it is. */
  String told() {
    TreeMap<String, String> told = new TreeMap<>();
    told.put("", PASSING.matcher(ask("GET", "/aliases", "").body()).replaceAll(""));
    for (String name : names()) {
      if (KEPT.contains(name)) {
        String info = ask("GET", "/collections/" + name, "").body();
        Answered points =
            ask(
                "POST",
                "/collections/" + name + "/points/scroll?consistency=all",
                "{\"limit\":15,\"with_vector\":true}");
        told.put(
            name,
            PASSING.matcher(info).replaceAll("")
                + points.header("eddy-positions")
                + PASSING.matcher(points.body()).replaceAll(""));
      } else {
        told.put(name, "");
      }
    }
    return told.toString();
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    byte[] body = ask("GET", "/collections", "").body().getBytes(StandardCharsets.UTF_8);
    if (JsonCodec.parseTrusted(body) instanceof JsonObject envelope
        && envelope.members().get("result") instanceof JsonObject result
        && result.members().get("collections") instanceof JsonArray(List<JsonValue> all)) {
      for (JsonValue each : all) {
        if (each instanceof JsonObject one
            && one.members().get("name") instanceof JsonString(String name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** Makes the collections again that are gone, removes those that are new, lifts limits. */
  void restore() {
    Set<String> names = names();
    for (String name : names) {
      if (!KEPT.contains(name)) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        ask("DELETE", "/collections/" + encoded, "");
      }
    }
    for (String name : List.of("words", "mixed")) {
      ask("PATCH", "/collections/" + name, "{\"strict_mode_config\":{\"enabled\":false}}");
    }
    List<GoldenFile.Exchange> all =
        new ArrayList<>(
            GoldenFile.read(GoldenAnswersIT.FOLDER.resolve("fixture.http")).exchanges());
    for (GoldenFile.Exchange exchange : all) {
      String[] line = exchange.line().split(" ", 3);
      ask(line[0], line[1], exchange.body() + (line.length > 2 ? line[2] : ""));
    }
  }
}
