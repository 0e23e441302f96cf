package dev.eddy.engine.points;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a payload that a reader selected. A selected path covers all below it; arrays of
 * objects keep their length when a key below them is selected.
 */
public final class PayloadProjection {
  private PayloadProjection() {}

  /** The selected part, or null when no payload was asked for. */
  public static @Nullable Payload select(Payload payload, PayloadSelector selector) {
    return switch (selector) {
      case PayloadSelector.None ignored -> null;
      case PayloadSelector.All ignored -> payload;
      case PayloadSelector.Include(List<KeyPath> paths) ->
          payload.isEmpty() ? payload : Payload.of(include(payload.object(), paths));
      case PayloadSelector.Exclude(List<KeyPath> paths) ->
          payload.isEmpty() ? payload : Payload.of(exclude(payload.object(), paths));
    };
  }

  private static JsonObject include(JsonObject payload, List<KeyPath> paths) {
    JsonValue kept = includeIn(payload, paths.stream().map(KeyPath::steps).toList());
    return kept instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  /** What of the value the step lists keep; null = nothing. An empty list keeps the whole value. */
  private static @Nullable JsonValue includeIn(JsonValue value, List<List<Step>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return value;
    }
    return switch (value) {
      case JsonObject object -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        object
            .members()
            .forEach((name, member) -> {
              JsonValue kept = includeBelow(member, below(paths, name));
              if (kept != null) {
                members.put(name, kept);
              }
            });
        yield members.isEmpty() && !object.isEmpty() ? null : new JsonObject(members);
      }
      case JsonArray array -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = 0; i < array.elements().size(); i++) {
          JsonValue element = array.elements().get(i);
          JsonValue kept = includeBelow(element, below(paths, i));
          if (kept != null) {
            elements.add(kept);
          } else if (element instanceof JsonObject && hasEvery(paths)) {
            elements.add(JsonObject.EMPTY);
          }
        }
        yield elements.isEmpty() && !array.elements().isEmpty() ? null : new JsonArray(elements);
      }
      default -> null;
    };
  }

  private static @Nullable JsonValue includeBelow(JsonValue child, List<List<Step>> paths) {
    return paths.isEmpty() ? null : includeIn(child, paths);
  }

  private static boolean hasEvery(List<List<Step>> paths) {
    return paths.stream().anyMatch(path -> path.getFirst() instanceof Step.Every);
  }

  private static JsonObject exclude(JsonObject payload, List<KeyPath> paths) {
    JsonValue kept = excludeIn(payload, paths.stream().map(KeyPath::steps).toList());
    return kept instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  private static @Nullable JsonValue excludeIn(JsonValue value, List<List<Step>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return null;
    }
    if (paths.isEmpty()) {
      return value;
    }
    return switch (value) {
      case JsonObject object -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        object
            .members()
            .forEach((name, member) -> {
              JsonValue kept = excludeIn(member, below(paths, name));
              if (kept != null) {
                members.put(name, kept);
              }
            });
        yield new JsonObject(members);
      }
      case JsonArray array -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = 0; i < array.elements().size(); i++) {
          JsonValue kept = excludeIn(array.elements().get(i), below(paths, i));
          if (kept != null) {
            elements.add(kept);
          }
        }
        yield new JsonArray(elements);
      }
      default -> value;
    };
  }

  private static List<List<Step>> below(List<List<Step>> paths, String name) {
    return paths.stream()
        .filter(path -> path.getFirst() instanceof Step.Key(String key) && key.equals(name))
        .map(path -> path.subList(1, path.size()))
        .toList();
  }

  private static List<List<Step>> below(List<List<Step>> paths, int index) {
    return paths.stream()
        .filter(path ->
            switch (path.getFirst()) {
              case Step.Every ignored -> true;
              case Step.Index(int wanted) -> wanted == index;
              case Step.Key ignored -> false;
            })
        .map(path -> path.subList(1, path.size()))
        .toList();
  }
}
