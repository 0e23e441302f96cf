package dev.eddy.engine.filter;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.point.PointId;
import java.util.OptionalLong;

/** Which values are of the type that a field is declared to have. Stateless. */
final class DeclaredValues {
  private static final double LATITUDE_MAX = 90;
  private static final double LONGITUDE_MAX = 180;

  private DeclaredValues() {}

  /** Whether a value is of the declared type, or an array with one that is. */
  static boolean has(FieldIndex index, JsonValue value) {
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
