package dev.eddy.model.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold for some value at a path; an array value is opened one level. */
public sealed interface FieldPredicate {

  /** A value that can be matched exactly: text, integer or bool; never a float. */
  sealed interface MatchValue {
    record Keyword(String value) implements MatchValue {}

    record Whole(long value) implements MatchValue {}

    record Flag(boolean value) implements MatchValue {}
  }

  record Match(MatchValue value) implements FieldPredicate {}

  /** One of the values, which are all text or all integers; of none, never true. */
  record MatchAny(List<MatchValue> values) implements FieldPredicate {
    public MatchAny {
      values = List.copyOf(values);
    }
  }

  /** Some value that is not null is none of these. */
  record MatchExcept(List<MatchValue> values) implements FieldPredicate {
    public MatchExcept {
      values = List.copyOf(values);
    }
  }

  /** Without a text index: the text is a case-sensitive substring. */
  record MatchText(String text) implements FieldPredicate {}

  /** Without a text index: some whitespace-separated part is a substring. */
  record MatchTextAny(String text) implements FieldPredicate {}

  /** Without a text index: substring. */
  record MatchPhrase(String phrase) implements FieldPredicate {}

  record MatchPrefix(String prefix) implements FieldPredicate {}

  /** Bounds on numbers, compared as doubles; without bounds every number matches. */
  record Range(@Nullable Double gt, @Nullable Double gte, @Nullable Double lt, @Nullable Double lte)
      implements FieldPredicate {}

  /** Bounds on date-times written as text, in microseconds since 1970 UTC. */
  record DatetimeRange(
      @Nullable Long gtMicros,
      @Nullable Long gteMicros,
      @Nullable Long ltMicros,
      @Nullable Long lteMicros)
      implements FieldPredicate {}

  /** Strictly inside; crosses the antimeridian when the left edge is east of the right one. */
  record GeoBoundingBox(GeoPoint topLeft, GeoPoint bottomRight) implements FieldPredicate {}

  /** Haversine distance in metres below the radius. */
  record GeoRadius(GeoPoint center, double radiusMeters) implements FieldPredicate {}

  /**
   * Inside the exterior ring and outside every interior one; rings are closed and have at least 4
   * points.
   */
  record GeoPolygon(List<GeoPoint> exterior, List<List<GeoPoint>> interiors)
      implements FieldPredicate {
    public GeoPolygon {
      exterior = List.copyOf(exterior);
      interiors = interiors.stream().map(List::copyOf).toList();
    }
  }

  /** Number of values: elements of an array, 1 of a scalar or object, 0 of null or nothing. */
  record ValuesCount(@Nullable Long gt, @Nullable Long gte, @Nullable Long lt, @Nullable Long lte)
      implements FieldPredicate {}

  /** {@code is_empty} inside a field condition. */
  record Empty(boolean expected) implements FieldPredicate {}

  /** {@code is_null} inside a field condition. */
  record Null(boolean expected) implements FieldPredicate {}

  /** Degrees; latitude in [-90, 90], longitude in [-180, 180]. */
  record GeoPoint(double lon, double lat) {}
}
