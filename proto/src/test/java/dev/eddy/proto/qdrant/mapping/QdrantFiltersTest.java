package dev.eddy.proto.qdrant.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.qdrant.DatetimeRange;
import dev.eddy.proto.qdrant.FieldCondition;
import dev.eddy.proto.qdrant.GeoBoundingBox;
import dev.eddy.proto.qdrant.GeoLineString;
import dev.eddy.proto.qdrant.GeoPoint;
import dev.eddy.proto.qdrant.GeoPolygon;
import dev.eddy.proto.qdrant.GeoRadius;
import dev.eddy.proto.qdrant.HasIdCondition;
import dev.eddy.proto.qdrant.HasVectorCondition;
import dev.eddy.proto.qdrant.IsEmptyCondition;
import dev.eddy.proto.qdrant.IsNullCondition;
import dev.eddy.proto.qdrant.Match;
import dev.eddy.proto.qdrant.MinShould;
import dev.eddy.proto.qdrant.NestedCondition;
import dev.eddy.proto.qdrant.Range;
import dev.eddy.proto.qdrant.RepeatedIntegers;
import dev.eddy.proto.qdrant.RepeatedStrings;
import dev.eddy.proto.qdrant.SliceCondition;
import dev.eddy.proto.qdrant.ValuesCount;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class QdrantFiltersTest {
  private static final KeyPath KEY = KeyPath.parse("a.b");

  @Test
  void everyPredicateIsTakenUp() {
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setKeyword("x")),
        new FieldPredicate.Match(new MatchValue.Keyword("x")));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setInteger(-3)),
        new FieldPredicate.Match(new MatchValue.Whole(-3)));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setBoolean(false)),
        new FieldPredicate.Match(new MatchValue.Flag(false)));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setText("t")),
        new FieldPredicate.MatchText("t"));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setTextAny("t")),
        new FieldPredicate.MatchTextAny("t"));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setPhrase("t")),
        new FieldPredicate.MatchPhrase("t"));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setPrefix("t")),
        new FieldPredicate.MatchPrefix("t"));
    RepeatedStrings strings = RepeatedStrings.newBuilder().addStrings("x").build();
    RepeatedIntegers integers = RepeatedIntegers.newBuilder().addIntegers(1).build();
    List<MatchValue> keyword = List.of(new MatchValue.Keyword("x"));
    List<MatchValue> whole = List.of(new MatchValue.Whole(1));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setKeywords(strings)),
        new FieldPredicate.MatchAny(keyword));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setIntegers(integers)),
        new FieldPredicate.MatchAny(whole));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setExceptKeywords(strings)),
        new FieldPredicate.MatchExcept(keyword));
    assertPredicate(
        FieldCondition.newBuilder().setMatch(Match.newBuilder().setExceptIntegers(integers)),
        new FieldPredicate.MatchExcept(whole));
    assertPredicate(
        FieldCondition.newBuilder().setRange(Range.newBuilder().setGt(0).setLte(2.5)),
        new FieldPredicate.Range(0.0, null, null, 2.5));
    assertPredicate(
        FieldCondition.newBuilder().setValuesCount(ValuesCount.newBuilder().setLt(-1).setGte(0)),
        new FieldPredicate.ValuesCount(null, 0L, Long.MAX_VALUE, null));
    assertPredicate(FieldCondition.newBuilder().setIsEmpty(true), new FieldPredicate.Empty(true));
    assertPredicate(FieldCondition.newBuilder().setIsNull(false), new FieldPredicate.Null(false));
  }

  @Test
  void datesAreMicrosecondsAndFinerIsCut() {
    Timestamp beforeTheEpoch = Timestamp.newBuilder().setSeconds(-1).setNanos(999_999_999).build();
    assertPredicate(
        FieldCondition.newBuilder()
            .setDatetimeRange(DatetimeRange.newBuilder().setGte(beforeTheEpoch)),
        new FieldPredicate.DatetimeRange(null, -1L, null, null));
    Timestamp far = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();
    refused(
        field(FieldCondition.newBuilder().setDatetimeRange(DatetimeRange.newBuilder().setLt(far))),
        ErrorCode.WRONG_INPUT,
        "filter.must[0].field.datetime_range.lt");
  }

  @Test
  void placesAreTakenUpAndCheckedAgainstTheGlobe() {
    GeoPoint here = GeoPoint.newBuilder().setLon(8).setLat(47).build();
    FieldPredicate.GeoPoint point = new FieldPredicate.GeoPoint(8, 47);
    assertPredicate(
        FieldCondition.newBuilder()
            .setGeoRadius(GeoRadius.newBuilder().setCenter(here).setRadius(1.5f)),
        new FieldPredicate.GeoRadius(point, 1.5));
    assertPredicate(
        FieldCondition.newBuilder()
            .setGeoBoundingBox(GeoBoundingBox.newBuilder().setTopLeft(here).setBottomRight(here)),
        new FieldPredicate.GeoBoundingBox(point, point));
    GeoLineString ring =
        GeoLineString.newBuilder().addAllPoints(List.of(here, here, here, here)).build();
    assertPredicate(
        FieldCondition.newBuilder()
            .setGeoPolygon(GeoPolygon.newBuilder().setExterior(ring).addInteriors(ring)),
        new FieldPredicate.GeoPolygon(
            List.of(point, point, point, point), List.of(List.of(point, point, point, point))));
    GeoPoint pole = GeoPoint.newBuilder().setLat(100).build();
    refused(
        field(FieldCondition.newBuilder().setGeoRadius(GeoRadius.newBuilder().setCenter(pole))),
        ErrorCode.WRONG_INPUT,
        "`lat` = 100.0 within [-90;90]");
    GeoLineString open = GeoLineString.newBuilder().addAllPoints(List.of(here, here)).build();
    refused(
        field(FieldCondition.newBuilder().setGeoPolygon(GeoPolygon.newBuilder().setExterior(open))),
        ErrorCode.VALIDATION,
        "the size must be at least 4, got 2");
  }

  @Test
  void whatComparesWithNothingIsRefused() {
    refused(
        field(FieldCondition.newBuilder().setRange(Range.newBuilder().setLte(Double.NaN))),
        ErrorCode.VALIDATION,
        "filter.must[0].field.range.lte: value NaN invalid");
    refused(
        field(
            FieldCondition.newBuilder()
                .setGeoRadius(
                    GeoRadius.newBuilder()
                        .setCenter(GeoPoint.getDefaultInstance())
                        .setRadius(Float.NaN))),
        ErrorCode.VALIDATION,
        "geo_radius.radius: value NaN invalid");
  }

  @Test
  void everyConditionIsTakenUp() {
    dev.eddy.proto.qdrant.PointId seven =
        dev.eddy.proto.qdrant.PointId.newBuilder().setNum(7).build();
    dev.eddy.proto.qdrant.Filter message =
        dev.eddy.proto.qdrant.Filter.newBuilder()
            .addMust(condition().setIsEmpty(IsEmptyCondition.newBuilder().setKey("a.b")))
            .addMust(condition().setIsNull(IsNullCondition.newBuilder().setKey("a.b")))
            .addMustNot(condition().setHasId(HasIdCondition.newBuilder().addHasId(seven)))
            .addShould(condition().setHasVector(HasVectorCondition.newBuilder().setHasVector("v")))
            .addShould(condition().setSlice(SliceCondition.newBuilder().setTotal(4).setIndex(3)))
            .setMinShould(
                MinShould.newBuilder()
                    .setMinCount(2)
                    .addConditions(condition().setFilter(dev.eddy.proto.qdrant.Filter.newBuilder()))
                    .addConditions(
                        condition()
                            .setNested(
                                NestedCondition.newBuilder()
                                    .setKey("a.b")
                                    .setFilter(dev.eddy.proto.qdrant.Filter.newBuilder()))))
            .build();
    assertThat(QdrantFilters.filter(message, "filter"))
        .isEqualTo(
            new Filter(
                List.of(new Condition.IsEmpty(KEY), new Condition.IsNull(KEY)),
                List.of(new Condition.HasVector("v"), new Condition.Slice(4, 3)),
                List.of(new Condition.HasId(Set.of(PointId.of(7)))),
                new Filter.MinShould(
                    List.of(new Condition.Sub(Filter.ANY), new Condition.Nested(KEY, Filter.ANY)),
                    2)));
  }

  @Test
  void whatIsNotSetIsRefusedByItsPath() {
    refused(must(condition()), ErrorCode.WRONG_INPUT, "filter.must[0] is not set");
    refused(
        field(FieldCondition.newBuilder().setMatch(Match.newBuilder())),
        ErrorCode.WRONG_INPUT,
        "filter.must[0].field.match is not set");
    refused(
        field(FieldCondition.newBuilder()),
        ErrorCode.VALIDATION,
        "At least one field condition must be specified");
    refused(
        must(condition().setNested(NestedCondition.newBuilder().setKey("a"))),
        ErrorCode.WRONG_INPUT,
        "filter.must[0].nested.filter is not set");
    refused(
        must(
            condition()
                .setHasId(
                    HasIdCondition.newBuilder()
                        .addHasId(dev.eddy.proto.qdrant.PointId.newBuilder()))),
        ErrorCode.WRONG_INPUT,
        "filter.must[0].has_id.has_id[0] is not set");
  }

  @Test
  void rulesAreKept() {
    refused(
        dev.eddy.proto.qdrant.Filter.newBuilder().setMinShould(MinShould.newBuilder()).build(),
        ErrorCode.VALIDATION,
        "min_count must be greater than 0");
    refused(must(condition().setSlice(SliceCondition.newBuilder())), ErrorCode.VALIDATION, "total");
    refused(
        must(condition().setSlice(SliceCondition.newBuilder().setTotal(2).setIndex(2))),
        ErrorCode.VALIDATION,
        "index: value 2 invalid, must be 1 or smaller");
  }

  @Test
  void aFieldOfALaterContractIsRefusedHoweverDeep() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    refused(
        field(
            FieldCondition.newBuilder()
                .setKey("a")
                .setMatch(Match.newBuilder().setKeyword("x").setUnknownFields(later))),
        ErrorCode.WRONG_INPUT,
        "must[0].field.match: field 99");
  }

  @Test
  void aFilterThatCouldBeWrittenButNotReadBackIsRefused() {
    dev.eddy.proto.qdrant.Filter filter = dev.eddy.proto.qdrant.Filter.getDefaultInstance();
    for (int depth = 1; depth < FilterMessages.DEPTH_MAX; depth++) {
      filter = must(condition().setFilter(filter));
    }
    assertThat(QdrantFilters.filter(filter, "filter")).isNotNull();
    refused(must(condition().setFilter(filter)), ErrorCode.VALIDATION, "must be at most 20");
  }

  private static void assertPredicate(FieldCondition.Builder field, FieldPredicate expected) {
    assertThat(QdrantFilters.filter(field(field.setKey("a.b")), "filter"))
        .isEqualTo(Filter.must(new Condition.Field(KEY, List.of(expected))));
  }

  private static dev.eddy.proto.qdrant.Filter field(FieldCondition.Builder field) {
    return must(condition().setField(field));
  }

  private static dev.eddy.proto.qdrant.Filter must(
      dev.eddy.proto.qdrant.Condition.Builder condition) {
    return dev.eddy.proto.qdrant.Filter.newBuilder().addMust(condition).build();
  }

  private static dev.eddy.proto.qdrant.Condition.Builder condition() {
    return dev.eddy.proto.qdrant.Condition.newBuilder();
  }

  private static void refused(dev.eddy.proto.qdrant.Filter filter, ErrorCode code, String text) {
    assertThatThrownBy(() -> QdrantFilters.filter(filter, "filter"))
        .isInstanceOfSatisfying(EddyException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }
}
