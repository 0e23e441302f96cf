package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request, read token by token, and what was found wrong with it so far.
 *
 * <p>Three kinds of complaint, in the order in which they win: a body that does not have the
 * expected shape ends the reading at once ("Format error", 400); broken rules are gathered and
 * thrown together at the end (422); known parts of the contract that are not built yet are gathered
 * and refused together (501).
 *
 * <p>A null value of an object's field is the same as no field at all. Used by one thread; it does
 * not know what any body means.
 */
public final class JsonBody {
  /** Problems listed in one answer; more are only counted. */
  static final int PROBLEMS_MAX = 50;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonCodec.DEPTH_MAX)
                  .maxStringLength(64 << 20)
                  .maxNameLength(1 << 20)
                  .maxNumberLength(1_000)
                  .build())
          .build();

  private static final BigInteger U64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final JsonParser parser;
  private final String pathPrefix;
  private final List<String> problems = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private int problemsLeftOut;
  private @Nullable EddyException conflict;

  /** Makes something of a body whose first token is the current one. */
  public interface Reader<T> {
    T read(JsonBody body) throws IOException;
  }

  /** Takes one field whose value starts at the current token. */
  interface FieldReader {
    void read(String field) throws IOException;
  }

  /** Takes the element that starts at the current token. */
  interface ElementReader {
    void read() throws IOException;
  }

  private JsonBody(JsonParser parser, String pathPrefix) {
    this.parser = parser;
    this.pathPrefix = pathPrefix;
  }

  /**
   * Reads a whole body.
   *
   * @param pathPrefix put before every path in a complaint, for instance {@code internal.}
   * @throws EddyException MALFORMED_BODY, VALIDATION or NOT_IMPLEMENTED as the class comment says
   * @throws IOException when the stream breaks
   */
  public static <T> T read(InputStream in, String pathPrefix, Reader<T> reader) throws IOException {
    try (JsonParser parser = FACTORY.createParser(in)) {
      JsonBody body = new JsonBody(parser, pathPrefix);
      try {
        if (parser.nextToken() == null) {
          throw malformed("EOF while parsing a value at line 1 column 0");
        }
        T value = reader.read(body);
        if (parser.nextToken() != null) {
          throw body.malformedHere("trailing characters");
        }
        body.complain();
        return value;
      } catch (JsonProcessingException e) {
        throw malformed(firstLine(e.getOriginalMessage()) + body.place());
      }
    }
  }

  private void complain() {
    if (!problems.isEmpty()) {
      if (problemsLeftOut > 0) {
        problems.add("and " + problemsLeftOut + " more");
      }
      throw EddyException.validation(
          "Validation error in JSON body: [" + String.join(", ", problems) + "]");
    }
    if (conflict != null) {
      throw conflict;
    }
    if (!refusals.isEmpty()) {
      throw EddyException.notImplemented(String.join(", ", refusals));
    }
  }

  JsonParser parser() {
    return parser;
  }

  JsonToken token() {
    return parser.currentToken();
  }

  boolean isObject() {
    return token() == JsonToken.START_OBJECT;
  }

  boolean isArray() {
    return token() == JsonToken.START_ARRAY;
  }

  boolean isString() {
    return token() == JsonToken.VALUE_STRING;
  }

  boolean isNull() {
    return token() == JsonToken.VALUE_NULL;
  }

  /** Reads an object; the reader is called for every field that is not null. */
  void object(String expected, FieldReader reader) throws IOException {
    if (!isObject()) {
      throw wrongType(expected);
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        reader.read(field);
      }
    }
  }

  /** Reads an object with free keys; the reader is called for null values, too. */
  void map(FieldReader reader) throws IOException {
    if (!isObject()) {
      throw wrongType("a map");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = wellFormed(parser.currentName());
      parser.nextToken();
      reader.read(field);
    }
  }

  void array(ElementReader reader) throws IOException {
    if (!isArray()) {
      throw wrongType("a sequence");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      reader.read();
    }
  }

  /** A list, or a single element in the place of a list. */
  void oneOrMany(ElementReader reader) throws IOException {
    if (isArray()) {
      array(reader);
    } else {
      reader.read();
    }
  }

  String string() throws IOException {
    if (!isString()) {
      throw wrongType("a string");
    }
    return wellFormed(parser.getText());
  }

  List<String> strings() throws IOException {
    List<String> all = new ArrayList<>();
    array(() -> all.add(string()));
    return all;
  }

  /** One of a closed set of words. */
  String word(List<String> words) throws IOException {
    String word = string();
    if (!words.contains(word)) {
      throw malformedHere(
          "unknown variant `"
              + word
              + "`, expected "
              + (words.size() == 1 ? "" : "one of ")
              + String.join(", ", words.stream().map(w -> "`" + w + "`").toList()));
    }
    return word;
  }

  boolean bool() throws IOException {
    return switch (token()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrongType("a boolean");
    };
  }

  /** An unsigned 64-bit number as its bits. */
  long u64() throws IOException {
    if (token() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType("u64");
    }
    return switch (parser.getNumberType()) {
      case INT, LONG -> {
        long value = parser.getLongValue();
        if (value < 0) {
          throw outOfRange("u64");
        }
        yield value;
      }
      default -> {
        BigInteger big = parser.getBigIntegerValue();
        if (big.signum() < 0 || big.compareTo(U64_MAX) > 0) {
          throw outOfRange("u64");
        }
        yield big.longValue();
      }
    };
  }

  /** An unsigned number; what exceeds a long is taken as the largest one. */
  long count() throws IOException {
    if (token() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType("usize");
    }
    long value = u64();
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** {@link #count()} with a lower bound, which is a declared rule. */
  long countAtLeast(long min) throws IOException {
    long value = count();
    if (value < min) {
      problem("value " + value + " invalid, must be " + min + " or larger");
      return min;
    }
    return value;
  }

  /** {@link #countAtLeast} for a field the model keeps as an int. */
  int intAtLeast(int min) throws IOException {
    return within(countAtLeast(min), Integer.MAX_VALUE);
  }

  /** An unsigned number that may not be larger than {@code max}, which is a declared rule. */
  int within(long value, int max) {
    if (value > max) {
      problem("value " + value + " invalid, must be " + max + " or smaller");
      return max;
    }
    return (int) value;
  }

  /** An unsigned 32-bit number. */
  long u32() throws IOException {
    if (token() != JsonToken.VALUE_NUMBER_INT) {
      throw wrongType("u32");
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < 0
        || parser.getLongValue() > 0xFFFF_FFFFL) {
      throw outOfRange("u32");
    }
    return parser.getLongValue();
  }

  /** {@link #u32()} with a lower bound, which is a declared rule. */
  int u32AtLeast(int min) throws IOException {
    long value = u32();
    if (value < min) {
      problem("value " + value + " invalid, must be " + min + " or larger");
      return min;
    }
    return within(value, Integer.MAX_VALUE);
  }

  double f64() throws IOException {
    if (!token().isNumeric()) {
      throw wrongType("f64");
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw malformedHere("number out of range");
    }
    return value;
  }

  /** A double in {@code [min, max]}, which is a declared rule. */
  double f64Within(double min, double max) throws IOException {
    double value = f64();
    if (value < min || value > max) {
      problem("value " + value + " invalid, must be from " + min + " to " + max);
      return min;
    }
    return value;
  }

  float f32() throws IOException {
    if (!token().isNumeric()) {
      throw wrongType("f32");
    }
    return finite(parser.getFloatValue());
  }

  /** Complains of a number that no float32 can hold, at the current token. */
  float finite(float value) throws IOException {
    if (!Float.isFinite(value)) {
      problem(
          "value "
              + parser.getText()
              + " invalid, must be a finite 32-bit float from -3.4028235e38 to 3.4028235e38");
      return 0;
    }
    return value;
  }

  /** Any JSON value; what has no UTF-8 form or fits no number is malformed. */
  JsonValue value() throws IOException {
    JsonValue value;
    try {
      value = JsonCodec.read(parser);
    } catch (JsonProcessingException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      String message = e.getMessage();
      if (message != null && message.startsWith("number out of range")) {
        throw malformedHere(shortened(message));
      }
      throw e;
    }
    checkWellFormed(value);
    return value;
  }

  private void checkWellFormed(JsonValue value) {
    switch (value) {
      case JsonValue.JsonString string -> wellFormed(string.value());
      case JsonValue.JsonArray array -> array.elements().forEach(this::checkWellFormed);
      case JsonValue.JsonObject object ->
          object
              .members()
              .forEach((key, member) -> {
                wellFormed(key);
                checkWellFormed(member);
              });
      case JsonValue.JsonNull ignored -> {}
      case JsonValue.JsonBoolean ignored -> {}
      case JsonValue.JsonNumber ignored -> {}
    }
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  /** Notes a broken rule at the current place. */
  void problem(String rule) {
    problemAt(path(), rule);
  }

  /** Notes a broken rule at a field of the object that was just read. */
  void fieldProblem(String field, String rule) {
    String path = path();
    problemAt(path.isEmpty() ? field : path + "." + field, rule);
  }

  private void problemAt(String path, String rule) {
    if (problems.size() >= PROBLEMS_MAX) {
      problemsLeftOut++;
      return;
    }
    String full = pathPrefix + path;
    problems.add(full.isEmpty() ? rule : full + ": " + rule);
  }

  /** Refuses the value at the current place, whatever it is, as not built yet; skips it. */
  void refuse() throws IOException {
    refusal(path());
    skip();
  }

  /** {@link #refuse()}, saying what the value is where the field alone does not tell. */
  void refuse(String what) throws IOException {
    refusal(path() + " (" + what + ")");
    skip();
  }

  /** Refuses the request as a whole, unless a broken rule is found as well. */
  void conflict(EddyException exception) {
    if (conflict == null) {
      conflict = exception;
    }
  }

  /** {@link #refuse()}, unless the value is an empty list or object. */
  void refuseUnlessEmpty() throws IOException {
    refuseUnless(value ->
        value instanceof JsonValue.JsonArray array && array.elements().isEmpty()
            || value instanceof JsonValue.JsonObject object && object.isEmpty());
  }

  /** {@link #refuse()}, unless the value says what would happen anyway. */
  void refuseUnless(Predicate<JsonValue> isDefault) throws IOException {
    String path = path();
    if (!isDefault.test(value())) {
      refusal(path);
    }
  }

  /** Refuses what was just read. */
  void refuseAt(String pathAndWhat) {
    refusal(pathAndWhat);
  }

  private void refusal(String path) {
    if (!refusals.contains(path) && refusals.size() < PROBLEMS_MAX) {
      refusals.add(path);
    }
  }

  /** The place of the current token: {@code points[0].vector}. */
  String path() {
    StringBuilder path = new StringBuilder();
    appendPath(parser.getParsingContext(), path);
    return path.toString();
  }

  private static void appendPath(JsonStreamContext context, StringBuilder path) {
    if (context.getParent() != null) {
      appendPath(context.getParent(), path);
    }
    if (context.inObject() && context.hasCurrentName()) {
      path.append(path.isEmpty() ? "" : ".").append(context.getCurrentName());
    } else if (context.inArray() && context.hasCurrentIndex()) {
      path.append('[').append(context.getCurrentIndex()).append(']');
    }
  }

  /** The body's shape is wrong: nothing more is read. */
  static EddyException malformed(String text) {
    return new EddyException(ErrorCode.MALFORMED_BODY, "Format error in JSON body: " + text);
  }

  EddyException malformedHere(String text) {
    return malformed(text + place());
  }

  EddyException missing(String field) {
    return malformedHere("missing field `" + field + "`");
  }

  EddyException noVariant(String name) {
    return malformedHere("data did not match any variant of untagged enum " + name);
  }

  EddyException wrongType(String expected) throws IOException {
    return malformedHere("invalid type: " + found() + ", expected " + expected);
  }

  private EddyException outOfRange(String expected) throws IOException {
    return malformedHere("invalid value: integer `" + parser.getText() + "`, expected " + expected);
  }

  private String found() throws IOException {
    return switch (token()) {
      case START_ARRAY -> "sequence";
      case START_OBJECT -> "map";
      case VALUE_STRING -> "string \"" + shortened(parser.getText()) + "\"";
      case VALUE_NUMBER_INT -> "integer `" + shortened(parser.getText()) + "`";
      case VALUE_NUMBER_FLOAT -> "floating point `" + shortened(parser.getText()) + "`";
      case VALUE_TRUE, VALUE_FALSE -> "boolean `" + parser.getText() + "`";
      case VALUE_NULL -> "null";
      default -> token().name();
    };
  }

  /** Where the parser stands; columns count characters read on the line. */
  private String place() {
    var location = parser.currentLocation();
    return " at line "
        + Math.max(1, location.getLineNr())
        + " column "
        + Math.max(0, location.getColumnNr() - 1);
  }

  static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return shortened(end < 0 ? text : text.substring(0, end));
  }

  /** Refuses half a surrogate pair, which has no UTF-8 form. */
  private String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isSurrogate(character)) {
        boolean pair =
            Character.isHighSurrogate(character)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw malformedHere("lone surrogate in a string");
        }
        i++;
      }
    }
    return text;
  }
}
