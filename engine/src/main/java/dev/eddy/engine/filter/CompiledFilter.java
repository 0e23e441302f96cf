package dev.eddy.engine.filter;

import dev.eddy.engine.filter.FieldRules.FieldRule;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
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
 * A filter ready to be asked of many points: exactly the meaning of {@link Filter} where these
 * fields are declared, from the payload itself. Immutable, thread-safe.
 */
public final class CompiledFilter {
  private final Predicate<FilteredPoint> test;
  private final Set<String> keys;
  private final Optional<Set<PointId>> ids;

  private CompiledFilter(
      Predicate<FilteredPoint> test, Set<String> keys, Optional<Set<PointId>> ids) {
    this.test = test;
    this.keys = Set.copyOf(keys);
    this.ids = ids;
  }

  /** Where nothing is declared. */
  public static CompiledFilter of(Filter filter) {
    return of(filter, FieldRules.NONE);
  }

  public static CompiledFilter of(Filter filter, FieldRules rules) {
    Set<String> keys = new HashSet<>();
    Scope scope = new Scope(rules, List.of(), keys);
    return new CompiledFilter(compile(filter, scope), keys, idsOf(filter));
  }

  /**
   * Where in the filter compiling is.
   *
   * @param prefix path of the elements that a nested filter is asked of; empty outside
   * @param keys collects the top-level members that are looked at
   */
  private record Scope(FieldRules rules, List<Step> prefix, Set<String> keys) {
    boolean isNested() {
      return !prefix.isEmpty();
    }

    List<Step> steps(KeyPath key) {
      keys.add(key.head());
      return key.steps();
    }

    /** Of the elements of a nested filter only texts are as declared: the rest has no index. */
    Optional<FieldRule> rule(KeyPath key) {
      return isNested()
          ? rules.at(key.below(prefix)).filter(rule -> rule.text() != null)
          : rules.at(key.steps());
    }

    Scope below(KeyPath key) {
      return new Scope(rules, key.below(prefix), new HashSet<>());
    }
  }

  public boolean matches(FilteredPoint point) {
    return test.test(point);
  }

  /** Names of the top-level payload members that the filter looks at; empty = payload unused. */
  public Set<String> keys() {
    return keys;
  }

  /** The only ids that can match, when the filter says so at its top. */
  public Optional<Set<PointId>> ids() {
    return ids;
  }

  private static Optional<Set<PointId>> idsOf(Filter filter) {
    Optional<Set<PointId>> smallest = Optional.empty();
    for (Condition condition : filter.must()) {
      Optional<Set<PointId>> ids =
          switch (condition) {
            case Condition.HasId(Set<PointId> wanted) -> Optional.of(wanted);
            case Condition.Sub(Filter inner) -> idsOf(inner);
            default -> Optional.empty();
          };
      if (ids.isPresent() && (smallest.isEmpty() || ids.get().size() < smallest.get().size())) {
        smallest = ids;
      }
    }
    return smallest;
  }

  private static Predicate<FilteredPoint> compile(Filter filter, Scope scope) {
    List<Predicate<FilteredPoint>> clauses = new ArrayList<>();
    for (Condition condition : filter.must()) {
      clauses.add(compile(condition, scope));
    }
    for (Condition condition : filter.mustNot()) {
      clauses.add(compile(condition, scope).negate());
    }
    filter
        .shouldClause()
        .filter(should -> scope.isNested() || !should.isEmpty())
        .ifPresent(should -> clauses.add(atLeast(1, should, scope)));
    filter
        .minShouldClause()
        .ifPresent(min -> clauses.add(atLeast(min.minCount(), min.conditions(), scope)));
    return point -> {
      for (Predicate<FilteredPoint> clause : clauses) {
        if (!clause.test(point)) {
          return false;
        }
      }
      return true;
    };
  }

  private static Predicate<FilteredPoint> atLeast(
      int least, List<Condition> conditions, Scope scope) {
    List<Predicate<FilteredPoint>> options = new ArrayList<>();
    for (Condition condition : conditions) {
      options.add(compile(condition, scope));
    }
    return point -> {
      int held = 0;
      for (Predicate<FilteredPoint> option : options) {
        if (option.test(point) && ++held >= least) {
          return true;
        }
      }
      return held >= least;
    };
  }

