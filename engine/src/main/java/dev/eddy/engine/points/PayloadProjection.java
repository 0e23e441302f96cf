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
 * The part of a payload that a reader selected. A selected path covers all below it; objects and
 * arrays on the way to it keep their place, arrays of objects their length.
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
    List<List<Step>> steps = paths.stream().map(KeyPath::steps).toList();
    return steps.isEmpty() ? JsonObject.EMPTY : (JsonObject) includeIn(payload, steps);
  }

  /**
   * What of the value the steps keep, of which there is one list at least; an empty list keeps the
   * whole value. A value on the way to a selected place stays even where nothing below it does.
   */
  private static JsonValue includeIn(JsonValue value, List<List<Step>> paths) {
    if (paths.stream().anyMatch(List::isEmpty)) {
      return value;
    }
    return switch (value) {
      case JsonObject object -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        object
            .members()
            .forEach((name, member) -> {
              List<List<Step>> below = below(paths, name);
              if (!below.isEmpty()) {
                members.put(name, includeIn(member, below));
              }
            });
        yield new JsonObject(members);
      }
      case JsonArray array -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = 0; i < array.elements().size(); i++) {
          List<List<Step>> below = below(paths, i);
          if (!below.isEmpty()) {
            elements.add(includeIn(array.elements().get(i), below));
          }
        }
        yield new JsonArray(elements);
      }
      default -> value;
    };
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
