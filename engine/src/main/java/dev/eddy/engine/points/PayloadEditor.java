package dev.eddy.engine.points;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How payload operations change a payload. Pure functions; the contract's section on writes. */
public final class PayloadEditor {
  private PayloadEditor() {}

  /**
   * Merges the change's top-level keys into the payload, or into the place that the key names,
   * which is made where it is missing. Null removes; but an empty payload without a key takes the
   * change as it is.
   */
  public static JsonObject set(JsonObject payload, JsonObject change, @Nullable KeyPath key) {
    if (key != null) {
      return (JsonObject) setAt(payload, key.steps(), 0, change);
    }
    return payload.isEmpty() ? change : merge(payload, change);
  }

  private static JsonObject merge(JsonObject target, JsonObject change) {
    Map<String, JsonValue> members = new LinkedHashMap<>(target.members());
    change
        .members()
        .forEach((name, value) -> {
          if (value == JsonNull.NULL) {
            members.remove(name);
          } else {
            members.put(name, value);
          }
        });
    return new JsonObject(members);
  }

  private static JsonValue setAt(JsonValue target, List<Step> steps, int depth, JsonObject change) {
    if (depth == steps.size()) {
      return merge(target instanceof JsonObject object ? object : JsonObject.EMPTY, change);
    }
    return switch (steps.get(depth)) {
      case Step.Key(String name) -> {
        JsonObject object = target instanceof JsonObject found ? found : JsonObject.EMPTY;
        Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
        JsonValue child = members.getOrDefault(name, JsonNull.NULL);
        members.put(name, setAt(child, steps, depth + 1, change));
        yield new JsonObject(members);
      }
      case Step.Index(int index) -> {
        List<JsonValue> elements = elementsOf(target);
        if (index < elements.size()) {
          elements.set(index, setAt(elements.get(index), steps, depth + 1, change));
        }
        yield new JsonArray(elements);
      }
      case Step.Every ignored -> {
        List<JsonValue> elements = elementsOf(target);
        elements.replaceAll(element -> setAt(element, steps, depth + 1, change));
        yield new JsonArray(elements);
      }
    };
  }

  private static List<JsonValue> elementsOf(JsonValue target) {
    return target instanceof JsonArray array
        ? new ArrayList<>(array.elements())
        : new ArrayList<>();
  }

  /**
   * Removes what the paths name. One element of an array by its index is left alone (removing it
   * twice would not be removing it once); {@code a[]} at the end empties the array.
   */
  public static JsonObject delete(JsonObject payload, List<KeyPath> keys) {
    JsonValue result = payload;
    for (KeyPath key : keys) {
      result = deleteAt(result, key.steps(), 0);
    }
    return (JsonObject) result;
  }

  private static JsonValue deleteAt(JsonValue target, List<Step> steps, int depth) {
    boolean isLast = depth == steps.size() - 1;
    switch (steps.get(depth)) {
      case Step.Key(String name) -> {
        if (!(target instanceof JsonObject object)) {
          return target;
        }
        JsonValue child = object.members().get(name);
        if (child == null) {
          return target;
        }
        Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
        if (isLast) {
          members.remove(name);
        } else {
          members.put(name, deleteAt(child, steps, depth + 1));
        }
        return new JsonObject(members);
      }
      case Step.Index(int index) -> {
        if (isLast || !(target instanceof JsonArray array) || index >= array.elements().size()) {
          return target;
        }
        List<JsonValue> elements = new ArrayList<>(array.elements());
        elements.set(index, deleteAt(elements.get(index), steps, depth + 1));
        return new JsonArray(elements);
      }
      case Step.Every ignored -> {
        if (!(target instanceof JsonArray array)) {
          return target;
        }
        List<JsonValue> elements = new ArrayList<>();
        if (!isLast) {
          for (JsonValue element : array.elements()) {
            elements.add(deleteAt(element, steps, depth + 1));
          }
        }
        return new JsonArray(elements);
      }
    }
  }
}
