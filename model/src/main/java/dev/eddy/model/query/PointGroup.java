package dev.eddy.model.query;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.point.StoredPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of hits.
 *
 * @param value a string or an integer
 * @param hits best first
 * @param lookup the point of another collection, where it was asked for and there is one
 */
public record PointGroup(JsonValue value, List<ScoredPoint> hits, @Nullable StoredPoint lookup) {
  public PointGroup {
    hits = List.copyOf(hits);
  }
}
