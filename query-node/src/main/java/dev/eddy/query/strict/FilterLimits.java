package dev.eddy.query.strict;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.TextSettings;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a collection's limits say of a filter: how many conditions, how large each, and on which
 * fields. One request, one thread.
 */
final class FilterLimits {
  private static final Set<Type> ANY = EnumSet.allOf(Type.class);

  private static final Set<Type> GROUPS = EnumSet.of(Type.KEYWORD, Type.INTEGER, Type.UUID);

  private final StrictMode limits;
  private final boolean isDeclaredOnly;
  private final Map<List<Step>, FieldIndex> declared = new HashMap<>();

  /**
   * @param unindexed whether filters may use fields that are not declared; null = yes
   */
  FilterLimits(CollectionSpec spec, StrictMode limits, @Nullable Boolean unindexed) {
    this.limits = limits;
    this.isDeclaredOnly = unindexed != null && !unindexed;
    spec.payloadIndexes()
        .forEach((field, index) -> declared.put(KeyPath.parse(field).steps(), index));
  }

  /**
   * @throws EddyException BAD_REQUEST with the contract's text
   */
  void check(@Nullable Filter filter) {
    if (filter == null) {
      return;
    }
    Long max = limits.filterMaxConditions();
    long conditions = count(filter);
    if (max != null && conditions > max) {
      throw EddyException.badRequest(
          "Filter condition limit reached (%d > %d). Help: Reduce the amount of conditions of your filter."
              .formatted(conditions, max));
    }
    check(filter, List.of());
  }

  private static List<Condition> conditions(Filter filter) {
    List<Condition> all = new ArrayList<>(filter.must());
    all.addAll(filter.mustNot());
    filter.shouldClause().ifPresent(all::addAll);
    filter.minShouldClause().ifPresent(min -> all.addAll(min.conditions()));
    return all;
  }

  private static long count(Filter filter) {
    long count = 0;
    for (Condition condition : conditions(filter)) {
      count +=
          switch (condition) {
            case Condition.Sub(Filter inner) -> count(inner);
            case Condition.Nested(KeyPath ignored, Filter inner) -> count(inner);
            default -> 1;
          };
    }
    return count;
  }

  private void check(Filter filter, List<Step> prefix) {
    for (Condition condition : conditions(filter)) {
      switch (condition) {
        case Condition.Sub(Filter inner) -> check(inner, prefix);
        case Condition.Nested(KeyPath key, Filter inner) ->
            check(inner, path(prefix, key.everyElement()));
        case Condition.Field(KeyPath key, List<FieldPredicate> predicates) ->
            predicates.forEach(predicate -> {
              checkSize(sizeOf(predicate));
              require(prefix, key, typesOf(predicate), index -> serves(index, predicate));
            });
        case Condition.IsEmpty(KeyPath key) -> require(prefix, key, ANY, _ -> true);
        case Condition.IsNull(KeyPath key) -> require(prefix, key, ANY, _ -> true);
        case Condition.HasId(Set<PointId> ids) -> checkSize(ids.size());
        case Condition.HasVector ignored -> {}
        case Condition.Slice ignored -> {}
      }
    }
  }

  private void checkSize(long size) {
    Long max = limits.conditionMaxSize();
    if (max != null && size > max) {
      throw EddyException.badRequest(
          "Condition size limit reached (%d > %d). Help: Reduce the size of your condition."
              .formatted(size, max));
    }
  }

