package dev.eddy.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoBoundingBox;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.GeoPolygon;
import dev.eddy.model.filter.FieldPredicate.GeoRadius;
import dev.eddy.model.filter.FieldPredicate.MatchAny;
import dev.eddy.model.filter.FieldPredicate.MatchExcept;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.FieldPredicate.ValuesCount;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.filter.Filter.MinShould;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every condition, on the values of the contract's table and beyond. */
final class CompiledFilterTest {
  /** Values at key {@code a}, numbered from 0; {@code -} = the key is missing. */
  private static final List<String> TABLE =
      List.of(
          "1",
          "1.0",
          "\"1\"",
          "[1,2]",
          "[\"x\",\"y\"]",
          "null",
          "-",
          "[]",
          "[null]",
          "[null,1]",
          "true",
          "{}",
          "\"\"",
          "[[1,2]]",
          "9223372036854775808",
          "1.5");

  private static final KeyPath A = KeyPath.parse("a");

  private record TestPoint(PointId id, JsonObject payload, Set<String> vectors)
      implements FilteredPoint {
    @Override
    public boolean hasVector(String name) {
      return vectors.contains(name);
    }
  }

  private static boolean matches(Filter filter, String json) {
    return matches(filter, new TestPoint(PointId.of(7), object(json), Set.of("v")));
  }

  /** As a shard does it: only the members that the filter names are read. */
  private static boolean matches(Filter filter, TestPoint point) {
    CompiledFilter compiled = CompiledFilter.of(filter);
    JsonObject members = PayloadReader.members(Payload.of(point.payload()), compiled.keys());
    return compiled.matches(new TestPoint(point.id(), members, point.vectors()));
  }

  private static JsonObject object(String json) {
    return (JsonObject) JsonCodec.parseTrusted(json.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Integer> inTable(Condition condition) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < TABLE.size(); i++) {
      String json = TABLE.get(i).equals("-") ? "{}" : "{\"b\":[3],\"a\":" + TABLE.get(i) + "}";
      if (matches(Filter.must(condition), json)) {
        found.add(i);
      }
    }
    return found;
  }

  private static Condition field(String key, FieldPredicate... predicates) {
    return new Condition.Field(KeyPath.parse(key), List.of(predicates));
  }

  private static FieldPredicate is(long value) {
    return new FieldPredicate.Match(new MatchValue.Whole(value));
  }

  private static FieldPredicate is(String value) {
    return new FieldPredicate.Match(new MatchValue.Keyword(value));
  }

  @Test
  void matchesAreThoseOfTheContractsTable() {
    assertThat(inTable(field("a", is(1)))).containsExactly(0, 3, 9);
    assertThat(inTable(field("a[]", is(1)))).containsExactly(3, 9, 13);
    assertThat(inTable(field("a[0]", is(1)))).containsExactly(3, 13);
    assertThat(inTable(field("a", new FieldPredicate.Match(new MatchValue.Flag(true)))))
        .containsExactly(10);
    assertThat(inTable(field("a", new MatchAny(List.of())))).isEmpty();
    Integer[] allButNothing = {0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15};
    assertThat(inTable(field("a", new MatchExcept(List.of(new MatchValue.Keyword("x"))))))
        .containsExactly(allButNothing);
    assertThat(inTable(field("a", new MatchExcept(List.of())))).containsExactly(allButNothing);
  }

  @Test
  void rangesAndCountsAreThoseOfTheContractsTable() {
    assertThat(inTable(field("a", new FieldPredicate.Range(null, 1.0, null, null))))
        .containsExactly(0, 1, 3, 9, 14, 15);
    assertThat(inTable(field("a", new FieldPredicate.Range(null, null, null, null))))
        .containsExactly(0, 1, 3, 9, 14, 15);
    assertThat(inTable(field("a", count(0)))).containsExactly(5, 6, 7);
    assertThat(inTable(field("a", count(1)))).containsExactly(0, 1, 2, 8, 10, 11, 12, 13, 14, 15);
    assertThat(inTable(field("a", count(2)))).containsExactly(3, 4, 9);
    assertThat(inTable(field("a", new ValuesCount(null, null, 1L, null)))).containsExactly(5, 6, 7);
  }

  private static FieldPredicate count(long exactly) {
    return new ValuesCount(null, exactly, null, exactly);
  }

