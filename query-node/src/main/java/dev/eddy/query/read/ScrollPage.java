package dev.eddy.query.read;

import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Points in the order of ids.
 *
 * @param nextId first id that is not on the page, or null at the end
 */
public record ScrollPage(List<StoredPoint> points, @Nullable PointId nextId) {
  public ScrollPage {
    points = List.copyOf(points);
  }

  public Optional<PointId> next() {
    return Optional.ofNullable(nextId);
  }
}
