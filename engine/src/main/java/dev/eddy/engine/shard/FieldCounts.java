package dev.eddy.engine.shard;

import dev.eddy.engine.filter.DeclaredValues;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import java.util.Map;
import java.util.TreeMap;

/** How many points have a value of each declared field. Owned by the writer. */
final class FieldCounts {
  private final DeclaredValues values;
  private final Map<String, Long> points = new TreeMap<>();

  /** Of a shard where these are the counts of all that is there. */
  FieldCounts(DeclaredValues values, Map<String, Long> known) {
    this.values = values;
    values.fields().forEach(field -> points.put(field, known.getOrDefault(field, 0L)));
  }

  /** Whether there is anything to count, so that payloads have to be read. */
  boolean isActive() {
    return !points.isEmpty();
  }

  /** The members of a payload that declared fields are in. */
  JsonObject members(Payload payload) {
    return values.members(payload);
  }

  void add(JsonObject members) {
    values.forEachField(members, field -> points.merge(field, 1L, Long::sum));
  }

  void remove(JsonObject members) {
    values.forEachField(members, field -> points.merge(field, -1L, Long::sum));
  }

  Map<String, Long> snapshot() {
    return Map.copyOf(points);
  }
}