  @Test
  void emptyAndNullAreThoseOfTheContractsTable() {
    assertThat(inTable(new Condition.IsEmpty(A))).containsExactly(5, 6, 7);
    assertThat(inTable(new Condition.IsNull(A))).containsExactly(5);
    assertThat(inTable(field("a", new FieldPredicate.Empty(true)))).containsExactly(5, 6, 7);
    assertThat(inTable(field("a", new FieldPredicate.Null(true)))).containsExactly(5, 8, 9);
    assertThat(inTable(field("a", new FieldPredicate.Null(false))))
        .containsExactly(0, 1, 2, 3, 4, 6, 7, 10, 11, 12, 13, 14, 15);
  }

  @Test
  void textWithoutAnIndexIsContainedAsItIs() {
    String json = "{\"a\":\"The quick Fox\"}";
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchText("quick"))), json))
        .isTrue();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchText("fox"))), json))
        .isFalse();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchTextAny("no  Fox"))), json))
        .isTrue();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchTextAny(" "))), json))
        .isFalse();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchPhrase("quick Fox"))), json))
        .isTrue();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchPrefix("The"))), json))
        .isTrue();
    assertThat(matches(Filter.must(field("a", new FieldPredicate.MatchPrefix("quick"))), json))
        .isFalse();
  }

  @Test
  void datetimesCompareAsMoments() {
    long noon = Datetimes.parseMicros("2024-01-01T12:00:00Z").orElseThrow();
    Filter afterNoon =
        Filter.must(field("a", new FieldPredicate.DatetimeRange(null, noon, null, null)));
    assertThat(matches(afterNoon, "{\"a\":\"2024-01-01T13:00:00+01:00\"}")).isTrue();
    assertThat(matches(afterNoon, "{\"a\":\"2024-01-01\"}")).isFalse();
    assertThat(matches(afterNoon, "{\"a\":1704110400000000}")).isFalse();
    assertThat(matches(afterNoon, "{\"a\":[\"nonsense\",\"2024-01-02\"]}")).isTrue();
  }

  private static String place(double lon, double lat) {
    return "{\"a\":{\"lon\":%s,\"lat\":%s}}".formatted(lon, lat);
  }

  @Test
  void boxesAreOpenAndMayCrossTheAntimeridian() {
    Filter box =
        Filter.must(field("a", new GeoBoundingBox(new GeoPoint(10, 20), new GeoPoint(30, 0))));
    assertThat(matches(box, place(20, 10))).isTrue();
    assertThat(matches(box, place(10, 10))).isFalse();
    assertThat(matches(box, place(20, 20))).isFalse();
    assertThat(matches(box, "{\"a\":[{\"lon\":0,\"lat\":0},{\"lon\":20,\"lat\":10}]}")).isTrue();
    assertThat(matches(box, "{\"a\":{\"lon\":\"20\",\"lat\":10}}")).isFalse();
    Filter pacific =
        Filter.must(field("a", new GeoBoundingBox(new GeoPoint(170, 20), new GeoPoint(-170, 0))));
    assertThat(matches(pacific, place(179, 10))).isTrue();
    assertThat(matches(pacific, place(-179, 10))).isTrue();
    assertThat(matches(pacific, place(0, 10))).isFalse();
  }

  @Test
  void aRadiusIsAGreatCircleDistance() {
    GeoPoint berlin = new GeoPoint(13.4050, 52.5200);
    GeoPoint munich = new GeoPoint(11.5820, 48.1351);
    // 504.2 km, by any published haversine calculator.
    assertThat(GeoShapes.distanceMeters(berlin, munich)).isBetween(503_500.0, 505_000.0);
    String there = place(munich.lon(), munich.lat());
    assertThat(matches(Filter.must(field("a", new GeoRadius(berlin, 505_000))), there)).isTrue();
    assertThat(matches(Filter.must(field("a", new GeoRadius(berlin, 503_000))), there)).isFalse();
    GeoPoint east = new GeoPoint(179.9, 0);
    assertThat(GeoShapes.distanceMeters(east, new GeoPoint(-179.9, 0))).isLessThan(22_300);
  }

  @Test
  void aPolygonHasHolesAndNoEdges() {
    Filter ring = Filter.must(field("a", new GeoPolygon(square(0, 10), List.of(square(4, 6)))));
    assertThat(matches(ring, place(2, 2))).isTrue();
    assertThat(matches(ring, place(5, 5))).isFalse();
    assertThat(matches(ring, place(11, 5))).isFalse();
    assertThat(matches(ring, place(0, 5))).isFalse();
    assertThat(matches(ring, place(4, 5))).isFalse();
  }

  private static List<GeoPoint> square(double from, double to) {
    return List.of(
        new GeoPoint(from, from),
        new GeoPoint(to, from),
        new GeoPoint(to, to),
        new GeoPoint(from, to),
        new GeoPoint(from, from));
  }

  @Test
  void clausesAreJoinedByAnd() {
    String json = "{\"a\":1,\"b\":2}";
    Condition yes = field("a", is(1));
    Condition no = field("b", is(1));
    assertThat(matches(Filter.ANY, json)).isTrue();
    assertThat(matches(new Filter(List.of(yes), List.of(no), List.of(), null), json)).isFalse();
    assertThat(matches(new Filter(List.of(), List.of(no, yes), List.of(no), null), json)).isTrue();
    assertThat(matches(new Filter(List.of(), List.of(), List.of(), null), json)).isTrue();
    assertThat(matches(atLeast(2, yes, no, yes), json)).isTrue();
    assertThat(matches(atLeast(3, yes, no, yes), json)).isFalse();
    assertThat(matches(atLeast(4, yes, yes, yes), json)).isFalse();
    assertThat(matches(Filter.must(new Condition.Sub(atLeast(1, no))), json)).isFalse();
    assertThat(matches(Filter.must(field("b", is(1), is(2))), json)).isTrue();
  }

  private static Filter atLeast(int count, Condition... conditions) {
    return new Filter(List.of(), null, List.of(), new MinShould(List.of(conditions), count));
  }

  @Test
  void aNestedFilterHoldsForOneElementAsAWhole() {
    String json = "{\"a\":[{\"x\":1,\"y\":\"p\"},{\"x\":2,\"y\":\"q\"},5]}";
    assertThat(matches(nested("a", Filter.must(field("x", is(1)), field("y", is("p")))), json))
        .isTrue();
    assertThat(matches(nested("a[]", Filter.must(field("x", is(1)), field("y", is("q")))), json))
        .isFalse();
    Filter notOne = new Filter(List.of(), null, List.of(field("x", is(1))), null);
    assertThat(matches(nested("a", notOne), json)).isTrue();
    Filter hasId = Filter.must(new Condition.HasId(Set.of(PointId.of(7))));
    assertThat(matches(nested("a", hasId), json)).isFalse();
    assertThat(matches(nested("a", Filter.must(new Condition.HasVector("v"))), json)).isFalse();
    Filter emptyShould = new Filter(List.of(), List.of(), List.of(), null);
    assertThat(matches(nested("a", emptyShould), json)).isFalse();
    assertThat(matches(nested("missing", Filter.ANY), json)).isFalse();
  }

  private static Filter nested(String key, Filter filter) {
    return Filter.must(new Condition.Nested(KeyPath.parse(key), filter));
  }

  @Test
  void aPathDoesNotEnterArraysByItself() {
    String json = "{\"a\":[{\"x\":1}],\"o\":{\"x\":1},\"q.r\":1}";
    assertThat(matches(Filter.must(field("a.x", is(1))), json)).isFalse();
    assertThat(matches(Filter.must(field("a[].x", is(1))), json)).isTrue();
    assertThat(matches(Filter.must(field("o.x", is(1))), json)).isTrue();
    assertThat(matches(Filter.must(field("\"q.r\"", is(1))), json)).isTrue();
  }

  @Test
  void idsVectorsAndSlicesAreAskedOfThePoint() {
    assertThat(matches(Filter.must(new Condition.HasId(Set.of(PointId.of(7)))), "{}")).isTrue();
    assertThat(matches(Filter.must(new Condition.HasId(Set.of())), "{}")).isFalse();
    assertThat(matches(Filter.must(new Condition.HasVector("v")), "{}")).isTrue();
    assertThat(matches(Filter.must(new Condition.HasVector("")), "{}")).isFalse();
    for (PointId id : List.of(PointId.of(1), PointId.of(-1), PointId.of(new UUID(1, 2)))) {
      TestPoint point = new TestPoint(id, JsonObject.EMPTY, Set.of());
      int held = 0;
      for (int index = 0; index < 5; index++) {
        held += matches(Filter.must(new Condition.Slice(5, index)), point) ? 1 : 0;
      }
      assertThat(held).as("slices that hold " + id).isEqualTo(1);
    }
  }
}
