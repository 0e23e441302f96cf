package dev.eddy.query.rest.json;

import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Geographical conditions. A point outside of the globe or a ring that is open is a 400. */
final class GeoReader {
  private static final int RING_POINTS_MIN = 4;

  private GeoReader() {}

  static FieldPredicate boundingBox(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable GeoPoint topLeft;
          @Nullable GeoPoint bottomRight;
        };
    body.object(
        "struct GeoBoundingBox",
        field -> {
          switch (field) {
            case "top_left" -> draft.topLeft = point(body);
            case "bottom_right" -> draft.bottomRight = point(body);
            default -> body.skip();
          }
        });
    if (draft.topLeft == null || draft.bottomRight == null) {
      throw body.missing(draft.topLeft == null ? "top_left" : "bottom_right");
    }
    return new FieldPredicate.GeoBoundingBox(draft.topLeft, draft.bottomRight);
  }

  static FieldPredicate radius(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable GeoPoint center;
          @Nullable Double radius;
        };
    body.object(
        "struct GeoRadius",
        field -> {
          switch (field) {
            case "center" -> draft.center = point(body);
            case "radius" -> draft.radius = body.f64();
            default -> body.skip();
          }
        });
    if (draft.center == null || draft.radius == null) {
      throw body.missing(draft.center == null ? "center" : "radius");
    }
    return new FieldPredicate.GeoRadius(draft.center, draft.radius);
  }

  static FieldPredicate polygon(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<GeoPoint> exterior;
          List<List<GeoPoint>> interiors = new ArrayList<>();
        };
    body.object(
        "struct GeoPolygon",
        field -> {
          switch (field) {
            case "exterior" -> draft.exterior = ring(body);
            case "interiors" -> body.array(() -> draft.interiors.add(ring(body)));
            default -> body.skip();
          }
        });
    if (draft.exterior == null) {
      throw body.missing("exterior");
    }
    return new FieldPredicate.GeoPolygon(draft.exterior, draft.interiors);
  }

  private static List<GeoPoint> ring(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<GeoPoint> points;
        };
    body.object(
        "struct GeoLineString",
        field -> {
          if (field.equals("points")) {
            List<GeoPoint> points = new ArrayList<>();
            body.array(() -> points.add(point(body)));
            draft.points = points;
          } else {
            body.skip();
          }
        });
    List<GeoPoint> points = draft.points;
    if (points == null) {
      throw body.missing("points");
    }
    if (points.size() < RING_POINTS_MIN) {
      throw body.malformedHere(
          "Validation failed: polygon invalid, the size must be at least "
              + RING_POINTS_MIN
              + ", got "
              + points.size());
    }
    if (!points.getFirst().equals(points.getLast())) {
      throw body.malformedHere(
          "Validation failed: polygon invalid, the first and the last points should be same to"
              + " form a closed line");
    }
    return points;
  }

  static GeoPoint point(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Double lon;
          @Nullable Double lat;
        };
    body.object(
        "struct GeoPoint",
        field -> {
          switch (field) {
            case "lon" -> draft.lon = body.f64();
            case "lat" -> draft.lat = body.f64();
            default -> body.skip();
          }
        });
    if (draft.lon == null || draft.lat == null) {
      throw body.missing(draft.lon == null ? "lon" : "lat");
    }
    double lon = draft.lon;
    double lat = draft.lat;
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
      throw body.malformedHere(
          "Wrong format of GeoPoint payload: expected `lat` = "
              + plain(lat)
              + " within [-90;90] and `lon` = "
              + plain(lon)
              + " within [-180;180]");
    }
    return new GeoPoint(lon, lat);
  }

  private static String plain(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
