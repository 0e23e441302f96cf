package dev.eddy.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where a declaration changes what a filter means, and where it does not. */
final class DeclaredFilterTest {
  /** The values 0 to 15 that the contract lists its outcomes for. */
  private static final List<String> VALUES =
      List.of(
          "{\"a\":1}",
          "{\"a\":1.0}",
          "{\"a\":\"1\"}",
          "{\"a\":[1,2]}",
          "{\"a\":[\"x\",\"y\"]}",
          "{\"a\":null}",
          "{}",
          "{\"a\":[]}",
          "{\"a\":[null]}",
          "{\"a\":[null,1]}",
          "{\"a\":true}",
          "{\"a\":{}}",
          "{\"a\":\"\"}",
          "{\"a\":[[1,2]]}",
          "{\"a\":9223372036854775808}",
          "{\"a\":1.5}");

  private static final KeyPath A = KeyPath.parse("a");
  private static final FieldPredicate ONE = new FieldPredicate.Match(new MatchValue.Whole(1));
  private static final FieldPredicate AT_LEAST_ONE =
      new FieldPredicate.Range(null, 1.0, null, null);

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

  private static List<Integer> matching(Condition condition, @Nullable FieldIndex index) {
    return matching(condition, VALUES, index);
  }

  private static List<Integer> matching(
      Condition condition, List<String> values, @Nullable FieldIndex index) {
    CollectionSpec spec = CollectionSpec.of(Map.of());
    FieldRules rules =
        FieldRules.of(index == null ? spec : spec.withPayloadIndexes(Map.of("a", index)));
    Filter filter = Filter.must(condition);
    CompiledFilter compiled = CompiledFilter.of(filter, rules);
    List<Integer> matching = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (compiled.matches(new PointOf(json(values.get(i))))) {
        matching.add(i);
      }
    }
    return matching;
  }

  private static JsonObject json(String text) {
    try {
      return (JsonObject) JsonCodec.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Condition field(FieldPredicate predicate) {
    return new Condition.Field(A, List.of(predicate));
  }

  private static FieldIndex integer(boolean lookup, boolean range) {
    return new FieldIndex(
        Type.INTEGER, false, null, null, null, null, null, lookup, range, null, null);
  }

  @Test
  void anIntegerFieldKnowsWholeNumbersOfAnyForm() {
    assertThat(matching(field(ONE), null)).containsExactly(0, 3, 9);
    assertThat(matching(field(ONE), FieldIndex.of(Type.INTEGER))).containsExactly(0, 1, 3, 9);
    assertThat(matching(field(AT_LEAST_ONE), null)).containsExactly(0, 1, 3, 9, 14, 15);
    assertThat(matching(field(AT_LEAST_ONE), FieldIndex.of(Type.INTEGER)))
        .containsExactly(0, 1, 3, 9, 14);
    assertThat(
            matching(
                field(new FieldPredicate.Match(new MatchValue.Whole(Long.MAX_VALUE))),
                FieldIndex.of(Type.INTEGER)))
        .containsExactly(14);
  }

  @Test
  void onlyWhatTheIntegerFieldServesFollowsIt() {
    assertThat(matching(field(ONE), integer(false, true))).containsExactly(0, 3, 9);
    assertThat(matching(field(AT_LEAST_ONE), integer(true, false)))
        .containsExactly(0, 1, 3, 9, 14, 15);
  }

  @Test
  void aFieldOfAnotherTypeIsReadFromThePayload() {
    assertThat(matching(field(ONE), FieldIndex.of(Type.KEYWORD))).containsExactly(0, 3, 9);
    assertThat(matching(field(AT_LEAST_ONE), FieldIndex.of(Type.BOOL)))
        .containsExactly(0, 1, 3, 9, 14, 15);
  }

  @Test
  void aDeclaredFieldKnowsNullsAmongElements() {
    Condition isNull = new Condition.IsNull(A);
    assertThat(matching(isNull, null)).containsExactly(5);
    for (Type type : Type.values()) {
      assertThat(matching(isNull, FieldIndex.of(type))).as(type.name()).containsExactly(5, 8, 9);
    }
    Condition isEmpty = new Condition.IsEmpty(A);
    assertThat(matching(isEmpty, FieldIndex.of(Type.KEYWORD)))
        .isEqualTo(matching(isEmpty, null))
        .containsExactly(5, 6, 7);
  }

  @Test
  void aDeclaredFieldIsEmptyOrNullAsAWhole() {
    List<String> values =
        List.of(
            "{\"a\":[{\"b\":[]},{\"b\":1}]}",
            "{\"a\":[{\"b\":null},{\"b\":1}]}",
            "{\"a\":[{\"b\":[]}]}",
            "{\"a\":[{\"b\":1}]}");
    assertThat(elements(new FieldPredicate.Empty(true), values, null)).containsExactly(0, 1, 2);
    assertThat(elements(new FieldPredicate.Empty(true), values, Type.INTEGER)).containsExactly(2);
    assertThat(elements(new FieldPredicate.Empty(false), values, Type.INTEGER))
        .isEqualTo(elements(new FieldPredicate.Empty(false), values, null))
        .containsExactly(0, 1, 3);
    assertThat(elements(new FieldPredicate.Null(false), values, null)).containsExactly(0, 1, 2, 3);
    assertThat(elements(new FieldPredicate.Null(false), values, Type.KEYWORD))
        .containsExactly(0, 2, 3);
    assertThat(elements(new FieldPredicate.Null(true), values, Type.KEYWORD))
        .isEqualTo(elements(new FieldPredicate.Null(true), values, null))
        .containsExactly(1);
  }

  /** The points whose field b of the elements of a passes. */
  private static List<Integer> elements(
      FieldPredicate predicate, List<String> values, @Nullable Type declared) {
    CollectionSpec spec = CollectionSpec.of(Map.of());
    FieldRules rules =
        FieldRules.of(
            declared == null
                ? spec
                : spec.withPayloadIndexes(Map.of("a[].b", FieldIndex.of(declared))));
    Condition condition = new Condition.Field(KeyPath.parse("a[].b"), List.of(predicate));
    CompiledFilter compiled = CompiledFilter.of(Filter.must(condition), rules);
    List<Integer> matching = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (compiled.matches(new PointOf(json(values.get(i))))) {
        matching.add(i);
      }
    }
    return matching;
  }

  @Test
  void momentsAndNumbersAreOneToTheIndexOfARange() {
    List<String> values =
        List.of("{\"a\":\"2024-01-01\"}", "{\"a\":1704067200000000}", "{\"a\":7.5}");
    Condition positive = field(new FieldPredicate.Range(0.0, null, null, null));
    Condition since2000 =
        field(new FieldPredicate.DatetimeRange(null, 946_684_800_000_000L, null, null));
    assertThat(matching(positive, values, null)).containsExactly(1, 2);
    assertThat(matching(positive, values, FieldIndex.of(Type.DATETIME))).containsExactly(0);
    assertThat(matching(since2000, values, null)).containsExactly(0);
    assertThat(matching(since2000, values, FieldIndex.of(Type.INTEGER))).containsExactly(1);
    assertThat(matching(since2000, values, FieldIndex.of(Type.FLOAT))).containsExactly(1);
    assertThat(matching(since2000, values, integer(true, false)))
        .as("an integer field without ranges has no say")
        .containsExactly(0);
  }

  @Test
  void spellingsOfAUuidAreEqualWhereItIsDeclared() {
    List<String> values =
        List.of(
            "{\"a\":\"550e8400-e29b-41d4-a716-446655440000\"}",
            "{\"a\":[\"550E8400E29B41D4A716446655440000\"]}",
            "{\"a\":\"urn:uuid:550e8400-e29b-41d4-a716-446655440000\"}",
            "{\"a\":\"other\"}");
    MatchValue asked = new MatchValue.Keyword("550e8400e29b41d4a716446655440000");
    FieldIndex uuid = FieldIndex.of(Type.UUID);
    assertThat(matching(field(new FieldPredicate.Match(asked)), values, null)).isEmpty();
    assertThat(matching(field(new FieldPredicate.Match(asked)), values, uuid))
        .containsExactly(0, 1, 2);
    assertThat(matching(field(new FieldPredicate.MatchAny(List.of(asked))), values, uuid))
        .containsExactly(0, 1, 2);
    assertThat(matching(field(new FieldPredicate.MatchExcept(List.of(asked))), values, uuid))
        .isEmpty();
    // One that is no UUID is asked of the texts as they are.
    MatchValue other = new MatchValue.Keyword("other");
    assertThat(matching(field(new FieldPredicate.MatchAny(List.of(asked, other))), values, uuid))
        .containsExactly(3);
    assertThat(matching(field(new FieldPredicate.MatchExcept(List.of(other))), values, uuid))
        .containsExactly(0, 1, 2);
  }

  @Test
  void exceptionsAreAskedOfWhatTheIndexKnows() {
    FieldPredicate notOne = new FieldPredicate.MatchExcept(List.of(new MatchValue.Whole(1)));
    FieldPredicate notX = new FieldPredicate.MatchExcept(List.of(new MatchValue.Keyword("x")));
    assertThat(matching(field(notOne), FieldIndex.of(Type.INTEGER))).containsExactly(3, 14);
    assertThat(matching(field(notX), FieldIndex.of(Type.KEYWORD))).containsExactly(2, 4, 12);
    assertThat(matching(field(notX), FieldIndex.of(Type.INTEGER)))
        .isEqualTo(matching(field(notX), null))
        .hasSize(12);
    assertThat(matching(field(notOne), FieldIndex.of(Type.KEYWORD)))
        .isEqualTo(matching(field(notOne), null));
  }

  @Test
  void aTextFieldIsAskedByTokens() {
    List<String> values =
        List.of(
            "{\"a\":\"The Brown fox\"}", "{\"a\":[\"x fox\",\"BROWN\"]}", "{\"a\":\"brownfox\"}");
    FieldPredicate text = new FieldPredicate.MatchText("brown fox");
    FieldPredicate any = new FieldPredicate.MatchTextAny("brown cow");
    FieldPredicate phrase = new FieldPredicate.MatchPhrase("brown");
    FieldIndex declared = FieldIndex.of(Type.TEXT);
    assertThat(matching(field(text), values, null)).isEmpty();
    assertThat(matching(field(text), values, declared)).containsExactly(0, 1);
    assertThat(matching(field(any), values, null)).containsExactly(2);
    assertThat(matching(field(any), values, declared)).containsExactly(0, 1);
    assertThat(matching(field(phrase), values, null)).containsExactly(2);
    assertThat(matching(field(phrase), values, declared)).isEmpty();
  }

  @Test
  void onlyTextsOfANestedFilterAreAsDeclared() {
    assertThat(nested(Type.INTEGER, ONE, "{\"a\":[{\"b\":1.0}]}")).isFalse();
    assertThat(nested(Type.INTEGER, ONE, "{\"a\":[{\"b\":1}]}")).isTrue();
    FieldPredicate brown = new FieldPredicate.MatchText("brown");
    assertThat(nested(Type.TEXT, brown, "{\"a\":[{\"b\":\"The Brown\"}]}")).isTrue();
    assertThat(nested(Type.KEYWORD, brown, "{\"a\":[{\"b\":\"The Brown\"}]}")).isFalse();
  }

  private static boolean nested(Type declared, FieldPredicate predicate, String payload) {
    FieldRules rules =
        FieldRules.of(
            CollectionSpec.of(Map.of())
                .withPayloadIndexes(Map.of("a[].b", FieldIndex.of(declared))));
    Condition inner = new Condition.Field(KeyPath.parse("b"), List.of(predicate));
    Filter filter = Filter.must(new Condition.Nested(A, Filter.must(inner)));
    return CompiledFilter.of(filter, rules).matches(new PointOf(json(payload)));
  }

  @Test
  void onlyValuesOfTheTypeCount() {
    Map<Type, List<Integer>> expected =
        Map.of(
            Type.KEYWORD, List.of(2, 4, 12),
            Type.TEXT, List.of(2, 4, 12),
            Type.INTEGER, List.of(0, 1, 3, 9, 14),
            Type.FLOAT, List.of(0, 1, 3, 9, 14, 15),
            Type.BOOL, List.of(10),
            Type.UUID, List.of(),
            Type.DATETIME, List.of(),
            Type.GEO, List.of());
    expected.forEach((type, points) -> assertThat(counted(type)).as(type.name()).isEqualTo(points));
  }

  private static List<Integer> counted(Type type) {
    FieldElements declared =
        FieldRules.of(
                CollectionSpec.of(Map.of()).withPayloadIndexes(Map.of("a", FieldIndex.of(type))))
            .elements("a");
    List<Integer> counted = new ArrayList<>();
    for (int i = 0; i < VALUES.size(); i++) {
      Payload payload = new Payload(VALUES.get(i).getBytes(StandardCharsets.UTF_8));
      if (declared.areIn(PayloadReader.members(payload, Set.of("a")))) {
        counted.add(i);
      }
    }
    return counted;
  }
}
