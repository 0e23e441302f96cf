package dev.eddy.engine.search;

import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.field.IndexedField;
import dev.eddy.engine.field.SlotBounds;
import dev.eddy.engine.filter.FieldLookup;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.points.IdMap;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.filter.Filter.MinShould;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.json.KeyPath.Step;
import dev.eddy.model.point.PointId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Asks the indexes of a moment which slots match a filter. Where they can't tell of a condition,
 * every slot may match it. One thread, once.
 */
final class IndexedFilter {
  private final ShardView view;
  private final FieldIndexes.View indexes;
  private final FieldRules rules;
  private final RoaringBitmap all;

  private IndexedFilter(ShardView view) {
    this.view = view;
    this.indexes = view.indexes();
    this.rules = view.rules();
    this.all = RoaringBitmap.bitmapOfRange(0, view.slotCount());
  }

  /**
   * What the indexes tell of a filter.
   *
   * @param bounds slots of dead points may be in them
   * @param rest what slots that may match are to be asked, which has none of the clauses that the
   *     indexes tell all of: those hold for each of these slots
   */
  record Told(SlotBounds bounds, Filter rest) {}

  /** What is known; empty where the indexes know nothing. */
  static Optional<Told> bounds(ShardView view, Filter filter) {
    if (view.indexes().byPath().isEmpty()) {
      return Optional.empty();
    }
    List<@Nullable SlotBounds> clauses = new IndexedFilter(view).clauses(filter, List.of());
    SlotBounds bounds = joined(clauses);
    return bounds == null ? Optional.empty() : Optional.of(new Told(bounds, rest(filter, clauses)));
  }

  /** The filter without the clauses that are told exactly. */
  private static Filter rest(Filter filter, List<@Nullable SlotBounds> clauses) {
    Iterator<@Nullable SlotBounds> each = clauses.iterator();
    List<Condition> must = untold(filter.must(), each);
    List<Condition> mustNot = untold(filter.mustNot(), each);
    List<Condition> should = filter.should();
    if (should != null && !should.isEmpty() && isTold(each.next())) {
      should = null;
    }
    MinShould minShould = filter.minShould();
    if (minShould != null && isTold(each.next())) {
      minShould = null;
    }
    return new Filter(must, should, mustNot, minShould);
  }

  private static List<Condition> untold(
      List<Condition> conditions, Iterator<@Nullable SlotBounds> each) {
    List<Condition> untold = new ArrayList<>();
    for (Condition condition : conditions) {
      if (!isTold(each.next())) {
        untold.add(condition);
      }
    }
    return untold;
  }

  private static boolean isTold(@Nullable SlotBounds clause) {
    return clause != null && clause.isExact();
  }

  /**
   * @param prefix path of the elements that the filter is asked of; empty outside of nested ones
   * @return null where nothing is known
   */
  private @Nullable SlotBounds ofFilter(Filter filter, List<Step> prefix) {
    return joined(clauses(filter, prefix));
  }

  /** Of each condition that must hold, that must not, of {@code should} and its like, in turn. */
  private List<@Nullable SlotBounds> clauses(Filter filter, List<Step> prefix) {
    List<@Nullable SlotBounds> clauses = new ArrayList<>();
    for (Condition condition : filter.must()) {
      clauses.add(ofCondition(condition, prefix));
    }
    for (Condition condition : filter.mustNot()) {
      SlotBounds excluded = prefix.isEmpty() ? ofCondition(condition, prefix) : null;
      clauses.add(excluded == null ? null : excluded.not(all));
    }
    filter
        .shouldClause()
        .filter(should -> !prefix.isEmpty() || !should.isEmpty())
        .ifPresent(should -> clauses.add(atLeast(1, should, prefix)));
    filter
        .minShouldClause()
        .ifPresent(min -> clauses.add(atLeast(min.minCount(), min.conditions(), prefix)));
    return clauses;
  }

  private static @Nullable SlotBounds joined(List<@Nullable SlotBounds> clauses) {
    SlotBounds joined = null;
    boolean isWhole = true;
    for (SlotBounds clause : clauses) {
      if (clause == null) {
        isWhole = false;
      } else {
        joined = joined == null ? clause : joined.and(clause);
      }
    }
    if (joined == null) {
      return null;
    }
    return isWhole ? joined : SlotBounds.atMost(joined.possible());
  }

  private @Nullable SlotBounds atLeast(int least, List<Condition> conditions, List<Step> prefix) {
    if (least < 1) {
      return SlotBounds.exact(all);
    }
    List<SlotBounds> options = new ArrayList<>();
    boolean isKnown = false;
    for (Condition condition : conditions) {
      SlotBounds option = ofCondition(condition, prefix);
      isKnown |= option != null;
      options.add(option == null ? SlotBounds.atMost(all) : option);
    }
    return isKnown || conditions.isEmpty() ? SlotBounds.atLeast(least, options) : null;
  }

  private @Nullable SlotBounds ofCondition(Condition condition, List<Step> prefix) {
    boolean isNested = !prefix.isEmpty();
    return switch (condition) {
      case Condition.Field field -> isNested ? nestedField(field, prefix) : field(field);
      case Condition.IsEmpty(KeyPath key) -> {
        IndexedField index = isNested ? null : indexes.at(key.steps());
        yield index == null ? null : index.isEmpty(true, all);
      }
      case Condition.IsNull(KeyPath key) -> {
        IndexedField index = isNested ? null : indexes.at(key.steps());
        yield index == null ? null : index.isNull(true, all);
      }
      case Condition.HasId(Set<PointId> ids) -> isNested ? null : SlotBounds.exact(slotsOf(ids));
      case Condition.HasVector _, Condition.Slice _ -> null;
      case Condition.Nested(KeyPath key, Filter filter) -> {
        // One element must match in all; the indexes know of all elements together.
        SlotBounds inner = ofFilter(filter, key.everyElement().below(prefix));
        yield inner == null ? null : SlotBounds.atMost(inner.possible());
      }
      case Condition.Sub(Filter filter) -> ofFilter(filter, prefix);
    };
  }

  private @Nullable SlotBounds field(Condition.Field field) {
    IndexedField index = indexes.at(field.key().steps());
    return index == null
        ? null
        : FieldLookup.of(field, rules).map(lookups -> any(index, lookups)).orElse(null);
  }

  private @Nullable SlotBounds nestedField(Condition.Field field, List<Step> prefix) {
    List<Step> path = field.key().below(prefix);
    IndexedField index = indexes.at(path);
    return index == null
        ? null
        : FieldLookup.ofNested(field, path, rules)
            .map(lookups -> SlotBounds.atMost(any(index, lookups).possible()))
            .orElse(null);
  }

  private SlotBounds any(IndexedField index, List<FieldLookup> lookups) {
    SlotBounds any = index.lookup(lookups.getFirst(), all);
    for (FieldLookup lookup : lookups.subList(1, lookups.size())) {
      any = any.or(index.lookup(lookup, all));
    }
    return any;
  }

  private RoaringBitmap slotsOf(Set<PointId> ids) {
    RoaringBitmap slots = new RoaringBitmap();
    for (PointId id : ids) {
      int slot = view.slotOf(id);
      if (slot != IdMap.NONE) {
        slots.add(slot);
      }
    }
    return slots;
  }
}
