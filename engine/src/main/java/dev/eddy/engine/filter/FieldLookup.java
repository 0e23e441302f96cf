package dev.eddy.engine.filter;

import dev.eddy.engine.filter.FieldKeys.KeyRange;
import dev.eddy.engine.filter.FieldRules.FieldRule;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.DatetimeRange;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.FieldPredicate.Range;
import dev.eddy.model.filter.FieldPredicate.ValuesCount;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.PointId;
import dev.eddy.text.TextAnalysis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A predicate on a declared field as a question to its index: asked of what {@link FieldElements}
 * hands over, it says of every point what {@link CompiledFilter} says; or, where it is not exact,
 * it is true at least where that is. Immutable.
 */
public sealed interface FieldLookup {
  /**
   * Some element has a key within some range.
   *
   * @param isExact false = it is true of other points, too
   */
  record Keys(List<KeyRange> ranges, boolean isExact) implements FieldLookup {}

  /** Some element has a key that is none of these. */
  record KeysExcept(Set<Long> keys) implements FieldLookup {}

  /** Some element is one of the terms. */
  record AnyTerm(Set<String> terms) implements FieldLookup {}

  /**
   * Every term is an element; of no terms, never true.
   *
   * @param isExact false = it is true of other points, too
   */
  record AllTerms(Set<String> terms, boolean isExact) implements FieldLookup {}

  /** Some element is none of the terms. */
  record TermsExcept(Set<String> terms) implements FieldLookup {}

  /** Some element is a term that passes. */
  record TermsWhere(Predicate<String> test) implements FieldLookup {}

  /**
   * Some element is inside the shape.
   *
   * @param shape a box, a circle or a polygon
   */
  record Inside(FieldPredicate shape) implements FieldLookup {}

  /** Some value at the path has a number of values within the bounds; no value at all counts 0. */
  record Count(ValuesCount bounds) implements FieldLookup {
    /** Whether a value of this count passes. */
    public boolean holds(long count) {
      return FieldCheck.isIn(bounds, count);
    }
  }

  /** Whether no value at the path has anything in it. */
  record Empty(boolean expected) implements FieldLookup {}

  /** Whether some value at the path is null or has one. */
  record Null(boolean expected) implements FieldLookup {}

  /**
   * The questions of which some must be true; empty when the field is not declared or its index
   * can't tell.
   */
  static Optional<List<FieldLookup>> of(Condition.Field field, FieldRules rules) {
    Optional<FieldRule> rule = rules.at(field.key().steps());
    if (rule.isEmpty()) {
      return Optional.empty();
    }
    boolean isOnly = field.predicates().size() == 1;
    List<FieldLookup> lookups = new ArrayList<>();
    for (FieldPredicate predicate : field.predicates()) {
      Optional<FieldLookup> lookup = of(predicate, isOnly, rule.get());
      if (lookup.isEmpty()) {
        return Optional.empty();
      }
      lookups.add(lookup.get());
    }
    return Optional.of(lookups);
  }

  /**
   * The same for a condition of a nested filter, which follows no declaration but those of texts:
   * questions that are true at least where it holds for some element.
   *
   * @param path of the values in the whole payload
   */
  static Optional<List<FieldLookup>> ofNested(
      Condition.Field field, List<Step> path, FieldRules rules) {
    Optional<FieldRule> rule = rules.at(path);
    if (rule.isEmpty()) {
      return Optional.empty();
    }
    List<FieldLookup> lookups = new ArrayList<>();
    for (FieldPredicate predicate : field.predicates()) {
      Optional<FieldLookup> lookup =
          isWiderWhenDeclared(predicate, rule.get())
              ? of(predicate, true, rule.get())
              : Optional.empty();
      if (lookup.isEmpty()) {
        return Optional.empty();
      }
      lookups.add(lookup.get());
    }
    return Optional.of(lookups);
  }

  /** Whether the declaration makes the predicate true at least where it is without. */
  private static boolean isWiderWhenDeclared(FieldPredicate predicate, FieldRule rule) {
    return switch (predicate) {
      case FieldPredicate.Match _, FieldPredicate.MatchAny _ -> true;
      case FieldPredicate.MatchText _,
          FieldPredicate.MatchTextAny _,
          FieldPredicate.MatchPhrase _,
          FieldPredicate.MatchPrefix _ ->
          true;
      case Range _ -> rule.is(FieldIndex.Type.FLOAT);
      case DatetimeRange _ -> rule.is(FieldIndex.Type.DATETIME);
      case FieldPredicate.GeoBoundingBox _,
          FieldPredicate.GeoRadius _,
          FieldPredicate.GeoPolygon _ ->
          true;
      case FieldPredicate.MatchExcept _,
          ValuesCount _,
          FieldPredicate.Empty _,
          FieldPredicate.Null _ ->
          false;
    };
  }

  private static Optional<FieldLookup> of(
      FieldPredicate predicate, boolean isOnly, FieldRule rule) {
    return switch (predicate) {
      case ValuesCount bounds -> Optional.of(new Count(bounds));
      // Beside others they are asked of each value, which the index does not know.
      case FieldPredicate.Empty(boolean expected) ->
          isOnly ? Optional.of(new Empty(expected)) : Optional.empty();
      case FieldPredicate.Null(boolean expected) ->
          isOnly ? Optional.of(new Null(expected)) : Optional.empty();
      default ->
          switch (rule.index().type()) {
            case INTEGER -> ofInteger(predicate, rule);
            case FLOAT -> ofFloat(predicate);
            case DATETIME -> ofDatetime(predicate);
            case BOOL -> ofBool(predicate);
            case KEYWORD -> ofKeyword(predicate);
            case UUID -> ofUuid(predicate);
            case TEXT -> ofText(predicate, isOnly, rule);
            case GEO ->
                switch (predicate) {
                  case FieldPredicate.GeoBoundingBox _,
                      FieldPredicate.GeoRadius _,
                      FieldPredicate.GeoPolygon _ ->
                      Optional.of(new Inside(predicate));
                  default -> Optional.empty();
                };
          };
    };
  }

