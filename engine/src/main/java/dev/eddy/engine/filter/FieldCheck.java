package dev.eddy.engine.filter;

import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.DatetimeRange;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.FieldPredicate.Range;
import dev.eddy.model.filter.FieldPredicate.ValuesCount;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One predicate on the values at a path.
 *
 * @param onValue for a value that is there, an array as a whole
 * @param onMissing the answer when there is no value at the path
 */
record FieldCheck(Predicate<JsonValue> onValue, boolean onMissing) {

  static FieldCheck of(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue value) -> onElements(equalTo(value));
      case FieldPredicate.MatchAny(List<MatchValue> values) -> onElements(anyOf(values));
      case FieldPredicate.MatchExcept(List<MatchValue> values) -> {
        Predicate<JsonValue> listed = anyOf(values);
        yield onElements(element -> element != JsonNull.NULL && !listed.test(element));
      }
      case FieldPredicate.MatchText(String text) -> onText(stored -> stored.contains(text));
      case FieldPredicate.MatchTextAny(String text) -> {
        List<String> parts = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        yield onText(stored -> parts.stream().anyMatch(stored::contains));
      }
      case FieldPredicate.MatchPhrase(String phrase) -> onText(stored -> stored.contains(phrase));
      case FieldPredicate.MatchPrefix(String prefix) -> onText(stored -> stored.startsWith(prefix));
      case Range range ->
          onElements(
              element -> element instanceof JsonNumber number && isIn(range, number.asDouble()));
      case DatetimeRange range ->
          onElements(element -> element instanceof JsonString(String text) && isIn(range, text));
      case FieldPredicate.GeoBoundingBox box -> onPoints(point -> GeoShapes.isInside(point, box));
      case FieldPredicate.GeoRadius circle -> onPoints(point -> GeoShapes.isInside(point, circle));
      case FieldPredicate.GeoPolygon polygon -> {
        GeoShapes.Polygon shape = GeoShapes.Polygon.of(polygon.exterior(), polygon.interiors());
        yield onPoints(shape::contains);
      }
      case ValuesCount count ->
          new FieldCheck(value -> isIn(count, countOf(value)), isIn(count, 0));
      case FieldPredicate.Empty(boolean expected) ->
          new FieldCheck(value -> isEmpty(value) == expected, expected);
      case FieldPredicate.Null(boolean expected) ->
          new FieldCheck(value -> hasNull(value) == expected, !expected);
    };
  }

  /** An array is opened one level. */
  private static FieldCheck onElements(Predicate<JsonValue> element) {
    return new FieldCheck(
        value ->
            value instanceof JsonArray array
                ? array.elements().stream().anyMatch(element)
                : element.test(value),
        false);
  }

  private static FieldCheck onText(Predicate<String> text) {
    return onElements(element -> element instanceof JsonString(String stored) && text.test(stored));
  }

  private static FieldCheck onPoints(Predicate<GeoPoint> inside) {
    return onElements(element -> {
      GeoPoint point = GeoShapes.point(element);
      return point != null && inside.test(point);
    });
  }

  private static Predicate<JsonValue> equalTo(MatchValue wanted) {
    JsonValue json = json(wanted);
    return json::equals;
  }

  private static Predicate<JsonValue> anyOf(List<MatchValue> wanted) {
    Set<JsonValue> values = new HashSet<>();
    for (MatchValue value : wanted) {
      values.add(json(value));
    }
    return values::contains;
  }

  private static JsonValue json(MatchValue value) {
    return switch (value) {
      case MatchValue.Keyword(String text) -> new JsonString(text);
      case MatchValue.Whole(long number) -> new JsonLong(number);
      case MatchValue.Flag(boolean flag) -> new JsonBoolean(flag);
    };
  }

  private static boolean isIn(Range range, double value) {
    return (range.gt() == null || value > range.gt())
        && (range.gte() == null || value >= range.gte())
        && (range.lt() == null || value < range.lt())
        && (range.lte() == null || value <= range.lte());
  }

  private static boolean isIn(DatetimeRange range, String text) {
    OptionalLong micros = Datetimes.parseMicros(text);
    return micros.isPresent()
        && isIn(
            micros.getAsLong(),
            range.gtMicros(),
            range.gteMicros(),
            range.ltMicros(),
            range.lteMicros());
  }

  private static boolean isIn(ValuesCount range, long count) {
    return isIn(count, range.gt(), range.gte(), range.lt(), range.lte());
  }

  private static boolean isIn(
      long value, @Nullable Long gt, @Nullable Long gte, @Nullable Long lt, @Nullable Long lte) {
    return (gt == null || value > gt)
        && (gte == null || value >= gte)
        && (lt == null || value < lt)
        && (lte == null || value <= lte);
  }

  private static long countOf(JsonValue value) {
    return switch (value) {
      case JsonArray array -> array.elements().size();
      case JsonNull ignored -> 0;
      default -> 1;
    };
  }

  static boolean isEmpty(JsonValue value) {
    return value == JsonNull.NULL
        || (value instanceof JsonArray array && array.elements().isEmpty());
  }

  private static boolean hasNull(JsonValue value) {
    return value == JsonNull.NULL
        || (value instanceof JsonArray array && array.elements().contains(JsonNull.NULL));
  }
}
