package dev.eddy.ingest.envelope;

import static dev.eddy.ingest.envelope.RejectionCode.ID_MISMATCH;
import static dev.eddy.ingest.envelope.RejectionCode.INVALID_ENVELOPE;
import static dev.eddy.ingest.envelope.RejectionCode.INVALID_HEADER;
import static dev.eddy.ingest.envelope.RejectionCode.INVALID_ID;
import static dev.eddy.ingest.envelope.RejectionCode.INVALID_PAYLOAD;
import static dev.eddy.ingest.envelope.RejectionCode.MISSING_COLLECTION;
import static dev.eddy.ingest.envelope.RejectionCode.MISSING_ID;
import static dev.eddy.ingest.envelope.RejectionCode.MISSING_VECTOR;
import static dev.eddy.ingest.envelope.RejectionCode.NOT_JSON;
import static dev.eddy.ingest.envelope.RejectionCode.NOT_UTF8;
import static dev.eddy.ingest.envelope.RejectionCode.TOO_LARGE;
import static dev.eddy.ingest.envelope.RejectionCode.UNKNOWN_FIELD;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.Excerpt;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON envelope of an inbox record.
 *
 * <pre>
 *   value   {"collection_name": "...", "id": 7 | "uuid", "vector": [..] | {"name": [..]}, "payload": {..}}
 *   header  eddy-collection may name the collection instead
 *   key     may be the id instead: decimal digits or a UUID, as UTF-8 text, a pair of quotes around it allowed
 *   delete  no value, header eddy-collection and the key
 * </pre>
 *
 * Stateless and thread-safe.
 */
public final class EnvelopeReader {
  /** Header that names the collection. */
  public static final String COLLECTION_HEADER = "eddy-collection";

  /** Largest value in bytes, counted after decompression. */
  public static final int VALUE_BYTES_MAX = 8 << 20;

  private static final String HEADER_PREFIX = "eddy-";

  /** Characters of a text that a reason quotes. */
  private static final int EXCERPT_MAX = 80;

  private static final BigInteger ID_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  // NaN and Infinity are read, to be refused by their name instead of as a syntax error.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonCodec.DEPTH_MAX)
                  .maxStringLength(VALUE_BYTES_MAX)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  /**
   * Reads one record.
   *
   * @throws RejectedException when it is no envelope; the reason says what and where
   */
  public Envelope read(byte @Nullable [] key, byte @Nullable [] value, Headers headers)
      throws RejectedException {
    String headerCollection = collectionHeader(headers);
    PointId keyId = key == null ? null : keyId(key);
    if (value == null) {
      return delete(headerCollection, keyId);
    }
    if (value.length > VALUE_BYTES_MAX) {
      throw new RejectedException(
          TOO_LARGE, "value: %d bytes, the limit is %d".formatted(value.length, VALUE_BYTES_MAX));
    }
    checkUtf8("value", value);
    Fields fields = new Fields();
    try (JsonParser parser = FACTORY.createParser(value)) {
      readFields(parser, fields);
    } catch (IOException e) {
      throw new RejectedException(NOT_JSON, "value: " + firstLine(e));
    }
    return upsert(fields, headerCollection, keyId);
  }

  private static Envelope delete(@Nullable String collection, @Nullable PointId id)
      throws RejectedException {
    if (collection == null) {
      throw new RejectedException(
          MISSING_COLLECTION,
          "a record without value deletes a point and needs the header eddy-collection");
    }
    if (id == null) {
      throw new RejectedException(
          MISSING_ID, "a record without value deletes a point and needs its id as the key");
    }
    return new Envelope.Delete(collection, id);
  }

  private static Envelope upsert(
      Fields fields, @Nullable String headerCollection, @Nullable PointId keyId)
      throws RejectedException {
    String collection = fields.collection != null ? fields.collection : headerCollection;
    if (collection == null) {
      throw new RejectedException(
          MISSING_COLLECTION, "collection_name: missing, and there is no header eddy-collection");
    }
    if (headerCollection != null && !headerCollection.equals(collection)) {
      throw new RejectedException(
          INVALID_HEADER,
          "header eddy-collection: \"%s\" disagrees with collection_name \"%s\""
              .formatted(headerCollection, collection));
    }
    PointId id = fields.id != null ? fields.id : keyId;
    if (id == null) {
      throw new RejectedException(MISSING_ID, "id: missing, and the record has no key");
    }
    if (keyId != null && !keyId.equals(id)) {
      throw new RejectedException(ID_MISMATCH, "key: %s disagrees with id %s".formatted(keyId, id));
    }
    if (fields.vectors == null) {
      throw new RejectedException(MISSING_VECTOR, "vector: missing");
    }
    return new Envelope.Upsert(collection, new Point(id, fields.vectors, fields.payload));
  }

