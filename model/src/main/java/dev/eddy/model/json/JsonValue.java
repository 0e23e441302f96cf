package dev.eddy.model.json;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One JSON value with full fidelity: integers stay integers (signed or unsigned 64 bits), other
 * numbers are doubles, objects keep the order of their keys. Immutable.
 */
public sealed interface JsonValue {

  /** JSON {@code null}. */
  enum JsonNull implements JsonValue {
    NULL
  }

  record JsonBoolean(boolean value) implements JsonValue {}

  record JsonString(String value) implements JsonValue {
    public JsonString {
      requireNonNull(value, "value");
    }
  }

  /** A number; an integer and a double of equal value are different values. */
  sealed interface JsonNumber extends JsonValue {
    /** The value as a double, rounded if it has to be. */
    double asDouble();
  }

  /** An integer in [-2^63, 2^63). */
  record JsonLong(long value) implements JsonNumber {
    @Override
    public double asDouble() {
      return value;
    }
  }

  /** An integer in [2^63, 2^64), as its unsigned bits. */
  record JsonUnsigned(long bits) implements JsonNumber {
    @Override
    public double asDouble() {
      return (double) (bits >>> 1) * 2.0 + (bits & 1);
    }
  }

  /** A number written with a fraction or exponent, or an integer beyond 64 bits. Finite. */
  record JsonDouble(double value) implements JsonNumber {
    @Override
    public double asDouble() {
      return value;
    }
  }

  record JsonArray(List<JsonValue> elements) implements JsonValue {
    public JsonArray {
      elements = List.copyOf(elements);
    }
  }

  /** Keys in the order in which they were written; a repeated key keeps its last value. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    public JsonObject {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public boolean isEmpty() {
      return members.isEmpty();
    }
  }
}
