package dev.eddy.engine.field;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.engine.filter.FieldKeys.KeyRange;
import dev.eddy.engine.filter.FilteredPoint;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cells of a shape hold all that is inside it, and inner ones nothing else. */
final class GeoCellsTest {
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private record PointOf(JsonObject payload) implements FilteredPoint {
    @Override
    public PointId id() {
      return PointId.of(1);
    }

    @Override
    public boolean hasVector(String name) {
      return false;
    }
  }

  private GeoPoint anywhere() {
    return switch (random.nextInt(10)) {
      case 0 -> new GeoPoint(random.nextBoolean() ? 180 : -180, random.nextDouble() * 180 - 90);
      case 1 -> new GeoPoint(random.nextDouble() * 360 - 180, random.nextBoolean() ? 90 : -90);
      case 2 -> new GeoPoint(random.nextInt(361) - 180, random.nextInt(181) - 90);
      default -> new GeoPoint(random.nextDouble() * 360 - 180, random.nextDouble() * 180 - 90);
    };
  }

  private GeoPoint near(GeoPoint point, double degrees) {
    double lon = point.lon() + (random.nextDouble() - 0.5) * degrees;
    double lat = point.lat() + (random.nextDouble() - 0.5) * degrees;
    return new GeoPoint(
        lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon, Math.clamp(lat, -90, 90));
  }

  @Test
  void everyShapeIsCovered() {
    int inside = 0;
    int sure = 0;
    for (int i = 0; i < 400; i++) {
      GeoPoint center = anywhere();
      double degrees = Math.pow(10, random.nextInt(7) - 4);
      FieldPredicate shape = shape(center, degrees);
      GeoCells.Covering covering = GeoCells.Covering.of(shape);
      CompiledFilter truth =
          CompiledFilter.of(Filter.must(new Condition.Field(KeyPath.parse("g"), List.of(shape))));
      for (int j = 0; j < 300; j++) {
        GeoPoint point = j % 10 == 0 ? anywhere() : near(center, degrees * 3);
        boolean isInside = truth.matches(new PointOf(payload(point)));
        long key = GeoCells.key(point);
        String text = "seed %d %s of %s".formatted(seed, point, shape);
        if (isInside) {
          assertThat(isIn(covering.outer(), key)).as(text).isTrue();
          inside++;
        }
        if (isIn(covering.inner(), key)) {
          assertThat(isInside).as(text).isTrue();
          sure++;
        }
      }
    }
    assertThat(inside).isGreaterThan(1_000);
    assertThat(sure).as("points that no payload is read for").isGreaterThan(inside / 3);
  }

  @Test
  void theSidesOfTheWholeMapAreNotInside() {
    GeoCells.Covering covering =
        GeoCells.Covering.of(
            new FieldPredicate.GeoBoundingBox(new GeoPoint(-180, 90), new GeoPoint(180, -90)));
    for (GeoPoint side :
        List.of(new GeoPoint(-180, -10), new GeoPoint(180, 10), new GeoPoint(0, 90))) {
      assertThat(isIn(covering.inner(), GeoCells.key(side))).as(side.toString()).isFalse();
      assertThat(isIn(covering.outer(), GeoCells.key(side))).as(side.toString()).isTrue();
    }
    assertThat(isIn(covering.inner(), GeoCells.key(new GeoPoint(10, 50)))).isTrue();
  }

  private static JsonObject payload(GeoPoint point) {
    return new JsonObject(
        Map.of(
            "g",
            new JsonObject(
                Map.of("lon", new JsonDouble(point.lon()), "lat", new JsonDouble(point.lat())))));
  }

  private FieldPredicate shape(GeoPoint center, double degrees) {
    return switch (random.nextInt(3)) {
      case 0 -> new FieldPredicate.GeoRadius(center, degrees * 111_000 * random.nextDouble());
      case 1 -> {
        GeoPoint other = near(center, 2 * degrees);
        yield new FieldPredicate.GeoBoundingBox(
            new GeoPoint(center.lon(), Math.max(center.lat(), other.lat())),
            new GeoPoint(other.lon(), Math.min(center.lat(), other.lat())));
      }
      default -> polygon(center, degrees);
    };
  }

  private FieldPredicate polygon(GeoPoint center, double degrees) {
    int corners = 3 + random.nextInt(5);
    List<GeoPoint> ring = new ArrayList<>();
    for (int i = 0; i < corners; i++) {
      // Sometimes crossing itself.
      double angle = random.nextInt(8) == 0 ? random.nextDouble() * 7 : 2 * Math.PI * i / corners;
      ring.add(
          new GeoPoint(
              Math.clamp(center.lon() + degrees * Math.cos(angle), -180, 180),
              Math.clamp(center.lat() + degrees * Math.sin(angle), -90, 90)));
    }
    ring.add(ring.getFirst());
    List<GeoPoint> hole = new ArrayList<>();
    for (GeoPoint corner : ring) {
      hole.add(
          new GeoPoint(
              center.lon() + (corner.lon() - center.lon()) * 0.3,
              center.lat() + (corner.lat() - center.lat()) * 0.3));
    }
    return new FieldPredicate.GeoPolygon(ring, random.nextBoolean() ? List.of(hole) : List.of());
  }

  private static boolean isIn(List<KeyRange> ranges, long key) {
    return ranges.stream().anyMatch(range -> range.from() <= key && key <= range.to());
  }
}
