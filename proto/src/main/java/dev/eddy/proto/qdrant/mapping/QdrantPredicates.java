package dev.eddy.proto.qdrant.mapping;

import com.google.protobuf.Timestamp;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.json.KeyPath;
import dev.eddy.proto.qdrant.DatetimeRange;
import dev.eddy.proto.qdrant.FieldCondition;
import dev.eddy.proto.qdrant.GeoBoundingBox;
import dev.eddy.proto.qdrant.GeoLineString;
import dev.eddy.proto.qdrant.GeoPoint;
import dev.eddy.proto.qdrant.GeoPolygon;
import dev.eddy.proto.qdrant.GeoRadius;
import dev.eddy.proto.qdrant.Match;
import dev.eddy.proto.qdrant.Range;
import dev.eddy.proto.qdrant.ValuesCount;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on the values at a payload path, as clients send them. */
final class QdrantPredicates {
  private static final int RING_POINTS_MIN = 4;

  private QdrantPredicates() {}

  static Condition.Field field(FieldCondition message, String path) {
    List<FieldPredicate> predicates = new ArrayList<>(1);
    if (message.hasMatch()) {
      predicates.add(match(message.getMatch(), path + ".match"));
    }
    if (message.hasRange()) {
      predicates.add(range(message.getRange(), path + ".range"));
    }
    if (message.hasDatetimeRange()) {
      predicates.add(range(message.getDatetimeRange(), path + ".datetime_range"));
    }
    if (message.hasGeoBoundingBox()) {
      predicates.add(box(message.getGeoBoundingBox(), path + ".geo_bounding_box"));
    }
    if (message.hasGeoRadius()) {
      predicates.add(radius(message.getGeoRadius(), path + ".geo_radius"));
    }
    if (message.hasGeoPolygon()) {
      predicates.add(polygon(message.getGeoPolygon(), path + ".geo_polygon"));
    }
    if (message.hasValuesCount()) {
      predicates.add(count(message.getValuesCount()));
    }
    if (message.hasIsEmpty()) {
      predicates.add(new FieldPredicate.Empty(message.getIsEmpty()));
    }
    if (message.hasIsNull()) {
      predicates.add(new FieldPredicate.Null(message.getIsNull()));
    }
    if (predicates.isEmpty()) {
      RuleBook.note(path + ": At least one field condition must be specified");
      predicates.add(new FieldPredicate.Empty(true));
    }
    return new Condition.Field(KeyPath.parse(message.getKey()), predicates);
  }

