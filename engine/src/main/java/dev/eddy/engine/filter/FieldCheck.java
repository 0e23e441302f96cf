package dev.eddy.engine.filter;

import dev.eddy.engine.filter.FieldRules.FieldRule;
import dev.eddy.model.collection.FieldIndex.Type;
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
import dev.eddy.model.point.PointId;
import dev.eddy.text.TextAnalysis;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One predicate on the values at a path.
 *
 * @param onValue for a value that is there, an array as a whole
 * @param onMissing the answer when there is no value at the path
 */
record FieldCheck(Predicate<JsonValue> onValue, boolean onMissing) {

  /** The predicate on a field that is declared so, or not at all. */
  static FieldCheck of(FieldPredicate predicate, Optional<FieldRule> rule) {
    return rule.map(declared -> declared(predicate, declared)).orElseGet(() -> plain(predicate));
  }

  /** Where the declaration has no say it is as without one. */
  private static FieldCheck declared(FieldPredicate predicate, FieldRule rule) {
    TextAnalysis text = rule.text();
    return switch (predicate) {
      case FieldPredicate.MatchText(String asked) when text != null ->
          onText(stored -> text.all(asked).test(List.of(stored)));
      case FieldPredicate.MatchTextAny(String asked) when text != null ->
          onText(text.any(asked)::test);
      case FieldPredicate.MatchPhrase(String asked) when text != null ->
          onText(text.phrase(asked)::test);
      case Range range when rule.is(Type.INTEGER) && rule.index().servesRange() ->
          onElements(element ->
              integer(element).map(number -> isIn(range, number.asDouble())).orElse(false));
      // To the index of a field moments are numbers of microseconds, and numbers moments.
      case Range range when rule.is(Type.DATETIME) ->
          onElements(element -> {
            OptionalLong micros = micros(element);
            return micros.isPresent() && isIn(range, micros.getAsLong());
          });
      case DatetimeRange range when rule.is(Type.INTEGER) && rule.index().servesRange() ->
          onElements(
              element -> integer(element).map(number -> isIn(range, number.value())).orElse(false));
      case DatetimeRange range when rule.is(Type.FLOAT) ->
          onElements(element ->
              element instanceof JsonNumber number && isIn(numbers(range), number.asDouble()));
      case FieldPredicate.Match(MatchValue value) ->
          indexed(rule, List.of(value))
              .map(known -> onElements(element -> known.holds(element, true)))
              .orElseGet(() -> plain(predicate));
      case FieldPredicate.MatchAny(List<MatchValue> values) ->
          indexed(rule, values)
              .map(known -> onElements(element -> known.holds(element, true)))
              .orElseGet(() -> plain(predicate));
      case FieldPredicate.MatchExcept(List<MatchValue> values) ->
          indexed(rule, values)
              .map(known -> onElements(element -> known.holds(element, false)))
              .orElseGet(() -> plain(predicate));
      default -> plain(predicate);
    };
  }

  /**
   * Values that are asked of an index.
   *
   * @param form an element as the index knows it; empty for one that is not of its type
   */
  private record Indexed(
      Set<JsonValue> wanted, Function<JsonValue, Optional<? extends JsonValue>> form) {
    /** Whether the index knows the element, and it is among the wanted, or not. */
    boolean holds(JsonValue element, boolean isListed) {
      return form.apply(element).map(known -> wanted.contains(known) == isListed).orElse(false);
    }
  }

  /** Empty where the values are not ones that this declaration serves. */
  private static Optional<Indexed> indexed(FieldRule rule, List<MatchValue> values) {
    Function<JsonValue, Optional<? extends JsonValue>> form;
    if (rule.is(Type.INTEGER) && rule.index().servesMatch()) {
      form = FieldCheck::integer;
    } else if (rule.is(Type.KEYWORD)) {
      form = element -> element instanceof JsonString text ? Optional.of(text) : Optional.empty();
    } else if (rule.is(Type.UUID)) {
      form = FieldCheck::uuid;
    } else {
      return Optional.empty();
    }
    Set<JsonValue> wanted = new HashSet<>();
    for (MatchValue value : values) {
      Optional<? extends JsonValue> known = form.apply(json(value));
      if (known.isEmpty()) {
        return Optional.empty();
      }
      wanted.add(known.get());
    }
    return wanted.isEmpty() ? Optional.empty() : Optional.of(new Indexed(wanted, form));
  }

