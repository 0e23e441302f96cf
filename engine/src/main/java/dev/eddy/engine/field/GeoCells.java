package dev.eddy.engine.field;

import com.google.common.geometry.R1Interval;
import com.google.common.geometry.S1Angle;
import com.google.common.geometry.S1ChordAngle;
import com.google.common.geometry.S1Interval;
import com.google.common.geometry.S2Cap;
import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2CellUnion;
import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2LatLngRect;
import com.google.common.geometry.S2Projections;
import com.google.common.geometry.S2Region;
import com.google.common.geometry.S2RegionCoverer;
import dev.eddy.engine.filter.FieldKeys.KeyRange;
import dev.eddy.engine.filter.GeoShapes;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoBoundingBox;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.GeoPolygon;
import dev.eddy.model.filter.FieldPredicate.GeoRadius;
import java.util.ArrayList;
import java.util.List;

/** Points on the globe as keys: cells of the S2 geometry, about a centimetre wide. Stateless. */
final class GeoCells {
  /** Key of points whose degrees are out of range. */
  static final long BEYOND = Long.MIN_VALUE;

  private static final int CELLS_MAX = 48;

  /** Across a shape, the smallest of its inner cells. */
  private static final double INNER_PIECES = 16;

  /** Far more than cells and sums of doubles are off by. */
  private static final double MARGIN_RADIANS = 1e-8;

  private static final double MARGIN_FACTOR = 1e-6;

  private GeoCells() {}

  static long key(GeoPoint point) {
    boolean isOnGlobe = Math.abs(point.lat()) <= 90 && Math.abs(point.lon()) <= 180;
    return isOnGlobe
        ? key(S2CellId.fromLatLng(S2LatLng.fromDegrees(point.lat(), point.lon())).id())
        : BEYOND;
  }

  /** Cell ids are unsigned. */
  private static long key(long cellId) {
    return cellId ^ Long.MIN_VALUE;
  }

  /**
   * Cells of a shape.
   *
   * @param outer keys of every point inside, and of some outside
   * @param inner keys of points inside alone
   */
  record Covering(List<KeyRange> outer, List<KeyRange> inner) {
    static Covering of(FieldPredicate shape) {
      return switch (shape) {
        case GeoRadius circle -> of(circle);
        case GeoBoundingBox box -> of(box);
        case GeoPolygon polygon -> of(polygon);
        default -> throw new IllegalArgumentException("no shape: " + shape);
      };
    }

    private static Covering of(GeoRadius circle) {
      double radians = circle.radiusMeters() / GeoShapes.EARTH_RADIUS_METERS;
      if (!(radians > 0)) {
        return new Covering(List.of(), List.of());
      }
      S2LatLng center = S2LatLng.fromDegrees(circle.center().lat(), circle.center().lon());
      double more = radians * (1 + MARGIN_FACTOR) + MARGIN_RADIANS;
      double less = radians * (1 - MARGIN_FACTOR) - MARGIN_RADIANS;
      return new Covering(
          outer(cap(center, more)), less > 0 ? inner(cap(center, less)) : List.of());
    }

    private static S2Cap cap(S2LatLng center, double radians) {
      return radians >= Math.PI
          ? S2Cap.full()
          : S2Cap.fromAxisChord(
              center.toPoint(), S1ChordAngle.fromS1Angle(S1Angle.radians(radians)));
    }

    private static Covering of(GeoBoundingBox box) {
      S2LatLngRect exact =
          rect(
              box.bottomRight().lat(),
              box.topLeft().lat(),
              box.topLeft().lon(),
              box.bottomRight().lon());
      return new Covering(
          outer(exact.expanded(S2LatLng.fromRadians(MARGIN_RADIANS, MARGIN_RADIANS))),
          inner(shrunk(exact)));
    }

    private static S2LatLngRect shrunk(S2LatLngRect exact) {
      // The two sides of the whole map are one meridian, which is no more inside than other sides.
      S1Interval lng =
          exact.lng().isFull()
              ? new S1Interval(-Math.PI + MARGIN_RADIANS, Math.PI - MARGIN_RADIANS)
              : exact.lng();
      return new S2LatLngRect(exact.lat(), lng)
          .expanded(S2LatLng.fromRadians(-MARGIN_RADIANS, -MARGIN_RADIANS));
    }

    private static Covering of(GeoPolygon polygon) {
      S2LatLngRect around = around(polygon);
      return MapRegion.of(polygon, around)
          .map(region -> new Covering(outer(region), inner(region)))
          .orElseGet(() -> new Covering(outer(around), List.of()));
    }

    private static S2LatLngRect around(GeoPolygon polygon) {
      double bottom = 90;
      double top = -90;
      double left = 180;
      double right = -180;
      for (GeoPoint corner : polygon.exterior()) {
        bottom = Math.min(bottom, corner.lat());
        top = Math.max(top, corner.lat());
        left = Math.min(left, corner.lon());
        right = Math.max(right, corner.lon());
      }
      return rect(bottom, top, left, right)
          .expanded(S2LatLng.fromRadians(MARGIN_RADIANS, MARGIN_RADIANS));
    }

    /** Crosses the antimeridian where left is east of right. */
    private static S2LatLngRect rect(double bottom, double top, double left, double right) {
      if (bottom > top) {
        return S2LatLngRect.empty();
      }
      return new S2LatLngRect(
          new R1Interval(Math.toRadians(bottom), Math.toRadians(top)),
          right - left >= 360
              ? S1Interval.full()
              : new S1Interval(Math.toRadians(left), Math.toRadians(right)));
    }

    private static List<KeyRange> outer(S2Region region) {
      return ranges(S2RegionCoverer.builder().setMaxCells(CELLS_MAX).build().getCovering(region));
    }

    private static List<KeyRange> inner(S2Region region) {
      double radians = region.getCapBound().angle().radians();
      if (!(radians > 0)) {
        return List.of();
      }
      // Without a bound, cells along the edges are cut into pieces without end.
      int level = S2Projections.PROJ.maxWidth.getClosestLevel(radians / INNER_PIECES);
      return ranges(
          S2RegionCoverer.builder()
              .setMaxCells(CELLS_MAX)
              .setMaxLevel(Math.min(level, S2CellId.MAX_LEVEL))
              .build()
              .getInteriorCovering(region));
    }

    private static List<KeyRange> ranges(S2CellUnion cells) {
      List<KeyRange> ranges = new ArrayList<>();
      for (S2CellId cell : cells) {
        ranges.add(new KeyRange(key(cell.rangeMin().id()), key(cell.rangeMax().id())));
      }
      return ranges;
    }
  }
}
