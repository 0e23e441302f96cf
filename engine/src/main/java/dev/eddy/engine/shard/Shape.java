package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log said about the collection itself.
 *
 * @param metaNumber of the record that ordered this configuration
 * @param fieldPoints how many points have a value of each declared field, of those where that is
 *     known
 */
record Shape(
    String collectionName, long metaNumber, CollectionSpec spec, Map<String, Long> fieldPoints) {
  Shape {
    fieldPoints = Map.copyOf(fieldPoints);
  }

  Shape(String collectionName, long metaNumber, CollectionSpec spec) {
    this(collectionName, metaNumber, spec, Map.of());
  }

  Shape with(Map<String, Long> newFieldPoints) {
    return new Shape(collectionName, metaNumber, spec, newFieldPoints);
  }

  /** The shape as stored; no shape yet = no members. */
  static JsonObject json(@Nullable Shape shape) {
    if (shape == null) {
      return JsonObject.EMPTY;
    }
    Map<String, JsonValue> members = new TreeMap<>();
    members.put("collection_name", new JsonString(shape.collectionName()));
    members.put("meta_number", new JsonLong(shape.metaNumber()));
    members.put("spec", RecordJson.write(shape.spec()));
    if (!shape.fieldPoints().isEmpty()) {
      members.put("field_points", RecordJson.write(new TreeMap<>(shape.fieldPoints())));
    }
    return new JsonObject(members);
  }

  /**
   * @throws IllegalArgumentException when the JSON is not a shape
   */
  static @Nullable Shape of(JsonObject json) {
    if (json.isEmpty()) {
      return null;
    }
    if (json.members().get("collection_name") instanceof JsonString(String name)
        && json.members().get("meta_number") instanceof JsonLong(long number)
        && json.members().get("spec") instanceof JsonObject spec) {
      return new Shape(
          name, number, RecordJson.read(spec, CollectionSpec.class), fieldPoints(json));
    }
    throw new IllegalArgumentException("no shape: " + json.members().keySet());
  }

  private static Map<String, Long> fieldPoints(JsonObject json) {
    Map<String, Long> points = new TreeMap<>();
    if (json.members().get("field_points") instanceof JsonObject(Map<String, JsonValue> fields)) {
      fields.forEach((field, value) -> {
        if (!(value instanceof JsonLong(long count))) {
          throw new IllegalArgumentException("no count of points: " + value);
        }
        points.put(field, count);
      });
    }
    return points;
  }
}
