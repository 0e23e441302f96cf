package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import dev.eddy.proto.mapping.FilterMessages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FilterReaderTest {

  private static Filter read(String json) {
    try {
      return JsonBody.read(
          new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "", FilterReader::read);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Condition must(String json) {
    return read("{\"must\":" + json + "}").must().getFirst();
  }

  private static FieldPredicate predicate(String json) {
    return ((Condition.Field) must("{\"key\":\"a\"," + json + "}")).predicates().getFirst();
  }

  private static void fails(String json, String... fragments) {
    assertThatThrownBy(() -> read(json))
        .as(json)
        .isInstanceOf(EddyException.class)
        .message()
        .contains(fragments);
  }

  @Test
  void anAbsentClauseIsNotAnEmptyOne() {
    assertThat(read("{}")).isEqualTo(Filter.ANY);
    assertThat(read("{\"should\":null,\"must\":null}")).isEqualTo(Filter.ANY);
    assertThat(read("{\"should\":[]}").should()).isEmpty();
  }

  @Test
  void aSingleConditionStandsForAList() {
    Condition hasOne = new Condition.HasId(Set.of(PointId.of(1)));
    assertThat(read("{\"must\":{\"has_id\":[1]}}")).isEqualTo(Filter.must(hasOne));
    assertThat(read("{\"must\":[{\"has_id\":[1]}]}")).isEqualTo(Filter.must(hasOne));
    assertThat(read("{\"must_not\":{\"has_id\":[1]}}").mustNot()).containsExactly(hasOne);
    assertThat(read("{\"min_should\":{\"conditions\":[{\"has_id\":[1]}],\"min_count\":2}}"))
        .isEqualTo(
            new Filter(List.of(), null, List.of(), new Filter.MinShould(List.of(hasOne), 2)));
  }

  @Test
  void everyMatchHasItsKind() {
    assertThat(predicate("\"match\":{\"value\":\"x\"}"))
        .isEqualTo(new FieldPredicate.Match(new MatchValue.Keyword("x")));
    assertThat(predicate("\"match\":{\"value\":-3}"))
        .isEqualTo(new FieldPredicate.Match(new MatchValue.Whole(-3)));
    assertThat(predicate("\"match\":{\"value\":true}"))
        .isEqualTo(new FieldPredicate.Match(new MatchValue.Flag(true)));
    assertThat(predicate("\"match\":{\"any\":[]}"))
        .isEqualTo(new FieldPredicate.MatchAny(List.of()));
    assertThat(predicate("\"match\":{\"except\":[1,2]}"))
        .isEqualTo(
            new FieldPredicate.MatchExcept(
                List.of(new MatchValue.Whole(1), new MatchValue.Whole(2))));
    assertThat(predicate("\"match\":{\"text\":\"a b\"}"))
        .isEqualTo(new FieldPredicate.MatchText("a b"));
    assertThat(predicate("\"match\":{\"text_any\":\"a b\"}"))
        .isEqualTo(new FieldPredicate.MatchTextAny("a b"));
    assertThat(predicate("\"match\":{\"phrase\":\"a b\"}"))
        .isEqualTo(new FieldPredicate.MatchPhrase("a b"));
    assertThat(predicate("\"match\":{\"prefix\":\"a\"}"))
        .isEqualTo(new FieldPredicate.MatchPrefix("a"));
  }

  @Test
  void matchesOfOtherKindsAreRefused() {
    fails("{\"must\":{\"key\":\"a\",\"match\":{\"value\":1.5}}}", "Format error in JSON body");
    fails("{\"must\":{\"key\":\"a\",\"match\":{\"any\":[1,\"x\"]}}}", "AnyVariants");
    fails("{\"must\":{\"key\":\"a\",\"match\":{\"any\":[true]}}}", "AnyVariants");
    fails("{\"must\":{\"key\":\"a\",\"match\":{}}}", "Format error in JSON body");
    fails("{\"must\":{\"key\":\"a\",\"match\":{\"value\":18446744073709551615}}}", "Variants");
  }

  @Test
  void rangesAreOfNumbersOrDates() {
    assertThat(predicate("\"range\":{\"gt\":1,\"lte\":2.5}"))
        .isEqualTo(new FieldPredicate.Range(1.0, null, null, 2.5));
    assertThat(predicate("\"range\":{}"))
        .isEqualTo(new FieldPredicate.Range(null, null, null, null));
    assertThat(predicate("\"range\":{\"gte\":\"1970-01-02\",\"lt\":\"1970-01-01 00:00:01\"}"))
        .isEqualTo(new FieldPredicate.DatetimeRange(null, 86_400_000_000L, 1_000_000L, null));
    assertThat(predicate("\"values_count\":{\"lt\":1}"))
        .isEqualTo(new FieldPredicate.ValuesCount(null, null, 1L, null));
    fails("{\"must\":{\"key\":\"a\",\"range\":{\"gt\":\"soon\"}}}", "Format error in JSON body");
    fails(
        "{\"must\":{\"key\":\"a\",\"range\":{\"gt\":1,\"lt\":\"2024-01-01\"}}}", "RangeInterface");
    fails("{\"must\":{\"key\":\"a\",\"values_count\":{\"gt\":-1}}}", "expected u64");
  }

  @Test
  void placesLieOnTheGlobeAndRingsAreClosed() {
    assertThat(predicate("\"geo_radius\":{\"center\":{\"lon\":1,\"lat\":2},\"radius\":3}"))
        .isEqualTo(new FieldPredicate.GeoRadius(new GeoPoint(1, 2), 3));
    assertThat(
            predicate(
                "\"geo_bounding_box\":{\"top_left\":{\"lon\":1,\"lat\":2},\"bottom_right\":{\"lon\":2,\"lat\":1}}"))
        .isEqualTo(new FieldPredicate.GeoBoundingBox(new GeoPoint(1, 2), new GeoPoint(2, 1)));
    fails(
        "{\"must\":{\"key\":\"a\",\"geo_radius\":{\"center\":{\"lon\":0,\"lat\":100},\"radius\":3}}}",
        "Format error in JSON body: Wrong format of GeoPoint payload: expected `lat` = 100 within"
            + " [-90;90] and `lon` = 0 within [-180;180] at line 1");
    String ring = "{\"must\":{\"key\":\"a\",\"geo_polygon\":{\"exterior\":{\"points\":[%s]}}}}";
    fails(
        ring.formatted("{\"lon\":0,\"lat\":0}"),
        "Validation failed: polygon invalid, the size must be at least 4, got 1");
    fails(
        ring.formatted(
            "{\"lon\":0,\"lat\":0},{\"lon\":1,\"lat\":0},{\"lon\":1,\"lat\":1},{\"lon\":0,\"lat\":1}"),
        "polygon invalid, the first and the last points should be same");
  }

  @Test
  void theOtherConditionsAreKnownByTheirKeys() {
    assertThat(must("{\"is_empty\":{\"key\":\"a.b\"}}"))
        .isEqualTo(new Condition.IsEmpty(KeyPath.parse("a.b")));
    assertThat(must("{\"is_null\":{\"key\":\"a\"}}"))
        .isEqualTo(new Condition.IsNull(KeyPath.parse("a")));
    assertThat(must("{\"key\":\"a\",\"is_empty\":true}"))
        .isEqualTo(
            new Condition.Field(KeyPath.parse("a"), List.of(new FieldPredicate.Empty(true))));
    assertThat(must("{\"has_vector\":\"\"}")).isEqualTo(new Condition.HasVector(""));
    assertThat(must("{\"slice\":{\"total\":3,\"index\":2}}")).isEqualTo(new Condition.Slice(3, 2));
    assertThat(must("{\"nested\":{\"key\":\"a\",\"filter\":{\"must\":{\"has_vector\":\"v\"}}}}"))
        .isEqualTo(
            new Condition.Nested(KeyPath.parse("a"), Filter.must(new Condition.HasVector("v"))));
    assertThat(must("{\"must\":{\"has_vector\":\"v\"}}"))
        .isEqualTo(new Condition.Sub(Filter.must(new Condition.HasVector("v"))));
    assertThat(must("{}")).isEqualTo(new Condition.Sub(Filter.ANY));
  }

  @Test
  void whatIsNoFilterIsSaidWithItsPlace() {
    fails("{\"musst\":[]}", "Format error in JSON body: unknown field `musst`");
    fails("{\"must\":{\"musst\":[]}}", "Condition", "musst");
    fails(
        "{\"must\":[{\"key\":\"a\"}]}",
        "Validation error in JSON body: [must[0].__all__: At least one field condition must be"
            + " specified]");
    fails(
        "{\"must\":{\"should\":{\"key\":\"a\"}}}",
        "Validation error in JSON body: [must[0].should[0].__all__: At least one field condition");
    fails(
        "{\"min_should\":{\"conditions\":[],\"min_count\":0}}",
        "min_should.min_count: ",
        "min_count must be greater than 0");
    fails(
        "{\"must\":{\"slice\":{\"total\":0,\"index\":0}}}", "must[0].slice.total: value 0 invalid");
    fails("{\"must\":{\"slice\":{\"total\":2,\"index\":2}}}", "must be less than total 2");
    fails("{\"must\":{\"has_id\":[\"x\"]}}", "value x is not a valid point ID");
    fails("{\"must\":{\"key\":\"a..b\",\"match\":{\"value\":1}}}", "Invalid json path: 'a..b'");
    fails("{\"must\":{\"match\":{\"value\":1}}}", "missing field `key`");
    fails("{\"must\":[[]]}", "Condition");
  }

  @Test
  void aFilterIsNestedAsDeepAsARecordCanHoldAndNoDeeper() {
    int most = FilterMessages.DEPTH_MAX;
    assertThat(FilterMessages.depth(read(nested(most)))).isEqualTo(most);
    fails(
        nested(most + 1),
        "Validation error in JSON body: [filters nested 21 deep invalid, must be at most 20]");
  }

  private static String nested(int depth) {
    return "{\"must\":{\"nested\":{\"key\":\"a\",\"filter\":".repeat(depth - 1)
        + "{}"
        + "}}}".repeat(depth - 1);
  }
}
