package dev.eddy.query.read;

import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.query.OrderValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Points in the order of ids, or of a field's values.
 *
 * @param nextId first id that is not on the page, or null at the end, or in another order
 * @param orderValues one per point where they are ordered by a field, else empty
 */
public record ScrollPage(
    List<StoredPoint> points, @Nullable PointId nextId, List<OrderValue> orderValues) {
  public ScrollPage {
    points = List.copyOf(points);
    orderValues = List.copyOf(orderValues);
  }

  /** A page in the order of ids. */
  public ScrollPage(List<StoredPoint> points, @Nullable PointId nextId) {
    this(points, nextId, List.of());
  }

  /** The value that the i-th point is ordered by, or null. */
  public @Nullable OrderValue orderValue(int i) {
    return orderValues.isEmpty() ? null : orderValues.get(i);
  }

  public Optional<PointId> next() {
    return Optional.ofNullable(nextId);
  }
}
