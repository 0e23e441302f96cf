package dev.eddy.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.limit.Limit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text to values and back, by Jackson's streaming parser. Thread-safe. */
public final class JsonCodec {
  /** Nesting of arrays and objects that is accepted. */
  public static final int DEPTH_MAX = (int) Limit.JSON_DEPTH.standard();

  private static final BigInteger UNSIGNED_MAX =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(64 << 20)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  private JsonCodec() {}

  /** The configured factory, for code that reads or writes a stream token by token. */
  public static JsonFactory factory() {
    return FACTORY;
  }

  /**
   * Parses one JSON value that fills the whole text.
   *
   * @throws IOException when the text is not JSON, nested deeper than {@link #DEPTH_MAX}, or
   *     followed by more
   */
  public static JsonValue parse(byte[] utf8) throws IOException {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      parser.nextToken();
      JsonValue value = read(parser);
      if (parser.nextToken() != null) {
        throw new IOException(
            "trailing characters at byte " + parser.currentTokenLocation().getByteOffset());
      }
      return value;
    }
  }

  /** {@link #parse(byte[])} of a text that this process wrote itself. */
  public static JsonValue parseTrusted(byte[] utf8) {
    try {
      return parse(utf8);
    } catch (IOException e) {
      throw new UncheckedIOException("stored JSON does not parse", e);
    }
  }

  /**
   * Reads the value that starts at the parser's current token; the parser ends on its last token.
   */
  public static JsonValue read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("EOF while parsing a value");
    }
    return switch (token) {
      case VALUE_NULL -> JsonNull.NULL;
      case VALUE_TRUE -> new JsonBoolean(true);
      case VALUE_FALSE -> new JsonBoolean(false);
      case VALUE_STRING -> new JsonString(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> finite(parser);
      case START_ARRAY -> {
        List<JsonValue> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(parser));
        }
        yield new JsonArray(elements);
      }
      case START_OBJECT -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          members.put(key, read(parser));
        }
        yield new JsonObject(members);
      }
      default -> throw new IOException("unexpected token " + token);
    };
  }

  private static JsonNumber integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> new JsonLong(parser.getLongValue());
      default -> {
        BigInteger big = parser.getBigIntegerValue();
        yield big.signum() > 0 && big.compareTo(UNSIGNED_MAX) <= 0
            ? new JsonUnsigned(big.longValue())
            : finite(parser);
      }
    };
  }

  private static JsonDouble finite(JsonParser parser) throws IOException {
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw new IOException("number out of range: " + parser.getText());
    }
    return new JsonDouble(value);
  }

  /**
   * The value as UTF-8 text without blanks: the form in which payloads are logged, stored and
   * hashed.
   */
  public static byte[] write(JsonValue value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(128);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes the value at the generator's place. */
  public static void write(JsonValue value, JsonGenerator generator) throws IOException {
    switch (value) {
      case JsonNull ignored -> generator.writeNull();
      case JsonBoolean bool -> generator.writeBoolean(bool.value());
      case JsonString string -> generator.writeString(string.value());
      case JsonLong number -> generator.writeNumber(number.value());
      case JsonUnsigned number ->
          generator.writeNumber(new BigInteger(Long.toUnsignedString(number.bits())));
      case JsonDouble number -> generator.writeNumber(number.value());
      case JsonArray array -> {
        generator.writeStartArray();
        for (JsonValue element : array.elements()) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case JsonObject object -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          generator.writeFieldName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
    }
  }

  /** The text form as a string, for messages and tests. */
  public static String text(JsonValue value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }
}
