package dev.eddy.engine.filter;

import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.PointId;

/** What a filter may ask of a point. */
public interface FilteredPoint {
  PointId id();

  /** The payload; at least the members whose names {@link CompiledFilter#keys} lists. */
  JsonObject payload();

  /** Whether the point has a vector of this name. */
  boolean hasVector(String name);
}
