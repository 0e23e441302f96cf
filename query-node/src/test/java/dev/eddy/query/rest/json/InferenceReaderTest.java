package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents are taken wherever a vector is, and weighed by what they are for. */
final class InferenceReaderTest {
  private static final String DOCUMENT = "{\"text\":\"Hello World\",\"model\":\"qdrant/bm25\"}";
  private static final String ASKED = "[74040069, 613153351][1.0, 1.0]";
  private static final String STORED = "[74040069, 613153351][1.6832038, 1.6832038]";

  private static <T> T read(String body, JsonBody.Reader<T> reader) throws IOException {
    return JsonBody.read(
        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), "", reader);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$",
        "{\"nearest\":$}",
        "{\"nearest\":$,\"mmr\":{}}",
        "{\"recommend\":{\"positive\":[$]}}",
        "{\"recommend\":{\"positive\":[1],\"negative\":[$],\"strategy\":\"best_score\"}}",
        "{\"discover\":{\"target\":$,\"context\":[{\"positive\":1,\"negative\":2}]}}",
        "{\"discover\":{\"target\":1,\"context\":{\"positive\":$,\"negative\":2}}}",
        "{\"context\":[{\"positive\":1,\"negative\":$}]}",
        "{\"relevance_feedback\":{\"target\":$,\"feedback\":[{\"example\":1,\"score\":1}],\"strategy\":{\"naive\":{\"a\":1,\"b\":1,\"c\":1}}}}",
        "{\"relevance_feedback\":{\"target\":1,\"feedback\":[{\"example\":$,\"score\":1}],\"strategy\":{\"naive\":{\"a\":1,\"b\":1,\"c\":1}}}}",
      })
  void everyQueryTakesDocuments(String query) throws IOException {
    String asked = query.replace("$", DOCUMENT);
    assertThat(read("{\"query\":" + asked + "}", QueryReader::query).toString()).contains(ASKED);
    String prefetch = "{\"prefetch\":{\"prefetch\":[{\"query\":" + asked + "}],\"query\":1}}";
    assertThat(read(prefetch, QueryReader::query).toString()).contains(ASKED);
    String groups = "{\"query\":" + asked + ",\"group_by\":\"a\"}";
    assertThat(read(groups, QueryReader::queryGroups).toString()).contains(ASKED);
    String batch = "{\"searches\":[{\"query\":" + asked + "}]}";
    assertThat(read(batch, body -> QueryReader.batch(body, QueryReader::query)).toString())
        .contains(ASKED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"upsert\":{\"points\":[{\"id\":1,\"vector\":{\"s\":$}}]}}",
        "{\"upsert\":{\"batch\":{\"ids\":[1],\"vectors\":{\"s\":[$]}}}}",
        "{\"update_vectors\":{\"points\":[{\"id\":1,\"vector\":{\"s\":$}}]}}",
        // For the unnamed vector, which the collection will refuse: it is never sparse.
        "{\"upsert\":{\"points\":[{\"id\":1,\"vector\":$}]}}",
        "{\"upsert\":{\"batch\":{\"ids\":[1],\"vectors\":[$]}}}",
      })
  void everyWriteOfVectorsTakesDocuments(String operation) throws IOException {
    String body = "{\"operations\":[" + operation.replace("$", DOCUMENT) + "]}";
    assertThat(read(body, UpdateReader::operations).toString()).contains(STORED);
  }

  private static Vectors vectors(String vector) throws IOException {
    Update update =
        read("{\"points\":[{\"id\":1,\"vector\":" + vector + "}]}", UpsertReader::readVectors);
    List<PointVectors> points = ((Update.UpdateVectors) update).points();
    return points.getFirst().vectors();
  }

  @Test
  void vectorsMayHaveTheNamesOfADocumentsFields() throws IOException {
    Vector sparse = new Vector.Sparse(new int[] {7}, new float[] {0.5f});
    Vector dense = new Vector.Dense(new float[] {1, 2});
    for (String name : List.of("text", "model", "options", "image", "object")) {
      assertThat(vectors("{\"" + name + "\":{\"indices\":[7],\"values\":[0.5]}}"))
          .isEqualTo(new Vectors(Map.of(name, sparse)));
      assertThat(vectors("{\"" + name + "\":[1,2]}")).isEqualTo(new Vectors(Map.of(name, dense)));
      assertThat(vectors("{\"" + name + "\":" + DOCUMENT + "}").toString()).contains(name, STORED);
    }
  }

  @Test
  void optionsMayComeBeforeTheTextAndBeNull() throws IOException {
    String early =
        "{\"options\":{\"k\":0,\"language\":\"none\"},\"text\":\"hello\",\"model\":\"bm25\"}";
    Vector one = new Vector.Sparse(new int[] {613_153_351}, new float[] {1});
    assertThat(vectors(early)).isEqualTo(new Vectors(Map.of("", one)));
    assertThat(vectors("{\"s\":" + early + "}")).isEqualTo(new Vectors(Map.of("s", one)));
    assertThat(vectors(DOCUMENT.replace("}", ",\"options\":null}")).toString()).contains(STORED);
  }
}