  private static Optional<JsonLong> integer(JsonValue element) {
    if (element instanceof JsonNumber number) {
      OptionalLong value = DeclaredValues.integer(number);
      return value.isPresent() ? Optional.of(new JsonLong(value.getAsLong())) : Optional.empty();
    }
    return Optional.empty();
  }

  /** A UUID in its one spelling. */
  private static Optional<JsonString> uuid(JsonValue element) {
    return element instanceof JsonString(String text)
        ? PointId.parseUuid(text).map(id -> new JsonString(id.toString()))
        : Optional.empty();
  }

  private static FieldCheck plain(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue value) -> onElements(equalTo(value));
      case FieldPredicate.MatchAny(List<MatchValue> values) -> onElements(anyOf(values));
      case FieldPredicate.MatchExcept(List<MatchValue> values) -> {
        Predicate<JsonValue> listed = anyOf(values);
        yield onElements(element -> element != JsonNull.NULL && !listed.test(element));
      }
      case FieldPredicate.MatchText _,
          FieldPredicate.MatchTextAny _,
          FieldPredicate.MatchPhrase _,
          FieldPredicate.MatchPrefix _ ->
          onText(textTest(predicate).orElseThrow());
      case Range range ->
          onElements(
              element -> element instanceof JsonNumber number && isIn(range, number.asDouble()));
      case DatetimeRange range ->
          onElements(element -> {
            OptionalLong micros = micros(element);
            return micros.isPresent() && isIn(range, micros.getAsLong());
          });
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

  /** A predicate on texts as it is without a text index; empty for other predicates. */
  static Optional<Predicate<String>> textTest(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.MatchText(String text) -> Optional.of(stored -> stored.contains(text));
      case FieldPredicate.MatchTextAny(String text) -> {
        List<String> parts = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        yield Optional.of(stored -> parts.stream().anyMatch(stored::contains));
      }
      case FieldPredicate.MatchPhrase(String phrase) ->
          Optional.of(stored -> stored.contains(phrase));
      case FieldPredicate.MatchPrefix(String prefix) ->
          Optional.of(stored -> stored.startsWith(prefix));
      default -> Optional.empty();
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

  /** The texts of a value: itself, or those among its elements. */
  static List<String> texts(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> List.of(text);
      case JsonArray(List<JsonValue> elements) ->
          elements.stream()
              .filter(JsonString.class::isInstance)
              .map(element -> ((JsonString) element).value())
              .toList();
      default -> List.of();
    };
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

  static OptionalLong micros(JsonValue value) {
    return value instanceof JsonString(String text)
        ? Datetimes.parseMicros(text)
        : OptionalLong.empty();
  }

  private static boolean isIn(DatetimeRange range, long micros) {
    return isIn(micros, range.gtMicros(), range.gteMicros(), range.ltMicros(), range.lteMicros());
  }

  static Range numbers(DatetimeRange range) {
    return new Range(
        number(range.gtMicros()),
        number(range.gteMicros()),
        number(range.ltMicros()),
        number(range.lteMicros()));
  }

  private static @Nullable Double number(@Nullable Long bound) {
    return bound == null ? null : bound.doubleValue();
  }

  static boolean isIn(ValuesCount range, long count) {
    return isIn(count, range.gt(), range.gte(), range.lt(), range.lte());
  }

  private static boolean isIn(
      long value, @Nullable Long gt, @Nullable Long gte, @Nullable Long lt, @Nullable Long lte) {
    return (gt == null || value > gt)
        && (gte == null || value >= gte)
        && (lt == null || value < lt)
        && (lte == null || value <= lte);
  }

  static long countOf(JsonValue value) {
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

  static boolean hasNull(JsonValue value) {
    return value == JsonNull.NULL
        || (value instanceof JsonArray array && array.elements().contains(JsonNull.NULL));
  }
}
