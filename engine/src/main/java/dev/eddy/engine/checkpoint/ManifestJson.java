package dev.eddy.engine.checkpoint;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.List;

/** Takes apart what stands in a manifest; throws IllegalArgumentException where it is other. */
public final class ManifestJson {
  private ManifestJson() {}

  /** A value that is an object. */
  public static JsonObject object(JsonValue json) {
    if (json instanceof JsonObject object) {
      return object;
    }
    throw new IllegalArgumentException("no object: " + json);
  }

  /** A member of an object. */
  public static JsonValue member(JsonValue json, String name) {
    JsonValue value = object(json).members().get(name);
    if (value == null) {
      throw new IllegalArgumentException("no member " + name);
    }
    return value;
  }

  /** The elements of a member that is an array. */
  public static List<JsonValue> elements(JsonValue json, String name) {
    if (member(json, name) instanceof JsonArray(List<JsonValue> elements)) {
      return elements;
    }
    throw new IllegalArgumentException("no array " + name);
  }

  /** A member that is a whole number. */
  public static long number(JsonValue json, String name) {
    if (member(json, name) instanceof JsonLong(long value)) {
      return value;
    }
    throw new IllegalArgumentException("no integer " + name);
  }

  /** A member that is a text. */
  public static String text(JsonValue json, String name) {
    if (member(json, name) instanceof JsonString(String value)) {
      return value;
    }
    throw new IllegalArgumentException("no text " + name);
  }
}
