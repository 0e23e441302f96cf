package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import dev.eddy.query.world.StoredOnlyFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Sends every field of the public description, one at a time. Each must change what a service is
 * asked for, or be refused by its name or that of what it is part of, with 501 or as something that
 * no vector can be made of: no known field is ever taken and forgotten.
 *
 * <p>{@code fields.txt} lists the fields, {@code hosts.txt} the requests to put them into.
 */
class FieldCoverageTest {
  /** Taken without any effect, each for its reason. */
  private static final Map<String, String> NO_EFFECT =
      Map.of(
          "ScalarQuantizationConfig.type", "there is one, and it must be given",
          "SearchParams.acorn", "filtered walks give up for a scan of what matches",
          "AcornSearchParams.enable", "filtered walks give up for a scan of what matches",
          "AcornSearchParams.max_selectivity", "filtered walks give up for a scan of what matches",
          "SetPayload.filter", "ids win where both are given",
          "DeletePayload.filter", "ids win where both are given",
          "FacetRequest.exact", "counts are always exact");

  private record Host(String method, String path, String template) {
    /** The body with a field in its place; null = the place left empty. */
    String body(String field) {
      String placed = template.replace("@", field);
      return placed.replace("{,", "{").replace(",,", ",").replace(",}", "}");
    }
  }

  private record Field(String object, String name, String kind) {
    @Override
    public String toString() {
      return object + "." + name;
    }
  }

  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, String> samples = new HashMap<>();
  private final List<Field> fields = new ArrayList<>();

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = FieldCoverageTest.class.getResourceAsStream("/rest-api/" + resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private void load() throws IOException {
    for (String line : lines("fields.txt")) {
      String[] parts = line.split("[. ]", 3);
      fields.add(new Field(parts[0], parts[1], parts[2]));
    }
    for (String line : lines("hosts.txt")) {
      if (line.startsWith("  ")) {
        String[] parts = line.trim().split(" ", 2);
        samples.put(parts[0], parts[1]);
      } else {
        String[] parts = line.split(" ", 4);
        for (String object : parts[0].split(",")) {
          hosts.put(object, new Host(parts[1], parts[2], parts[3]));
        }
      }
    }
  }

  private String sample(Field field) {
    String given = samples.get(field.toString());
    if (given != null) {
      return given;
    }
    return switch (field.kind()) {
      case "integer" -> "17";
      case "number" -> "0.75";
      case "string", "any" -> "\"words\"";
      case "boolean" -> "true";
      case "list" -> "[1]";
      case "object" -> "{\"a\":1}";
      default -> '"' + field.kind().substring("word:".length()) + '"';
    };
  }

  @Test
  void everyFieldHasAnEffectOrIsRefusedByName() throws IOException {
    load();
    List<String> wrong = new ArrayList<>();
    for (Field field : fields) {
      Host host = hosts.get(field.object());
      if (host == null) {
        wrong.add(field + ": no request to put it into");
        continue;
      }
      String verdict = verdict(field, host);
      if (!verdict.isEmpty()) {
        wrong.add(field + ": " + verdict);
      }
    }
    assertThat(fields).hasSizeGreaterThan(350);
    assertThat(wrong).isEmpty();
  }

  private String verdict(Field field, Host host) {
    String with = host.body("\"" + field.name() + "\":" + sample(field));
    HttpResponse<String> response = send(host, with);
    String asked = services.asked.toString();
    String answer = response.statusCode() + " " + response.body();
    if (response.statusCode() == 501) {
      String name = RestClient.untimed(response).replaceAll("^.*Not implemented: |\".*$", "");
      String head = name.split("[.\\[ ]", 2)[0];
      boolean isNamed = name.contains(field.name()) || with.contains("\"" + head + "\"");
      return isNamed ? "" : "refused by another name: " + answer;
    }
    if (response.statusCode() == 400 && answer.contains("Inference error: ")) {
      String what = answer.replaceAll("^.*: an (\\w+) can't be made a vector.*$", "$1");
      return with.contains("\"" + what + "\"") ? "" : "refused by another name: " + answer;
    }
    if (response.statusCode() != 200) {
      return with + " gave " + answer;
    }
    HttpResponse<String> without = send(host, host.body(""));
    boolean hasEffect = without.statusCode() != 200 || !asked.equals(services.asked.toString());
    return hasEffect || NO_EFFECT.containsKey(field.toString()) ? "" : "no effect: " + with;
  }

  private HttpResponse<String> send(Host host, String body) {
    services.reset();
    return client.send(host.method(), host.path(), body);
  }

  @Test
  void whatIsOnlyStoredIsShownBack() {
    String body =
        """
        {"vectors":{"a":{"size":4,"distance":"Dot","on_disk":true,"memory":"cached","datatype":"float32",
           "quantization_config":{"binary":{"query_encoding":"scalar4bits"}}}},
         "quantization_config":{"scalar":{"type":"int8","quantile":0.99}},
         "sparse_vectors":{"s":{"index":{"full_scan_threshold":82,"on_disk":true,"memory":"pinned","datatype":"float16"},
           "modifier":"idf"}},
         "write_consistency_factor":3,"on_disk_payload":false,"payload":{"memory":"cold"},
         "wal_config":{"wal_capacity_mb":71,"wal_segments_ahead":72,"wal_retain_closed":73},
         "optimizers_config":{"deleted_threshold":0.5,"vacuum_min_vector_number":174,
           "default_segment_number":75,"max_segment_size":76,"memmap_threshold":77,
           "flush_interval_sec":78,"max_optimization_threads":79,"prevent_unoptimized":true},
         "hnsw_config":{"max_indexing_threads":80,"on_disk":true,"memory":"pinned","payload_m":81,
           "inline_storage":true},
         "metadata":{"owner":"me"}}
        """;
    assertThat(StoredOnlyFields.documented())
        .hasSizeGreaterThan(20)
        .allMatch(path ->
            path.startsWith("params.")
                || body.contains("\"" + path.substring(path.lastIndexOf('.') + 1) + "\":"));
    assertThat(client.send("PUT", "/collections/stored", body).statusCode()).isEqualTo(200);
    assertThat(client.get("/collections/stored").body())
        .contains(
            "\"size\":4,\"distance\":\"Dot\",\"on_disk\":true,\"memory\":\"cached\",\"datatype\":\"float32\",\"quantization_config\":{\"binary\":{\"query_encoding\":\"scalar4bits\"}}}")
        .contains("\"quantization_config\":{\"scalar\":{\"type\":\"int8\",\"quantile\":0.99}}")
        .contains(
            "\"write_consistency_factor\":3,\"on_disk_payload\":false,\"payload\":{\"memory\":\"cold\"}")
        .contains("\"wal_capacity_mb\":71,\"wal_segments_ahead\":72,\"wal_retain_closed\":73")
        .contains(
            "\"deleted_threshold\":0.5,\"vacuum_min_vector_number\":174,\"default_segment_number\":75,\"max_segment_size\":76,\"memmap_threshold\":77,\"indexing_threshold\":10000,\"flush_interval_sec\":78,\"max_optimization_threads\":79,\"prevent_unoptimized\":true")
        .contains(
            "\"max_indexing_threads\":80,\"on_disk\":true,\"memory\":\"pinned\",\"payload_m\":81,\"inline_storage\":true")
        .contains(
            "\"sparse_vectors\":{\"s\":{\"index\":{\"full_scan_threshold\":82,\"on_disk\":true,\"memory\":\"pinned\",\"datatype\":\"float16\"},\"modifier\":\"idf\"}}")
        .contains("\"metadata\":{\"owner\":\"me\"}");
  }
}
