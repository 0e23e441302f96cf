package dev.eddy.proto.mapping;

import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.proto.model.DatetimeRangeMessage;
import dev.eddy.proto.model.GeoBoundingBoxMessage;
import dev.eddy.proto.model.GeoPointMessage;
import dev.eddy.proto.model.GeoPolygonMessage;
import dev.eddy.proto.model.GeoRadiusMessage;
import dev.eddy.proto.model.GeoRingMessage;
import dev.eddy.proto.model.MatchValueMessage;
import dev.eddy.proto.model.MatchValuesMessage;
import dev.eddy.proto.model.PredicateMessage;
import dev.eddy.proto.model.RangeMessage;
import dev.eddy.proto.model.ValuesCountMessage;
import java.util.List;

/** What holds for the values at a path, as messages. */
final class PredicateMessages {
  private PredicateMessages() {}

  static PredicateMessage predicate(FieldPredicate predicate) {
    PredicateMessage.Builder builder = PredicateMessage.newBuilder();
    switch (predicate) {
      case FieldPredicate.Match match -> builder.setMatch(value(match.value()));
      case FieldPredicate.MatchAny any -> builder.setMatchAny(values(any.values()));
      case FieldPredicate.MatchExcept except -> builder.setMatchExcept(values(except.values()));
      case FieldPredicate.MatchText text -> builder.setMatchText(text.text());
      case FieldPredicate.MatchTextAny text -> builder.setMatchTextAny(text.text());
      case FieldPredicate.MatchPhrase phrase -> builder.setMatchPhrase(phrase.phrase());
      case FieldPredicate.MatchPrefix prefix -> builder.setMatchPrefix(prefix.prefix());
      case FieldPredicate.Range range -> builder.setRange(range(range));
      case FieldPredicate.DatetimeRange range -> builder.setDatetimeRange(range(range));
      case FieldPredicate.GeoBoundingBox box ->
          builder.setGeoBoundingBox(
              GeoBoundingBoxMessage.newBuilder()
                  .setTopLeft(geo(box.topLeft()))
                  .setBottomRight(geo(box.bottomRight())));
      case FieldPredicate.GeoRadius circle ->
          builder.setGeoRadius(
              GeoRadiusMessage.newBuilder()
                  .setCenter(geo(circle.center()))
                  .setRadiusMeters(circle.radiusMeters()));
      case FieldPredicate.GeoPolygon polygon -> builder.setGeoPolygon(polygon(polygon));
      case FieldPredicate.ValuesCount count -> builder.setValuesCount(count(count));
      case FieldPredicate.Empty empty -> builder.setEmpty(empty.expected());
      case FieldPredicate.Null isNull -> builder.setNull(isNull.expected());
    }
    return builder.build();
  }

  static FieldPredicate predicate(PredicateMessage message) {
    return switch (message.getPredicateCase()) {
      case MATCH -> new FieldPredicate.Match(value(message.getMatch()));
      case MATCH_ANY -> new FieldPredicate.MatchAny(values(message.getMatchAny()));
      case MATCH_EXCEPT -> new FieldPredicate.MatchExcept(values(message.getMatchExcept()));
      case MATCH_TEXT -> new FieldPredicate.MatchText(message.getMatchText());
      case MATCH_TEXT_ANY -> new FieldPredicate.MatchTextAny(message.getMatchTextAny());
      case MATCH_PHRASE -> new FieldPredicate.MatchPhrase(message.getMatchPhrase());
      case MATCH_PREFIX -> new FieldPredicate.MatchPrefix(message.getMatchPrefix());
      case RANGE -> range(message.getRange());
      case DATETIME_RANGE -> range(message.getDatetimeRange());
      case GEO_BOUNDING_BOX ->
          new FieldPredicate.GeoBoundingBox(
              geo(message.getGeoBoundingBox().getTopLeft()),
              geo(message.getGeoBoundingBox().getBottomRight()));
      case GEO_RADIUS ->
          new FieldPredicate.GeoRadius(
              geo(message.getGeoRadius().getCenter()), message.getGeoRadius().getRadiusMeters());
      case GEO_POLYGON ->
          new FieldPredicate.GeoPolygon(
              ring(message.getGeoPolygon().getExterior()),
              message.getGeoPolygon().getInteriorsList().stream()
                  .map(PredicateMessages::ring)
                  .toList());
      case VALUES_COUNT -> count(message.getValuesCount());
      case EMPTY -> new FieldPredicate.Empty(message.getEmpty());
      case NULL -> new FieldPredicate.Null(message.getNull());
      case PREDICATE_NOT_SET -> throw PointMessages.unset("predicate");
    };
  }

