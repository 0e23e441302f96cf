package dev.eddy.engine.filter;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which values of a payload belong to the declared fields. Immutable, thread-safe. */
public final class DeclaredValues {
  private static final double LATITUDE_MAX = 90;
  private static final double LONGITUDE_MAX = 180;

  /** Nothing is declared. */
  public static final DeclaredValues NONE = new DeclaredValues();

  private record Field(List<Step> steps, FieldIndex index) {}

  private final Map<String, Field> fields = new TreeMap<>();
  private final Set<String> keys = new HashSet<>();

  private DeclaredValues() {}

  public static DeclaredValues of(CollectionSpec spec) {
    DeclaredValues values = new DeclaredValues();
    spec.payloadIndexes()
        .forEach((name, index) -> {
          KeyPath path = KeyPath.parse(name);
          values.fields.put(name, new Field(path.steps(), index));
          values.keys.add(path.head());
        });
    return values;
  }

  public Set<String> fields() {
    return fields.keySet();
  }

  /** The members of a payload that declared fields are in. */
  public JsonObject members(Payload payload) {
    return PayloadReader.members(payload, keys);
  }

  /**
   * Names the fields that a payload has a value of the declared type of.
   *
   * @param members at least those of {@link #members}
   */
  public void forEachField(JsonObject members, Consumer<String> found) {
    if (members.members().isEmpty()) {
      return;
    }
    fields.forEach((name, field) -> {
      boolean[] has = new boolean[1];
      JsonPaths.values(members, field.steps(), value -> has[0] |= has(field.index(), value));
      if (has[0]) {
        found.accept(name);
      }
    });
  }

  private static boolean has(FieldIndex index, JsonValue value) {
    return value instanceof JsonArray array
        ? array.elements().stream().anyMatch(element -> isA(index.type(), element))
        : isA(index.type(), value);
  }

  private static boolean isA(FieldIndex.Type type, JsonValue value) {
    return switch (type) {
      case KEYWORD, TEXT -> value instanceof JsonString;
      case INTEGER -> value instanceof JsonNumber number && integer(number).isPresent();
      case FLOAT -> value instanceof JsonNumber;
      case BOOL -> value instanceof JsonBoolean;
      case DATETIME ->
          value instanceof JsonString(String text) && Datetimes.parseMicros(text).isPresent();
      case UUID -> value instanceof JsonString(String text) && PointId.parseUuid(text).isPresent();
      case GEO -> {
        GeoPoint point = GeoShapes.point(value);
        yield point != null
            && Math.abs(point.lat()) <= LATITUDE_MAX
            && Math.abs(point.lon()) <= LONGITUDE_MAX;
      }
    };
  }

  /**
   * The integer that a number is to a field of integers: one with a fraction is none, one beyond
   * the range is the end of it.
   */
  static OptionalLong integer(JsonNumber number) {
    return switch (number) {
      case JsonLong(long value) -> OptionalLong.of(value);
      case JsonUnsigned ignored -> OptionalLong.of(Long.MAX_VALUE);
      case JsonDouble(double value) ->
          value == Math.rint(value) ? OptionalLong.of((long) value) : OptionalLong.empty();
    };
  }
}
