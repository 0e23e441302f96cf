package dev.eddy.engine.filter;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath.Step;
import java.util.List;
import java.util.function.Consumer;

/** Walking a path through a payload. A path never enters an array without a step that says so. */
final class JsonPaths {
  private JsonPaths() {}

  /** Hands every value at the path to the consumer. */
  static void values(JsonValue from, List<Step> steps, Consumer<JsonValue> found) {
    walk(from, steps, 0, found);
  }

  private static void walk(
      JsonValue value, List<Step> steps, int depth, Consumer<JsonValue> found) {
    if (depth == steps.size()) {
      found.accept(value);
      return;
    }
    switch (steps.get(depth)) {
      case Step.Key(String name) -> {
        if (value instanceof JsonObject object) {
          JsonValue member = object.members().get(name);
          if (member != null) {
            walk(member, steps, depth + 1, found);
          }
        }
      }
      case Step.Index(int index) -> {
        if (value instanceof JsonArray array && index < array.elements().size()) {
          walk(array.elements().get(index), steps, depth + 1, found);
        }
      }
      case Step.Every ignored -> {
        if (value instanceof JsonArray array) {
          for (JsonValue element : array.elements()) {
            walk(element, steps, depth + 1, found);
          }
        }
      }
    }
  }
}
