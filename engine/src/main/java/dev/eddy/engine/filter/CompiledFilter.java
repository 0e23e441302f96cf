package dev.eddy.engine.filter;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A filter ready to be asked of many points: exactly the meaning of {@link Filter}, from the
 * payload itself, without indexes. Immutable, thread-safe.
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

  public static CompiledFilter of(Filter filter) {
    Set<String> keys = new HashSet<>();
    return new CompiledFilter(compile(filter, false, keys), keys, idsOf(filter));
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

  private static Predicate<FilteredPoint> compile(
      Filter filter, boolean isNested, Set<String> keys) {
    List<Predicate<FilteredPoint>> clauses = new ArrayList<>();
    for (Condition condition : filter.must()) {
      clauses.add(compile(condition, isNested, keys));
    }
    for (Condition condition : filter.mustNot()) {
      clauses.add(compile(condition, isNested, keys).negate());
    }
    filter
        .shouldClause()
        .filter(should -> isNested || !should.isEmpty())
        .ifPresent(should -> clauses.add(atLeast(1, should, isNested, keys)));
    filter
        .minShouldClause()
        .ifPresent(min -> clauses.add(atLeast(min.minCount(), min.conditions(), isNested, keys)));
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
      int least, List<Condition> conditions, boolean isNested, Set<String> keys) {
    List<Predicate<FilteredPoint>> options = new ArrayList<>();
    for (Condition condition : conditions) {
      options.add(compile(condition, isNested, keys));
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

  private static Predicate<FilteredPoint> compile(
      Condition condition, boolean isNested, Set<String> keys) {
    return switch (condition) {
      case Condition.Field field -> field(field, keys);
      case Condition.IsEmpty(KeyPath key) -> {
        List<Step> steps = steps(key, keys);
        yield point -> !anyAt(point.payload(), steps, value -> !FieldCheck.isEmpty(value));
      }
      case Condition.IsNull(KeyPath key) -> {
        List<Step> steps = steps(key, keys);
        yield point -> anyAt(point.payload(), steps, value -> value == JsonValue.JsonNull.NULL);
      }
      case Condition.HasId(Set<PointId> ids) -> point -> !isNested && ids.contains(point.id());
      case Condition.HasVector(String name) -> point -> !isNested && point.hasVector(name);
      case Condition.Slice(long total, long index) ->
          point -> !isNested && Long.remainderUnsigned(SipHash.of(point.id()), total) == index;
      case Condition.Nested nested -> nested(nested, keys);
      case Condition.Sub(Filter filter) -> compile(filter, isNested, keys);
    };
  }

  private static Predicate<FilteredPoint> field(Condition.Field field, Set<String> keys) {
    List<Step> steps = steps(field.key(), keys);
    List<FieldCheck> checks = field.predicates().stream().map(FieldCheck::of).toList();
    boolean onMissing = checks.stream().anyMatch(FieldCheck::onMissing);
    return point -> {
      AnyValue any =
          new AnyValue(value -> checks.stream().anyMatch(check -> check.onValue().test(value)));
      JsonPaths.values(point.payload(), steps, any::see);
      return any.seen ? any.holds : onMissing;
    };
  }

  private static Predicate<FilteredPoint> nested(Condition.Nested nested, Set<String> keys) {
    List<Step> steps = steps(nested.key().everyElement(), keys);
    Predicate<FilteredPoint> inner = compile(nested.filter(), true, new HashSet<>());
    return point ->
        anyAt(
            point.payload(),
            steps,
            value ->
                value instanceof JsonObject element
                    && inner.test(new Element(point.id(), element)));
  }

  private static List<Step> steps(KeyPath key, Set<String> keys) {
    keys.add(key.head());
    return key.steps();
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
