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
 */
record Shape(String collectionName, long metaNumber, CollectionSpec spec) {

  /** The shape as stored; no shape yet = no members. */
  static JsonObject json(@Nullable Shape shape) {
    if (shape == null) {
      return JsonObject.EMPTY;
    }
    Map<String, JsonValue> members = new TreeMap<>();
    members.put("collection_name", new JsonString(shape.collectionName()));
    members.put("meta_number", new JsonLong(shape.metaNumber()));
    members.put("spec", RecordJson.write(shape.spec()));
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
      return new Shape(name, number, RecordJson.read(spec, CollectionSpec.class));
    }
    throw new IllegalArgumentException("no shape: " + json.members().keySet());
  }
}