  private static FieldPredicate match(Match message, String path) {
    return switch (message.getMatchValueCase()) {
      case KEYWORD -> new FieldPredicate.Match(new MatchValue.Keyword(message.getKeyword()));
      case INTEGER -> new FieldPredicate.Match(new MatchValue.Whole(message.getInteger()));
      case BOOLEAN -> new FieldPredicate.Match(new MatchValue.Flag(message.getBoolean()));
      case TEXT -> new FieldPredicate.MatchText(message.getText());
      case TEXT_ANY -> new FieldPredicate.MatchTextAny(message.getTextAny());
      case PHRASE -> new FieldPredicate.MatchPhrase(message.getPhrase());
      case PREFIX -> new FieldPredicate.MatchPrefix(message.getPrefix());
      case KEYWORDS ->
          new FieldPredicate.MatchAny(keywords(message.getKeywords().getStringsList()));
      case EXCEPT_KEYWORDS ->
          new FieldPredicate.MatchExcept(keywords(message.getExceptKeywords().getStringsList()));
      case INTEGERS ->
          new FieldPredicate.MatchAny(integers(message.getIntegers().getIntegersList()));
      case EXCEPT_INTEGERS ->
          new FieldPredicate.MatchExcept(integers(message.getExceptIntegers().getIntegersList()));
      case MATCHVALUE_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static List<MatchValue> keywords(List<String> texts) {
    return texts.stream().<MatchValue>map(MatchValue.Keyword::new).toList();
  }

  private static List<MatchValue> integers(List<Long> numbers) {
    return numbers.stream().<MatchValue>map(MatchValue.Whole::new).toList();
  }

  private static FieldPredicate range(Range message, String path) {
    return new FieldPredicate.Range(
        bound(message.hasGt(), message.getGt(), path + ".gt"),
        bound(message.hasGte(), message.getGte(), path + ".gte"),
        bound(message.hasLt(), message.getLt(), path + ".lt"),
        bound(message.hasLte(), message.getLte(), path + ".lte"));
  }

  private static @Nullable Double bound(boolean present, double value, String path) {
    return present ? (Double) Rules.comparable(value, path) : null;
  }

  private static FieldPredicate range(DatetimeRange message, String path) {
    return new FieldPredicate.DatetimeRange(
        micros(message.hasGt(), message.getGt(), path + ".gt"),
        micros(message.hasGte(), message.getGte(), path + ".gte"),
        micros(message.hasLt(), message.getLt(), path + ".lt"),
        micros(message.hasLte(), message.getLte(), path + ".lte"));
  }

  private static @Nullable Long micros(boolean present, Timestamp time, String path) {
    if (!present) {
      return null;
    }
    if (time.getNanos() < 0 || time.getNanos() > 999_999_999) {
      throw EddyException.wrongInput(
          "%s has %d nanos, must be from 0 to 999999999".formatted(path, time.getNanos()));
    }
    try {
      return Math.addExact(
          Math.multiplyExact(time.getSeconds(), 1_000_000L), time.getNanos() / 1_000L);
    } catch (ArithmeticException e) {
      throw EddyException.wrongInput(
          "%s is out of range: %d seconds".formatted(path, time.getSeconds()));
    }
  }

  private static FieldPredicate count(ValuesCount message) {
    return new FieldPredicate.ValuesCount(
        Rules.count(message.hasGt(), message.getGt()),
        Rules.count(message.hasGte(), message.getGte()),
        Rules.count(message.hasLt(), message.getLt()),
        Rules.count(message.hasLte(), message.getLte()));
  }

  private static FieldPredicate box(GeoBoundingBox message, String path) {
    return new FieldPredicate.GeoBoundingBox(
        geo(message.hasTopLeft(), message.getTopLeft(), path + ".top_left"),
        geo(message.hasBottomRight(), message.getBottomRight(), path + ".bottom_right"));
  }

  private static FieldPredicate radius(GeoRadius message, String path) {
    return new FieldPredicate.GeoRadius(
        geo(message.hasCenter(), message.getCenter(), path + ".center"),
        Rules.comparable(message.getRadius(), path + ".radius"));
  }

  private static FieldPredicate polygon(GeoPolygon message, String path) {
    if (!message.hasExterior()) {
      throw Rules.unset(path + ".exterior");
    }
    List<List<FieldPredicate.GeoPoint>> interiors = new ArrayList<>();
    for (GeoLineString interior : message.getInteriorsList()) {
      interiors.add(ring(interior, path + ".interiors[" + interiors.size() + "]"));
    }
    return new FieldPredicate.GeoPolygon(
        ring(message.getExterior(), path + ".exterior"), interiors);
  }

  private static List<FieldPredicate.GeoPoint> ring(GeoLineString message, String path) {
    List<FieldPredicate.GeoPoint> ring = new ArrayList<>(message.getPointsCount());
    for (GeoPoint point : message.getPointsList()) {
      ring.add(geo(true, point, path + ".points[" + ring.size() + "]"));
    }
    if (ring.size() < RING_POINTS_MIN) {
      RuleBook.note(
          "%s: polygon invalid, the size must be at least %d, got %d"
              .formatted(path, RING_POINTS_MIN, ring.size()));
    } else if (!ring.getFirst().equals(ring.getLast())) {
      RuleBook.note(
          path
              + ": polygon invalid, the first and the last points should be same to form a closed"
              + " line");
    }
    return ring;
  }

  static FieldPredicate.GeoPoint geo(boolean present, GeoPoint message, String path) {
    if (!present) {
      throw Rules.unset(path);
    }
    double lon = message.getLon();
    double lat = message.getLat();
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) {
      throw EddyException.wrongInput(
          ("Wrong format of GeoPoint payload: expected `lat` = %s within [-90;90] and `lon` = %s"
                  + " within [-180;180] (%s)")
              .formatted(lat, lon, path));
    }
    return new FieldPredicate.GeoPoint(lon, lat);
  }
}
