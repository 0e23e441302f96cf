package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.limit.Limit;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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

  private final JsonParser parser;
  private final String pathPrefix;
  private final Complaints complaints = new Complaints();
  private final JsonNumbers numbers;

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
    this.numbers = new JsonNumbers(this, parser);
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
        body.complaints.raise();
        return value;
      } catch (JsonProcessingException e) {
        EddyException malformed =
            malformed(Places.firstLine(e.getOriginalMessage()) + body.place());
        throw isTooDeep(e) ? malformed.beyond(Limit.JSON_DEPTH) : malformed;
      }
    }
  }

  private static boolean isTooDeep(JsonProcessingException failure) {
    return failure instanceof StreamConstraintsException
        && failure.getOriginalMessage().contains("nesting depth");
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
      JsonStreamContext here = parser.getParsingContext();
      JsonStreamContext owner = isObject() ? here.getParent() : here;
      Places.showAsElement(owner, true);
      reader.read();
      Places.showAsElement(owner, false);
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
      throw malformedHere("unknown variant `" + word + "`, expected " + alternatives(words));
    }
    return word;
  }

  /** As the contract's texts list them. */
  private static String alternatives(List<String> words) {
    List<String> quoted = words.stream().map(word -> "`" + word + "`").toList();
    return words.size() <= 2 ? String.join(" or ", quoted) : "one of " + String.join(", ", quoted);
  }

  boolean bool() throws IOException {
    return switch (token()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw wrongType("a boolean");
    };
  }

  // Numbers: see JsonNumbers.

  long u64() throws IOException {
    return numbers.u64();
  }

  /** An unsigned 64-bit number as its bits, of what the contract calls a size. */
  long size() throws IOException {
    return numbers.size();
  }

  long count() throws IOException {
    return numbers.count();
  }

  long countAtLeast(long min) throws IOException {
    return numbers.countAtLeast(min);
  }

  int intAtLeast(int min) throws IOException {
    return numbers.intAtLeast(min);
  }

  int percent(int min) throws IOException {
    return numbers.percent(min);
  }

  int within(long value, int max) {
    return numbers.within(value, max);
  }

  long u32() throws IOException {
    return numbers.u32();
  }

  int u32AtLeast(int min) throws IOException {
    return numbers.u32AtLeast(min);
  }

  double f64() throws IOException {
    return numbers.f64();
  }

  double f64Within(double min, double max) throws IOException {
    return numbers.f64Within(min, max);
  }

  float f32() throws IOException {
    return numbers.f32();
  }

  float finite(float value) throws IOException {
    return numbers.finite(value);
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
    if (!Surrogates.arePaired(value)) {
      throw malformedHere("lone surrogate in a string");
    }
    return value;
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  /** Notes a broken rule at the current place. */
  void problem(String rule) {
    problemAt(path(), rule);
  }

  /** Notes that what is at the current place is beyond a limit of this node. */
  void problem(Limit limit, String rule) {
    problem(rule);
    exceeded(limit);
  }

  /** Notes that a rule which was noted is a limit of this node. */
  void exceeded(Limit limit) {
    complaints.exceeded(limit);
  }

  /** Notes a broken rule at a field of the object that was just read. */
  void fieldProblem(String field, String rule) {
    String path = path();
    problemAt(path.isEmpty() ? field : path + "." + field, rule);
  }

  /** Notes a broken rule at a place. */
  void problemAt(String path, String rule) {
    complaints.problem(pathPrefix + path, rule);
  }

  /** Refuses the value at the current place, whatever it is, as not built yet; skips it. */
  void refuse() throws IOException {
    complaints.refusal(path());
    skip();
  }

  /** {@link #refuse()}, saying what the value is where the field alone does not tell. */
  void refuse(String what) throws IOException {
    complaints.refusal(path() + " (" + what + ")");
    skip();
  }

  /** Refuses the request as a whole, unless a broken rule is found as well. */
  void conflict(EddyException exception) {
    complaints.conflict(exception);
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
      complaints.refusal(path);
    }
  }

  /** The place of the current token: {@code points[0].vector}. */
  String path() {
    return Places.path(parser.getParsingContext());
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

  private String place() {
    return Places.place(parser.currentLocation());
  }

  static String shortened(String text) {
    return Places.shortened(text);
  }

  private String wellFormed(String text) {
    if (!Surrogates.arePaired(text)) {
      throw malformedHere("lone surrogate in a string");
    }
    return text;
  }
}