  private static Predicate<FilteredPoint> compile(Condition condition, Scope scope) {
    boolean isNested = scope.isNested();
    return switch (condition) {
      case Condition.Field field -> field(field, scope);
      case Condition.IsEmpty(KeyPath key) -> {
        List<Step> steps = scope.steps(key);
        yield point -> !anyAt(point.payload(), steps, value -> !FieldCheck.isEmpty(value));
      }
      case Condition.IsNull(KeyPath key) -> {
        List<Step> steps = scope.steps(key);
        // The index of a declared field knows nulls among the elements.
        Predicate<JsonValue> isNull =
            !isNested && scope.rule(key).isPresent()
                ? FieldCheck::hasNull
                : value -> value == JsonValue.JsonNull.NULL;
        yield point -> anyAt(point.payload(), steps, isNull);
      }
      case Condition.HasId(Set<PointId> ids) -> point -> !isNested && ids.contains(point.id());
      case Condition.HasVector(String name) -> point -> !isNested && point.hasVector(name);
      case Condition.Slice(long total, long index) ->
          point -> !isNested && Long.remainderUnsigned(SipHash.of(point.id()), total) == index;
      case Condition.Nested nested -> nested(nested, scope);
      case Condition.Sub(Filter filter) -> compile(filter, scope);
    };
  }

  private static Predicate<FilteredPoint> field(Condition.Field field, Scope scope) {
    List<Step> steps = scope.steps(field.key());
    Optional<FieldRule> rule = scope.rule(field.key());
    TextAnalysis text = rule.map(FieldRule::text).orElse(null);
    if (text != null
        && field.predicates().size() == 1
        && field.predicates().getFirst() instanceof FieldPredicate.MatchText(String asked)) {
      return allTokens(steps, text.all(asked));
    }
    if (rule.isPresent() && !scope.isNested() && field.predicates().size() == 1) {
      // The index of a declared field knows of the point, not of each value at the path.
      FieldPredicate only = field.predicates().getFirst();
      if (only instanceof FieldPredicate.Empty(boolean expected)) {
        return point ->
            anyAt(point.payload(), steps, value -> !FieldCheck.isEmpty(value)) != expected;
      }
      if (only instanceof FieldPredicate.Null(boolean expected)) {
        return point -> anyAt(point.payload(), steps, FieldCheck::hasNull) == expected;
      }
    }
    List<FieldCheck> checks =
        field.predicates().stream().map(predicate -> FieldCheck.of(predicate, rule)).toList();
    boolean onMissing = checks.stream().anyMatch(FieldCheck::onMissing);
    return point -> {
      AnyValue any =
          new AnyValue(value -> checks.stream().anyMatch(check -> check.onValue().test(value)));
      JsonPaths.values(point.payload(), steps, any::see);
      return any.seen ? any.holds : onMissing;
    };
  }

  /** The tokens may be spread over all the texts at the path. */
  private static Predicate<FilteredPoint> allTokens(List<Step> steps, TextAnalysis.All wanted) {
    return point -> {
      List<String> texts = new ArrayList<>();
      JsonPaths.values(point.payload(), steps, value -> texts.addAll(FieldCheck.texts(value)));
      return wanted.test(texts);
    };
  }

  private static Predicate<FilteredPoint> nested(Condition.Nested nested, Scope scope) {
    KeyPath elements = nested.key().everyElement();
    List<Step> steps = scope.steps(elements);
    Predicate<FilteredPoint> inner = compile(nested.filter(), scope.below(elements));
    return point ->
        anyAt(
            point.payload(),
            steps,
            value ->
                value instanceof JsonObject element
                    && inner.test(new Element(point.id(), element)));
  }

  private static boolean anyAt(JsonObject payload, List<Step> steps, Predicate<JsonValue> test) {
    AnyValue any = new AnyValue(test);
    JsonPaths.values(payload, steps, any::see);
    return any.holds;
  }

  /** Collects over the values at a path whether there was one and whether one passed. */
  private static final class AnyValue {
    private final Predicate<JsonValue> test;
    private boolean seen;
    private boolean holds;

    AnyValue(Predicate<JsonValue> test) {
      this.test = test;
    }

    void see(JsonValue value) {
      seen = true;
      holds = holds || test.test(value);
    }
  }

  /** An element of an array, whose members are the payload of a nested filter. */
  private record Element(PointId id, JsonObject payload) implements FilteredPoint {
    @Override
    public boolean hasVector(String name) {
      return false;
    }
  }
}