  private static Optional<FieldLookup> keys(Optional<KeyRange> range, boolean isExact) {
    return Optional.of(new Keys(range.stream().toList(), isExact));
  }

  private static Optional<FieldLookup> ofInteger(FieldPredicate predicate, FieldRule rule) {
    boolean isMatch = rule.index().servesMatch();
    boolean isRange = rule.index().servesRange();
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue.Whole(long value)) ->
          // Where matches don't follow the declaration, 1.0 is not 1.
          keys(Optional.of(KeyRange.only(value)), isMatch);
      case FieldPredicate.MatchAny(List<MatchValue> values) ->
          wholes(values)
              .map(wanted -> new Keys(wanted.stream().map(KeyRange::only).toList(), isMatch));
      case FieldPredicate.MatchExcept(List<MatchValue> values) when isMatch ->
          wholes(values).map(KeysExcept::new);
      case Range range when isRange -> keys(FieldKeys.wholes(range), true);
      case DatetimeRange range when isRange -> keys(FieldKeys.wholes(range), true);
      default -> Optional.empty();
    };
  }

  /** Empty where one is not a whole number, or there is none. */
  private static Optional<Set<Long>> wholes(List<MatchValue> values) {
    Set<Long> wholes = new HashSet<>();
    for (MatchValue value : values) {
      if (!(value instanceof MatchValue.Whole(long whole))) {
        return Optional.empty();
      }
      wholes.add(whole);
    }
    return wholes.isEmpty() ? Optional.empty() : Optional.of(wholes);
  }

  private static Optional<FieldLookup> ofFloat(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue.Whole(long value)) ->
          keys(FieldKeys.reals(new Range(null, (double) value, null, (double) value)), false);
      case Range range -> keys(FieldKeys.reals(range), true);
      case DatetimeRange range -> keys(FieldKeys.reals(FieldCheck.numbers(range)), true);
      default -> Optional.empty();
    };
  }

  private static Optional<FieldLookup> ofDatetime(FieldPredicate predicate) {
    return switch (predicate) {
      case Range range -> keys(FieldKeys.wholes(range), true);
      case DatetimeRange range -> keys(FieldKeys.wholes(range), true);
      default -> Optional.empty();
    };
  }

  private static Optional<FieldLookup> ofBool(FieldPredicate predicate) {
    return predicate instanceof FieldPredicate.Match(MatchValue.Flag(boolean flag))
        ? keys(Optional.of(KeyRange.only(flag ? 1 : 0)), true)
        : Optional.empty();
  }

  private static Optional<FieldLookup> ofKeyword(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue.Keyword(String value)) ->
          Optional.of(new AnyTerm(Set.of(value)));
      case FieldPredicate.MatchAny(List<MatchValue> values) -> keywords(values).map(AnyTerm::new);
      case FieldPredicate.MatchExcept(List<MatchValue> values) ->
          keywords(values).map(TermsExcept::new);
      case FieldPredicate.MatchPrefix _,
          FieldPredicate.MatchText _,
          FieldPredicate.MatchTextAny _,
          FieldPredicate.MatchPhrase _ ->
          FieldCheck.textTest(predicate).map(TermsWhere::new);
      default -> Optional.empty();
    };
  }

  /** Empty where one is not a text, or there is none. */
  private static Optional<Set<String>> keywords(List<MatchValue> values) {
    Set<String> keywords = new HashSet<>();
    for (MatchValue value : values) {
      if (!(value instanceof MatchValue.Keyword(String keyword))) {
        return Optional.empty();
      }
      keywords.add(keyword);
    }
    return keywords.isEmpty() ? Optional.empty() : Optional.of(keywords);
  }

  private static Optional<FieldLookup> ofUuid(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue value) -> uuids(List.of(value)).map(AnyTerm::new);
      case FieldPredicate.MatchAny(List<MatchValue> values) -> uuids(values).map(AnyTerm::new);
      case FieldPredicate.MatchExcept(List<MatchValue> values) ->
          uuids(values).map(TermsExcept::new);
      default -> Optional.empty();
    };
  }

  /** Empty where one is no UUID, or there is none. */
  private static Optional<Set<String>> uuids(List<MatchValue> values) {
    return keywords(values)
        .filter(texts -> texts.stream().allMatch(text -> PointId.parseUuid(text).isPresent()))
        .map(texts -> {
          Set<String> uuids = new HashSet<>();
          texts.forEach(text -> PointId.parseUuid(text).ifPresent(id -> uuids.add(id.toString())));
          return uuids;
        });
  }

  private static Optional<FieldLookup> ofText(
      FieldPredicate predicate, boolean isOnly, FieldRule rule) {
    TextAnalysis text = rule.text();
    if (text == null) {
      return Optional.empty();
    }
    return switch (predicate) {
      // Beside others each text is asked alone.
      case FieldPredicate.MatchText(String asked) ->
          Optional.of(new AllTerms(Set.copyOf(text.askedTokens(asked)), isOnly));
      case FieldPredicate.MatchTextAny(String asked) ->
          Optional.of(new AnyTerm(Set.copyOf(text.askedTokens(asked))));
      case FieldPredicate.MatchPhrase(String asked) ->
          Optional.of(new AllTerms(Set.copyOf(text.storedTokens(asked)), false));
      default -> Optional.empty();
    };
  }
}