  private static long sizeOf(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.MatchAny(List<MatchValue> values) -> values.size();
      case FieldPredicate.MatchExcept(List<MatchValue> values) -> values.size();
      case FieldPredicate.GeoPolygon polygon ->
          polygon.exterior().size() + polygon.interiors().stream().mapToLong(List::size).sum();
      default -> 1;
    };
  }

  /** The types of which one has to be declared for the predicate. */
  private static Set<Type> typesOf(FieldPredicate predicate) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue value) -> typesOf(value);
      case FieldPredicate.MatchAny(List<MatchValue> values) -> typesOf(values);
      case FieldPredicate.MatchExcept(List<MatchValue> values) -> typesOf(values);
      case FieldPredicate.MatchText ignored -> Set.of(Type.TEXT);
      case FieldPredicate.MatchTextAny ignored -> Set.of(Type.TEXT);
      case FieldPredicate.MatchPhrase ignored -> Set.of(Type.TEXT);
      case FieldPredicate.MatchPrefix ignored -> Set.of(Type.KEYWORD);
      case FieldPredicate.Range ignored -> EnumSet.of(Type.INTEGER, Type.FLOAT);
      case FieldPredicate.DatetimeRange ignored -> Set.of(Type.DATETIME);
      case FieldPredicate.GeoBoundingBox ignored -> Set.of(Type.GEO);
      case FieldPredicate.GeoRadius ignored -> Set.of(Type.GEO);
      case FieldPredicate.GeoPolygon ignored -> Set.of(Type.GEO);
      case FieldPredicate.ValuesCount ignored -> ANY;
      case FieldPredicate.Empty ignored -> ANY;
      case FieldPredicate.Null ignored -> ANY;
    };
  }

  /** Whether the settings of an index of a fitting type let it serve the predicate. */
  private static boolean serves(FieldIndex index, FieldPredicate predicate) {
    TextSettings text = index.text();
    return switch (predicate) {
      case FieldPredicate.MatchPhrase ignored ->
          text != null && Boolean.TRUE.equals(text.phraseMatching());
      case FieldPredicate.Match ignored -> index.servesMatch();
      case FieldPredicate.MatchAny(List<MatchValue> values) ->
          values.isEmpty() || index.servesMatch();
      case FieldPredicate.MatchExcept(List<MatchValue> values) ->
          values.isEmpty() || index.servesMatch();
      case FieldPredicate.Range ignored -> index.servesRange();
      default -> true;
    };
  }

  private static Set<Type> typesOf(List<MatchValue> values) {
    return values.isEmpty() ? ANY : typesOf(values.getFirst());
  }

  private static Set<Type> typesOf(MatchValue value) {
    return switch (value) {
      case MatchValue.Keyword(String text) ->
          PointId.parseUuid(text).isPresent()
              ? EnumSet.of(Type.KEYWORD, Type.UUID)
              : Set.of(Type.KEYWORD);
      case MatchValue.Whole ignored -> Set.of(Type.INTEGER);
      case MatchValue.Flag ignored -> Set.of(Type.BOOL);
    };
  }

  private static List<Step> path(List<Step> prefix, KeyPath key) {
    List<Step> path = new ArrayList<>(prefix);
    path.addAll(key.steps());
    return path;
  }

  private void require(
      List<Step> prefix, KeyPath key, Set<Type> types, Predicate<FieldIndex> serves) {
    require(prefix, key, types, serves, "use a different filter");
  }

  /** Requires a field of numbers that a formula computes with. */
  void requireForFormula(KeyPath key, Set<Type> types) {
    require(List.of(), key, types, _ -> true, "use a different formula expression");
  }

  /** Requires a field that groups can be made of. */
  void requireForGroups(KeyPath key) {
    FieldIndex index = declared.get(key.steps());
    if (!isDeclaredOnly
        || (index != null && GROUPS.contains(index.type()) && index.servesMatch())) {
      return;
    }
    String found =
        index == null
            ? "Index required but not found for \"%s\".".formatted(key.text())
            : "Index of type \"%s\" found for \"%s\"."
                .formatted(capitalised(index.type()), key.text());
    throw EddyException.badRequest(
        found + " Help: Create an index supporting `match` for this key.");
  }

  private static String capitalised(Type type) {
    String name = type.apiName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private void require(
      List<Step> prefix,
      KeyPath key,
      Set<Type> types,
      Predicate<FieldIndex> serves,
      String otherwise) {
    FieldIndex index = declared.get(path(prefix, key));
    if (!isDeclaredOnly || (index != null && types.contains(index.type()) && serves.test(index))) {
      return;
    }
    throw EddyException.badRequest(
        "Index required but not found for \"%s\" of one of the following types: [%s]. Help: Create an index for this key or %s."
            .formatted(
                key.text(),
                String.join(", ", types.stream().sorted().map(Type::apiName).toList()),
                otherwise));
  }

  /** Whether the filter says of a field of tenants which one is wanted. */
  boolean isOfOneTenant(@Nullable Filter filter) {
    return filter != null
        && filter.must().stream()
            .anyMatch(condition ->
                switch (condition) {
                  case Condition.Sub(Filter inner) -> isOfOneTenant(inner);
                  case Condition.Field(KeyPath key, List<FieldPredicate> ignored) ->
                      isTenant(declared.get(key.steps()));
                  default -> false;
                });
  }

  private static boolean isTenant(@Nullable FieldIndex index) {
    Boolean isTenant = index == null ? null : index.isTenant();
    return isTenant != null && isTenant;
  }
}
