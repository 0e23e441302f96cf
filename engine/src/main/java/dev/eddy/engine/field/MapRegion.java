package dev.eddy.engine.field;

import com.google.common.geometry.S2Cap;
import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2LatLngRect;
import com.google.common.geometry.S2Point;
import com.google.common.geometry.S2Region;
import dev.eddy.engine.filter.GeoShapes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.GeoPolygon;
import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;

/**
 * A polygon whose edges are straight on the map, where degrees are x and y, as filters have it; the
 * edges of the S2 geometry are straight on the globe. One thread.
 */
final class MapRegion implements S2Region {
  /** Degrees; far more than cells and sums of doubles are off by. */
  private static final double MARGIN = 1e-6;

  private static final GeometryFactory FACTORY = new GeometryFactory();

  private final PreparedGeometry polygon;
  private final S2LatLngRect around;

  private MapRegion(PreparedGeometry polygon, S2LatLngRect around) {
    this.polygon = polygon;
    this.around = around;
  }

  /**
   * @param around everything of it
   * @return empty when its rings cross: what is inside then is not said by its area
   */
  static Optional<MapRegion> of(GeoPolygon shape, S2LatLngRect around) {
    Polygon polygon =
        FACTORY.createPolygon(
            ring(shape.exterior()),
            shape.interiors().stream().map(MapRegion::ring).toArray(LinearRing[]::new));
    return polygon.isValid()
        ? Optional.of(new MapRegion(PreparedGeometryFactory.prepare(polygon), around))
        : Optional.empty();
  }

  private static LinearRing ring(List<GeoPoint> points) {
    return FACTORY.createLinearRing(GeoShapes.ring(points));
  }

  /** The cell's bounds on the map; two where they cross the antimeridian. */
  private static List<Geometry> boxes(S2Cell cell) {
    S2LatLngRect bounds = cell.getRectBound();
    double bottom = bounds.latLo().degrees() - MARGIN;
    double top = bounds.latHi().degrees() + MARGIN;
    double left = bounds.lngLo().degrees();
    double right = bounds.lngHi().degrees();
    return left <= right
        ? List.of(box(left - MARGIN, right + MARGIN, bottom, top))
        : List.of(
            box(left - MARGIN, 180 + MARGIN, bottom, top),
            box(-180 - MARGIN, right + MARGIN, bottom, top));
  }

  private static Geometry box(double left, double right, double bottom, double top) {
    return FACTORY.toGeometry(new Envelope(left, right, bottom, top));
  }

  @Override
  public boolean contains(S2Cell cell) {
    return boxes(cell).stream().allMatch(polygon::containsProperly);
  }

  @Override
  public boolean mayIntersect(S2Cell cell) {
    return boxes(cell).stream().anyMatch(polygon::intersects);
  }

  @Override
  public boolean contains(S2Point point) {
    S2LatLng at = new S2LatLng(point);
    return polygon.contains(FACTORY.createPoint(new Coordinate(at.lngDegrees(), at.latDegrees())));
  }

  @Override
  public S2Cap getCapBound() {
    return around.getCapBound();
  }

  @Override
  public S2LatLngRect getRectBound() {
    return around;
  }
}