  private static final class Fields {
    private @Nullable String collection;
    private @Nullable PointId id;
    private @Nullable Vectors vectors;
    private Payload payload = Payload.EMPTY;
    private boolean hasPayload;
  }

  private static void readFields(JsonParser parser, Fields fields)
      throws IOException, RejectedException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new RejectedException(INVALID_ENVELOPE, "value: must be a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "collection_name" -> {
          once(fields.collection == null, name);
          fields.collection = text(parser, name);
        }
        case "id" -> {
          once(fields.id == null, name);
          fields.id = id(parser);
        }
        case "vector", "vectors" -> {
          once(fields.vectors == null, name);
          fields.vectors = VectorsReader.read(parser, name);
        }
        case "payload" -> {
          once(!fields.hasPayload, name);
          fields.hasPayload = true;
          fields.payload = payload(parser);
        }
        default ->
            throw new RejectedException(
                UNKNOWN_FIELD,
                "%s: unknown field; known are collection_name, id, vector, payload"
                    .formatted(name));
      }
    }
    if (parser.nextToken() != null) {
      throw new RejectedException(NOT_JSON, "value: more text after the envelope");
    }
  }

  private static void once(boolean first, String name) throws RejectedException {
    if (!first) {
      throw new RejectedException(INVALID_ENVELOPE, name + ": given twice");
    }
  }

  private static String text(JsonParser parser, String name) throws IOException, RejectedException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new RejectedException(
          INVALID_ENVELOPE, "%s: must be text, got %s".formatted(name, parser.currentToken()));
    }
    return parser.getText();
  }

  private static PointId id(JsonParser parser) throws IOException, RejectedException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      BigInteger number = parser.getBigIntegerValue();
      if (number.signum() >= 0 && number.compareTo(ID_MAX) <= 0) {
        return PointId.of(number.longValue());
      }
    } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
      PointId uuid = PointId.parseUuid(parser.getText()).orElse(null);
      if (uuid != null) {
        return uuid;
      }
    }
    throw new RejectedException(
        INVALID_ID,
        "id: %s is neither an unsigned 64-bit integer nor a UUID"
            .formatted(excerpt(parser.getText())));
  }

  private static Payload payload(JsonParser parser) throws IOException, RejectedException {
    JsonValue value;
    try {
      value = JsonCodec.read(parser);
    } catch (IOException e) {
      throw new RejectedException(INVALID_PAYLOAD, "payload: " + firstLine(e));
    }
    if (value instanceof JsonNull) {
      return Payload.EMPTY;
    }
    if (value instanceof JsonObject object) {
      return Payload.of(object);
    }
    throw new RejectedException(
        INVALID_PAYLOAD, "payload: must be an object, got " + excerpt(JsonCodec.text(value)));
  }

  private static @Nullable String collectionHeader(Headers headers) throws RejectedException {
    String collection = null;
    for (Header header : headers) {
      if (!header.key().startsWith(HEADER_PREFIX)) {
        continue;
      }
      if (!header.key().equals(COLLECTION_HEADER)) {
        throw new RejectedException(
            INVALID_HEADER, "header %s: unknown; known is eddy-collection".formatted(header.key()));
      }
      if (header.value() == null) {
        throw new RejectedException(INVALID_HEADER, "header eddy-collection: no value");
      }
      checkUtf8("header eddy-collection", header.value());
      String named = new String(header.value(), StandardCharsets.UTF_8);
      if (collection != null && !collection.equals(named)) {
        throw new RejectedException(
            INVALID_HEADER,
            "header eddy-collection: given as \"%s\" and as \"%s\"".formatted(collection, named));
      }
      collection = named;
    }
    return collection;
  }

  private static PointId keyId(byte[] key) throws RejectedException {
    checkUtf8("key", key);
    String text = new String(key, StandardCharsets.UTF_8);
    if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1);
    }
    try {
      return PointId.parse(text);
    } catch (EddyException e) {
      throw new RejectedException(
          INVALID_ID,
          "key: %s is neither an unsigned 64-bit integer nor a UUID".formatted(excerpt(text)));
    }
  }

  private static void checkUtf8(String what, byte[] bytes) throws RejectedException {
    int at = 0;
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    if (at == bytes.length) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, bytes.length - at));
    } catch (CharacterCodingException e) {
      throw new RejectedException(
          NOT_UTF8, "%s: not UTF-8 at or after byte %d".formatted(what, at));
    }
  }

  static String excerpt(String text) {
    return Excerpt.counted(text, EXCERPT_MAX);
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
  }
}
