package dev.eddy.text.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.point.Vector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Indices and weights are those of the contract's own engine: {@code golden/bm25.txt}. */
final class InferenceGoldenTest {
  private static final int LINES = 4;

  @Test
  void vectorsAreThoseOfTheContractsEngine() throws IOException {
    List<String> lines = lines();
    List<String> wrong = new ArrayList<>();
    for (int at = 0; at < lines.size(); at += LINES) {
      Document document =
          new Document(
              ((JsonString) json(lines.get(at + 1))).value(),
              Inference.BM25,
              (JsonObject) json(lines.get(at)));
      compare(wrong, document, Purpose.STORED, lines.get(at + 2));
      compare(wrong, document, Purpose.ASKED, lines.get(at + 3));
    }
    assertThat(lines).hasSizeGreaterThan(100).hasSize(lines.size() / LINES * LINES);
    assertThat(wrong).isEmpty();
  }

  private static JsonValue json(String text) throws IOException {
    return JsonCodec.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void compare(
      List<String> wrong, Document document, Purpose purpose, String expected) {
    Vector.Sparse vector = Inference.vector(document, purpose, "vector");
    StringBuilder text = new StringBuilder(purpose == Purpose.STORED ? "stored" : "asked");
    for (int i = 0; i < vector.indices().length; i++) {
      text.append(' ').append(Integer.toUnsignedString(vector.indices()[i]));
      text.append(':').append((double) vector.values()[i]);
    }
    if (!text.toString().equals(expected)) {
      wrong.add(document + "\n  expected " + expected + "\n  but was  " + text);
    }
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                InferenceGoldenTest.class.getResourceAsStream("/golden/bm25.txt"));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }
}
