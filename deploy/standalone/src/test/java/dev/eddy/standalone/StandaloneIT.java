package dev.eddy.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.standalone.RunningEddy.Answered;
import dev.eddy.testkit.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's first steps against everything in one process, and the same data after a restart.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandaloneIT {
  private RunningEddy eddy;
  private Path folder = Path.of("");

  @BeforeAll
  void start(@TempDir Path data) {
    folder = data;
    eddy = RunningEddy.start(data);
  }

  @AfterAll
  void stop() {
    eddy.close();
  }

  private Answered ok(String method, String path, String body) throws Exception {
    Answered answered = eddy.rest(method, path, body);
    assertThat(answered.status()).as("%s %s: %s", method, path, answered.body()).isEqualTo(200);
    return answered;
  }

  private void create(String name) throws Exception {
    ok("PUT", "/collections/" + name, "{\"vectors\":{\"size\":4,\"distance\":\"Cosine\"}}");
  }

  private void produce(String key, String value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", eddy.kafka(), "enable.metrics.push", "false"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("eddy.points", key.getBytes(UTF_8), value.getBytes(UTF_8)))
          .get();
    }
  }

  @Test
  void pointsOverRestAndFromAPlainProducerAreFoundTogether() throws Exception {
    create("words");
    ok(
        "PUT",
        "/collections/words/points?wait=true",
        "{\"points\":[{\"id\":1,\"vector\":[0.9,0.1,0.1,0.2],\"payload\":{\"word\":\"river\"}},"
            + "{\"id\":2,\"vector\":[0.1,0.8,0.3,0.1],\"payload\":{\"word\":\"stone\"}}]}");
    produce(
        "3",
        "{\"collection_name\":\"words\",\"id\":3,\"vector\":[0.8,0.2,0.2,0.1],\"payload\":{\"word\":\"stream\"}}");
    Await.until(
        "the inbox's point is searchable",
        () ->
            eddy.rest(
                    "POST",
                    "/collections/words/points/query",
                    "{\"query\":[0.85,0.15,0.15,0.15],\"limit\":3,\"with_payload\":true}")
                .body()
                .contains("stream"));
    String counted = ok("POST", "/collections/words/points/count", "{}").body();
    assertThat(counted).contains("\"count\":3");
    assertThat(ok("GET", "/eddy/status", "").body())
        .contains("\"words\"", "SERVING", "\"controller\"");
  }

  @Test
  void documentsAreFoundByTheirWords() throws Exception {
    ok("PUT", "/collections/texts", "{\"sparse_vectors\":{\"words\":{\"modifier\":\"idf\"}}}");
    String vector = "{\"words\":{\"text\":\"%s\",\"model\":\"qdrant/bm25\"}}";
    ok(
        "PUT",
        "/collections/texts/points?wait=true",
        "{\"points\":[{\"id\":1,\"vector\":%s},{\"id\":2,\"vector\":%s}]}"
            .formatted(
                vector.formatted("Rivers run to the sea"),
                vector.formatted("A stone in the river, the running river")));
    produce(
        "3",
        "{\"collection_name\":\"texts\",\"id\":3,\"vector\":%s}"
            .formatted(vector.formatted("Streams of letters")));
    String asked =
        "{\"query\":{\"text\":\"%s\",\"model\":\"qdrant/bm25\"},\"using\":\"words\",\"limit\":3}";
    Await.until(
        "the inbox's document is searchable",
        () ->
            eddy.rest(
                    "POST",
                    "/collections/texts/points/query",
                    asked.formatted("the letter streams"))
                .body()
                .contains("\"id\":3"));
    assertThat(ok("POST", "/collections/texts/points/query", asked.formatted("river")).body())
        .matches(".*\"id\":2,.*\"id\":1,.*")
        .doesNotContain("\"id\":3");
    assertThat(
            eddy.rest(
                    "POST",
                    "/collections/texts/points/query",
                    asked.formatted("river").replace("qdrant/bm25", "another"))
                .body())
        .contains("Inference error: query: model \\\"another\\\" is not served");
  }

  @Test
  void whatWasAcknowledgedIsThereAfterARestart() throws Exception {
    create("kept");
    for (int id = 1; id <= 20; id++) {
      ok(
          "PUT",
          "/collections/kept/points",
          "{\"points\":[{\"id\":%d,\"vector\":[%d,1,1,1]}]}".formatted(id, id));
    }
    eddy.close();
    eddy = RunningEddy.start(folder);
    Await.until(
        "all points are back",
        () ->
            eddy.rest("POST", "/collections/kept/points/count", "{}")
                .body()
                .contains("\"count\":20"));
  }

  /** Of a limit of one percent, which any disk that holds this is beyond. */
  @Test
  void quotasHoldOverARestartAndLetDeletesPass() throws Exception {
    create("full");
    String upsert = "{\"points\":[{\"id\":1,\"vector\":[1,1,1,1]}]}";
    ok("PUT", "/collections/full/points?wait=true", upsert);
    String quotas = "{\"enabled\":true,\"max_disk_usage_percent\":1,\"release_margin_percent\":0}";
    ok("PUT", "/quotas?wait=true", quotas);
    try {
      eddy.close();
      eddy = RunningEddy.start(folder);
      assertThat(ok("GET", "/quotas", "").body())
          .contains("\"config\":" + quotas)
          .containsPattern("\"disk_usage_percent\":[1-9]");
      Answered refused = eddy.rest("PUT", "/collections/full/points?wait=true", upsert);
      assertThat(refused.status()).isEqualTo(507);
      assertThat(refused.body()).contains("Quota exceeded: disk usage of this node is at ");
      assertThat(ok("GET", "/telemetry", "").body())
          .contains("\"exceeded\":{\"resident_memory\":null,\"disk_usage\":true}");
      Await.until(
          "the point is back",
          () ->
              eddy.rest("POST", "/collections/full/points/count", "{}")
                  .body()
                  .contains("\"count\":1"));
      ok("POST", "/collections/full/points/delete?wait=true", "{\"points\":[1]}");
    } finally {
      ok("PUT", "/quotas", "{\"enabled\":false}");
    }
    ok("PUT", "/collections/full/points?wait=true", upsert);
  }

  @Test
  void badInputIsRefusedByNameAndChangesNothing() throws Exception {
    create("strict");
    Map<String, List<String>> refusals =
        Map.of(
            "{\"points\":[{\"id\":1,\"vector\":[1,2]}]}",
            List.of("400", "Vector dimension error: expected dim: 4, got 2"),
            "{\"points\":[{\"id\":1,\"vector\":{\"x\":[1,2,3,4]}}]}",
            List.of("400", "Not existing vector name error: x"),
            "{\"points\":[{\"id\":-1,\"vector\":[1,2,3,4]}]}",
            List.of("400", ""),
            "{\"points\":",
            List.of("400", "Format error in JSON body"));
    for (Map.Entry<String, List<String>> refusal : refusals.entrySet()) {
      Answered answered =
          eddy.rest("PUT", "/collections/strict/points?wait=true", refusal.getKey());
      assertThat(Objects.toString(answered.status()))
          .as(refusal.getKey())
          .isEqualTo(refusal.getValue().getFirst());
      assertThat(answered.body()).contains(refusal.getValue().getLast());
    }
    assertThat(ok("POST", "/collections/strict/points/count", "{}").body()).contains("\"count\":0");
    assertThat(
            eddy.rest(
                    "PUT",
                    "/collections/nowhere/points",
                    "{\"points\":[{\"id\":1,\"vector\":[1]}]}")
                .status())
        .isEqualTo(404);
  }
}