  private static MatchValueMessage value(MatchValue value) {
    MatchValueMessage.Builder builder = MatchValueMessage.newBuilder();
    switch (value) {
      case MatchValue.Keyword keyword -> builder.setKeyword(keyword.value());
      case MatchValue.Whole whole -> builder.setWhole(whole.value());
      case MatchValue.Flag flag -> builder.setFlag(flag.value());
    }
    return builder.build();
  }

  private static MatchValue value(MatchValueMessage message) {
    return switch (message.getValueCase()) {
      case KEYWORD -> new MatchValue.Keyword(message.getKeyword());
      case WHOLE -> new MatchValue.Whole(message.getWhole());
      case FLAG -> new MatchValue.Flag(message.getFlag());
      case VALUE_NOT_SET -> throw PointMessages.unset("value to match");
    };
  }

  private static MatchValuesMessage values(List<MatchValue> values) {
    MatchValuesMessage.Builder builder = MatchValuesMessage.newBuilder();
    values.forEach(value -> builder.addValues(value(value)));
    return builder.build();
  }

  private static List<MatchValue> values(MatchValuesMessage message) {
    return message.getValuesList().stream().map(PredicateMessages::value).toList();
  }

  private static RangeMessage range(FieldPredicate.Range range) {
    RangeMessage.Builder builder = RangeMessage.newBuilder();
    Present.set(range.gt(), builder::setGt);
    Present.set(range.gte(), builder::setGte);
    Present.set(range.lt(), builder::setLt);
    Present.set(range.lte(), builder::setLte);
    return builder.build();
  }

  private static FieldPredicate.Range range(RangeMessage message) {
    return new FieldPredicate.Range(
        message.hasGt() ? (Double) message.getGt() : null,
        message.hasGte() ? (Double) message.getGte() : null,
        message.hasLt() ? (Double) message.getLt() : null,
        message.hasLte() ? (Double) message.getLte() : null);
  }

  private static DatetimeRangeMessage range(FieldPredicate.DatetimeRange range) {
    DatetimeRangeMessage.Builder builder = DatetimeRangeMessage.newBuilder();
    Present.set(range.gtMicros(), builder::setGt);
    Present.set(range.gteMicros(), builder::setGte);
    Present.set(range.ltMicros(), builder::setLt);
    Present.set(range.lteMicros(), builder::setLte);
    return builder.build();
  }

  private static FieldPredicate.DatetimeRange range(DatetimeRangeMessage message) {
    return new FieldPredicate.DatetimeRange(
        message.hasGt() ? (Long) message.getGt() : null,
        message.hasGte() ? (Long) message.getGte() : null,
        message.hasLt() ? (Long) message.getLt() : null,
        message.hasLte() ? (Long) message.getLte() : null);
  }

  private static ValuesCountMessage count(FieldPredicate.ValuesCount count) {
    ValuesCountMessage.Builder builder = ValuesCountMessage.newBuilder();
    Present.set(count.gt(), builder::setGt);
    Present.set(count.gte(), builder::setGte);
    Present.set(count.lt(), builder::setLt);
    Present.set(count.lte(), builder::setLte);
    return builder.build();
  }

  private static FieldPredicate.ValuesCount count(ValuesCountMessage message) {
    return new FieldPredicate.ValuesCount(
        message.hasGt() ? (Long) message.getGt() : null,
        message.hasGte() ? (Long) message.getGte() : null,
        message.hasLt() ? (Long) message.getLt() : null,
        message.hasLte() ? (Long) message.getLte() : null);
  }

  private static GeoPolygonMessage polygon(FieldPredicate.GeoPolygon polygon) {
    GeoPolygonMessage.Builder builder =
        GeoPolygonMessage.newBuilder().setExterior(ring(polygon.exterior()));
    polygon.interiors().forEach(interior -> builder.addInteriors(ring(interior)));
    return builder.build();
  }

  private static GeoRingMessage ring(List<GeoPoint> points) {
    GeoRingMessage.Builder builder = GeoRingMessage.newBuilder();
    points.forEach(point -> builder.addPoints(geo(point)));
    return builder.build();
  }

  private static List<GeoPoint> ring(GeoRingMessage message) {
    return message.getPointsList().stream().map(PredicateMessages::geo).toList();
  }

  private static GeoPointMessage geo(GeoPoint point) {
    return GeoPointMessage.newBuilder().setLon(point.lon()).setLat(point.lat()).build();
  }

  private static GeoPoint geo(GeoPointMessage message) {
    return new GeoPoint(message.getLon(), message.getLat());
  }
}
