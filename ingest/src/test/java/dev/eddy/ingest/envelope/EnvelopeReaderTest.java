package dev.eddy.ingest.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeReaderTest {
  private final EnvelopeReader reader = new EnvelopeReader();

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Headers collection(String name) {
    return new RecordHeaders().add("eddy-collection", name.getBytes(UTF_8));
  }

  private Envelope read(@Nullable String key, @Nullable String value, Headers headers)
      throws RejectedException {
    return reader.read(
        key == null ? null : bytes(key), value == null ? null : bytes(value), headers);
  }

  private static Envelope upsertOfSeven(Map<String, Vector> vectors) {
    return new Envelope.Upsert("c", new Point(PointId.of(7), new Vectors(vectors), Payload.EMPTY));
  }

  @Test
  void readsTheWholeEnvelope() throws Exception {
    Envelope envelope =
        read(
            null,
            "{\"collection_name\":\"c\",\"id\":18446744073709551615,\"vector\":[1,0.5,-2e-1],\"payload\":{\"b\":1.0,\"a\":[null]}}",
            new RecordHeaders());
    Payload payload = Payload.of((JsonObject) JsonCodec.parse(bytes("{\"b\":1.0,\"a\":[null]}")));
    assertThat(envelope)
        .isEqualTo(
            new Envelope.Upsert(
                "c", new Point(PointId.of(-1), Vectors.unnamed(1f, 0.5f, -0.2f), payload)));
  }

  @Test
  void readsEveryFormOfVector() throws Exception {
    Envelope envelope =
        read(
            "7",
            "{\"vector\":{\"s\":{\"values\":[1,0.5],\"indices\":[4294967295,3]},\"m\":[[1,2],[3,4]]}}",
            collection("c"));
    assertThat(envelope)
        .isEqualTo(
            upsertOfSeven(
                Map.of(
                    "s",
                    new Vector.Sparse(new int[] {-1, 3}, new float[] {1, 0.5f}),
                    "m",
                    new Vector.Multi(new float[][] {{1, 2}, {3, 4}}))));
  }

  @Test
  void aDocumentIsTheSparseVectorOfItsTokens() throws Exception {
    Envelope envelope =
        read(
            "7",
            "{\"vector\":{\"s\":{\"text\":\"Hello the hello World\",\"model\":\"qdrant/bm25\",\"options\":{\"k\":0}},\"e\":{\"model\":\"bm25\",\"text\":\"\",\"options\":null}}}",
            collection("c"));
    assertThat(envelope)
        .isEqualTo(
            upsertOfSeven(
                Map.of(
                    "s",
                    new Vector.Sparse(new int[] {74_040_069, 613_153_351}, new float[] {1, 1}),
                    "e",
                    new Vector.Sparse(new int[0], new float[0]))));
  }

  @Test
  void collectionAndIdMayComeOutsideTheValue() throws Exception {
    UUID id = new UUID(1, 2);
    Envelope envelope =
        read("\"" + id + "\"", "{\"vector\":{\"a\":[1],\"b\":[2,3]}}", collection("c"));
    assertThat(envelope)
        .isEqualTo(
            new Envelope.Upsert(
                "c",
                new Point(
                    PointId.of(id),
                    new Vectors(
                        Map.of(
                            "a",
                            new Vector.Dense(new float[] {1}),
                            "b",
                            new Vector.Dense(new float[] {2, 3}))),
                    Payload.EMPTY)));
  }

  @Test
  void noValueWithKeyAndHeaderDeletes() throws Exception {
    assertThat(read("7", null, collection("c"))).isEqualTo(new Envelope.Delete("c", PointId.of(7)));
  }

  @Test
  void foreignHeadersAreLeftAlone() throws Exception {
    Headers headers = collection("c").add("traceparent", new byte[] {(byte) 0xFF});
    assertThat(read("7", "{\"vector\":[1]}", headers).id()).isEqualTo(PointId.of(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "NOT_JSON           | {\"collection_name\":                                             | value",
        "NOT_JSON           | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1]} x              | value",
        "INVALID_ENVELOPE   | [1]                                                                | object",
        "INVALID_ENVELOPE   | {\"collection_name\":5,\"id\":1,\"vector\":[1]}                    | collection_name",
        "INVALID_ENVELOPE   | {\"collection_name\":\"c\",\"id\":1,\"id\":1,\"vector\":[1]}       | given twice",
        "UNKNOWN_FIELD      | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1],\"payloads\":{}} | payloads",
        "MISSING_COLLECTION | {\"id\":1,\"vector\":[1]}                                          | collection_name",
        "MISSING_ID         | {\"collection_name\":\"c\",\"vector\":[1]}                         | id",
        "INVALID_ID         | {\"collection_name\":\"c\",\"id\":-1,\"vector\":[1]}               | -1",
        "INVALID_ID         | {\"collection_name\":\"c\",\"id\":1.5,\"vector\":[1]}              | 1.5",
        "INVALID_ID         | {\"collection_name\":\"c\",\"id\":18446744073709551616,\"vector\":[1]} | 18446744073709551616",
        "INVALID_ID         | {\"collection_name\":\"c\",\"id\":\"7\",\"vector\":[1]}            | 7",
        "INVALID_ID         | {\"collection_name\":\"c\",\"id\":null,\"vector\":[1]}             | null",
        "MISSING_VECTOR     | {\"collection_name\":\"c\",\"id\":1}                               | vector",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":[]}                 | empty",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":\"x\"}              | vector",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1,\"2\"]}          | vector[1]",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1,null]}           | vector[1]",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"indices\":[]}}} | sparse",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"indices\":[-1],\"values\":[1]}}} | unsigned",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"indices\":[1],\"x\":[1]}}} | unknown",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{}}} | a document text and model",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"indices\":[1],\"values\":[1],\"text\":\"b\"}}} | a document text and model",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"text\":\"b\",\"model\":\"bm25\"}} | vector.text: must be an array",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"text\":\"b\"}}} | vector.a.model: missing",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"model\":\"b\"}}} | vector.a.text: missing",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"text\":1,\"model\":\"b\"}}} | vector.a.text: must be text",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"text\":\"b\",\"model\":\"b\"}}} | vector.a: model \"b\" is not served",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"text\":\"b\",\"model\":\"bm25\",\"options\":[]}}} | vector.a.options: must be an object",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"text\":\"b\",\"model\":\"bm25\",\"options\":{\"b\":2}}}} | vector.a.options.b: value 2.0",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":{\"image\":\"b\",\"model\":\"bm25\"}}} | vector.a: an image",
        "INVALID_VECTOR     | {\"collection_name\":\"c\",\"id\":1,\"vector\":[[1],2]}            | [1]: must be an array",
        "NOT_FINITE         | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1,NaN]}            | vector[1]: NaN",
        "NOT_FINITE         | {\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":[-Infinity]}} | vector.a[0]",
        "NOT_FINITE         | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1e39]}             | 1e39",
        "INVALID_PAYLOAD    | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1],\"payload\":[1]} | object",
        "INVALID_PAYLOAD    | {\"collection_name\":\"c\",\"id\":1,\"vector\":[1],\"payload\":{\"a\":NaN}} | NaN",
      })
  void whatCannotBeAcceptedSaysWhy(String code, String value, String said) {
    assertThatThrownBy(() -> read(null, value, new RecordHeaders()))
        .isInstanceOfSatisfying(
            RejectedException.class,
            rejected -> {
              assertThat(rejected.code()).isEqualTo(RejectionCode.valueOf(code));
              assertThat(rejected.reason()).contains(said);
            });
  }

  private void refused(
      RejectionCode code, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    assertThatThrownBy(() -> reader.read(key, value, headers))
        .isInstanceOfSatisfying(
            RejectedException.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
  }

  @Test
  void keysAndHeadersAreJudgedToo() {
    byte[] good = bytes("{\"collection_name\":\"c\",\"id\":1,\"vector\":[1]}");
    refused(RejectionCode.ID_MISMATCH, bytes("2"), good, new RecordHeaders());
    refused(RejectionCode.INVALID_ID, bytes("two"), good, new RecordHeaders());
    refused(RejectionCode.NOT_UTF8, new byte[] {(byte) 0xC3}, good, new RecordHeaders());
    refused(RejectionCode.INVALID_HEADER, null, good, collection("other"));
    refused(
        RejectionCode.INVALID_HEADER,
        null,
        good,
        new RecordHeaders().add("eddy-colection", bytes("c")));
    refused(
        RejectionCode.INVALID_HEADER, null, good, new RecordHeaders().add("eddy-collection", null));
    refused(
        RejectionCode.NOT_UTF8,
        null,
        good,
        new RecordHeaders().add("eddy-collection", new byte[] {(byte) 0xFE}));
    refused(RejectionCode.MISSING_COLLECTION, bytes("1"), null, new RecordHeaders());
    refused(RejectionCode.MISSING_ID, null, null, collection("c"));
  }

  @Test
  void textThatIsNotUtf8IsRefusedAlsoInsideStrings() {
    byte[] value =
        bytes("{\"collection_name\":\"c\",\"id\":1,\"vector\":[1],\"payload\":{\"a\":\"?\"}}");
    value[value.length - 4] = (byte) 0xFF;
    refused(RejectionCode.NOT_UTF8, null, value, new RecordHeaders());
  }

  @Test
  void aValueOverTheLimitNamesBoth() {
    byte[] value = new byte[EnvelopeReader.VALUE_BYTES_MAX + 1];
    assertThatThrownBy(() -> reader.read(null, value, new RecordHeaders()))
        .hasMessageContaining("8388609")
        .hasMessageContaining("8388608");
  }

  @Test
  void noBytesMakeItThrowAnythingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good =
        bytes(
            "{\"collection_name\":\"c\",\"id\":1,\"vector\":{\"a\":[1,2.5]},\"payload\":{\"x\":[true,\"é\"]}}");
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(reader.read(null, mutated, new RecordHeaders())).as("seed %d", seed).isNotNull();
      } catch (RejectedException e) {
        assertThat(e.reason()).as("seed %d step %d", seed, i).isNotBlank();
      }
    }
  }
}
