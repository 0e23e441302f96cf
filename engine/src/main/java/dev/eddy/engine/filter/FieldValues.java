package dev.eddy.engine.filter;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.OrderValue;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values of a payload's field as groups, orders and facets take them: of an array each element,
 * each value once, and none that is not of the right kind. Stateless.
 */
public final class FieldValues {
  private FieldValues() {}

  /** Strings and integers. */
  public static SequencedSet<JsonValue> groups(JsonObject payload, KeyPath key) {
    return collected(
        payload,
        key,
        value ->
            value instanceof JsonString
                    || value instanceof JsonLong
                    || value instanceof JsonUnsigned
                ? value
                : null);
  }

  /**
   * What the index of a field knows of it.
   *
   * @param type keyword, integer, bool or UUID
   */
  public static SequencedSet<JsonValue> facets(
      JsonObject payload, KeyPath key, FieldIndex.Type type) {
    return switch (type) {
      case KEYWORD -> collected(payload, key, v -> v instanceof JsonString ? v : null);
      case BOOL -> collected(payload, key, v -> v instanceof JsonBoolean ? v : null);
      case INTEGER ->
          collected(
              payload,
              key,
              v -> whole(v) instanceof OrderValue.Whole(long n) ? new JsonLong(n) : null);
      case UUID -> collected(payload, key, FieldValues::uuid);
      case FLOAT, GEO, TEXT, DATETIME ->
          throw new IllegalArgumentException("values of " + type + " are not counted");
    };
  }

  /**
   * What the index of a field orders by.
   *
   * @param type integer, float or date-time
   */
  public static SequencedSet<OrderValue> orders(
      JsonObject payload, KeyPath key, FieldIndex.Type type) {
    return switch (type) {
      case INTEGER -> collected(payload, key, FieldValues::whole);
      case FLOAT ->
          collected(
              payload,
              key,
              v -> v instanceof JsonNumber number ? new OrderValue.Real(number.asDouble()) : null);
      case DATETIME -> collected(payload, key, FieldValues::moment);
      case KEYWORD, BOOL, UUID, GEO, TEXT ->
          throw new IllegalArgumentException("values of " + type + " have no order");
    };
  }

  private static @Nullable OrderValue whole(JsonValue value) {
    if (!(value instanceof JsonNumber number)) {
      return null;
    }
    OptionalLong whole = DeclaredValues.integer(number);
    return whole.isPresent() ? new OrderValue.Whole(whole.getAsLong()) : null;
  }

  private static @Nullable OrderValue moment(JsonValue value) {
    if (!(value instanceof JsonString(String text))) {
      return null;
    }
    OptionalLong micros = Datetimes.parseMicros(text);
    return micros.isPresent() ? new OrderValue.Whole(micros.getAsLong()) : null;
  }

  private static @Nullable JsonValue uuid(JsonValue value) {
    return value instanceof JsonString(String text)
        ? PointId.parseUuid(text).map(id -> new JsonString(id.toString())).orElse(null)
        : null;
  }

  private static <T> SequencedSet<T> collected(
      JsonObject payload, KeyPath key, Function<JsonValue, @Nullable T> form) {
    SequencedSet<T> values = new LinkedHashSet<>();
    JsonPaths.values(
        payload,
        key.steps(),
        found -> {
          for (JsonValue each : found instanceof JsonArray(var elements) ? elements : one(found)) {
            T value = form.apply(each);
            if (value != null) {
              values.add(value);
            }
          }
        });
    return values;
  }

  private static java.util.List<JsonValue> one(JsonValue value) {
    return java.util.List.of(value);
  }
}
