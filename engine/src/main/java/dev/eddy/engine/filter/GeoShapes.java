package dev.eddy.engine.filter;

import dev.eddy.model.filter.FieldPredicate.GeoBoundingBox;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.GeoRadius;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.algorithm.RayCrossingCounter;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Location;

/** Points on the globe and the shapes of filters. */
public final class GeoShapes {
  /** Mean radius R1 of the WGS 84 ellipsoid, in metres. */
  public static final double EARTH_RADIUS_METERS = 6_371_008.8;

  private GeoShapes() {}

  /** The point that an object with numbers {@code lon} and {@code lat} is, or null. */
  static @Nullable GeoPoint point(JsonValue value) {
    return value instanceof JsonObject object
            && object.members().get("lon") instanceof JsonNumber lon
            && object.members().get("lat") instanceof JsonNumber lat
        ? new GeoPoint(lon.asDouble(), lat.asDouble())
        : null;
  }

  static boolean isInside(GeoPoint point, GeoBoundingBox box) {
    double left = box.topLeft().lon();
    double right = box.bottomRight().lon();
    boolean isBetween =
        left > right
            ? point.lon() > left || point.lon() < right
            : point.lon() > left && point.lon() < right;
    return isBetween && point.lat() < box.topLeft().lat() && point.lat() > box.bottomRight().lat();
  }

  static boolean isInside(GeoPoint point, GeoRadius circle) {
    return distanceMeters(point, circle.center()) < circle.radiusMeters();
  }

  /** Great-circle distance by the haversine formula. */
  static double distanceMeters(GeoPoint a, GeoPoint b) {
    double lat = Math.toRadians(b.lat() - a.lat()) / 2;
    double lon = Math.toRadians(b.lon() - a.lon()) / 2;
    double h =
        StrictMath.pow(StrictMath.sin(lat), 2)
            + StrictMath.cos(Math.toRadians(a.lat()))
                * StrictMath.cos(Math.toRadians(b.lat()))
                * StrictMath.pow(StrictMath.sin(lon), 2);
    return 2 * EARTH_RADIUS_METERS * StrictMath.asin(Math.min(1, Math.sqrt(h)));
  }

  /** A ring on the map, where degrees of longitude are x and of latitude are y. */
  public static Coordinate[] ring(List<GeoPoint> points) {
    return points.stream()
        .map(point -> new Coordinate(point.lon(), point.lat()))
        .toArray(Coordinate[]::new);
  }

  /** A polygon's rings, ready to be asked. */
  record Polygon(Coordinate[] exterior, List<Coordinate[]> interiors) {
    static Polygon of(List<GeoPoint> exterior, List<List<GeoPoint>> interiors) {
      return new Polygon(ring(exterior), interiors.stream().map(GeoShapes::ring).toList());
    }

    /** Inside the exterior ring and outside every interior one; no edge belongs to it. */
    boolean contains(GeoPoint point) {
      Coordinate at = new Coordinate(point.lon(), point.lat());
      if (RayCrossingCounter.locatePointInRing(at, exterior) != Location.INTERIOR) {
        return false;
      }
      for (Coordinate[] interior : interiors) {
        if (RayCrossingCounter.locatePointInRing(at, interior) != Location.EXTERIOR) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
