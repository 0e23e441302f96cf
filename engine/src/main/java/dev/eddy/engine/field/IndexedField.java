package dev.eddy.engine.field;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.filter.FieldKeys;
import dev.eddy.engine.filter.FieldKeys.KeyRange;
import dev.eddy.engine.filter.FieldLookup;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.query.OrderValue;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** The index of one field at one moment. Immutable but for terms that come; thread-safe. */
public final class IndexedField {
  private final FieldIndex.Type type;
  private final @Nullable TermDictionary terms;
  private final Postings values;
  private final Postings facts;

  IndexedField(
      FieldIndex.Type type, @Nullable TermDictionary terms, Postings values, Postings facts) {
    this.type = type;
    this.terms = terms;
    this.values = values;
    this.facts = facts;
  }

  /** Holds what is read from mapped files. */
  public void retain() {
    values.retain();
    facts.retain();
    if (terms != null) {
      terms.retain();
    }
  }

  /** Gives it back; not to be asked any more. */
  public void release() {
    values.release();
    facts.release();
    if (terms != null) {
      terms.release();
    }
  }

  /** What the field's values are. */
  public FieldIndex.Type type() {
    return type;
  }

  /**
   * The slots that match; slots of dead points may be among them.
   *
   * @param all slots that there are
   */
  public SlotBounds lookup(FieldLookup lookup, RoaringBitmap all) {
    return switch (lookup) {
      case FieldLookup.Keys(List<KeyRange> ranges, boolean isExact) ->
          bounds(keys(ranges), isExact);
      case FieldLookup.KeysExcept(Set<Long> keys) ->
          SlotBounds.exact(values.where(key -> !keys.contains(key)));
      case FieldLookup.AnyTerm(Set<String> wanted) ->
          SlotBounds.exact(values.withAny(codes(wanted)));
      case FieldLookup.AllTerms(Set<String> wanted, boolean isExact) ->
          bounds(allTerms(wanted), isExact);
      case FieldLookup.TermsExcept(Set<String> listed) -> {
        Set<Long> codes = new HashSet<>();
        for (long code : codes(listed)) {
          codes.add(code);
        }
        yield SlotBounds.exact(values.where(code -> !codes.contains(code)));
      }
      case FieldLookup.TermsWhere(var test) ->
          SlotBounds.exact(values.withAny(dictionary().codesWhere(test)));
      case FieldLookup.Inside(var shape) -> inside(GeoCells.Covering.of(shape));
      case FieldLookup.Count count -> {
        RoaringBitmap found = facts.where(key -> count.holds(Facts.count(key)));
        if (count.holds(0)) {
          found.or(RoaringBitmap.andNot(all, facts.where(key -> true)));
        }
        yield SlotBounds.exact(found);
      }
      case FieldLookup.Empty(boolean expected) -> isEmpty(expected, all);
      case FieldLookup.Null(boolean expected) -> isNull(expected, all);
    };
  }

  /** Slots where no value at the path has anything in it; or all others. */
  public SlotBounds isEmpty(boolean expected, RoaringBitmap all) {
    RoaringBitmap filled = facts.where(key -> !Facts.isEmpty(key));
    return SlotBounds.exact(expected ? RoaringBitmap.andNot(all, filled) : filled);
  }

  /** Slots where some value at the path is null or has one; or all others. */
  public SlotBounds isNull(boolean expected, RoaringBitmap all) {
    RoaringBitmap nulls = facts.where(Facts::hasNull);
    return SlotBounds.exact(expected ? nulls : RoaringBitmap.andNot(all, nulls));
  }

  /** Takes a value of the field and the slots that have it; false = no more. */
  public interface ValueVisitor<V> {
    boolean visit(V value, RoaringBitmap slots);
  }

  /**
   * Visits every value of a keyword, UUID, integer or bool field as facets have it, in no order.
   */
  public void forEachFacet(ValueVisitor<JsonValue> visitor) {
    values.forEachKey(
        Long.MIN_VALUE, Long.MAX_VALUE, false, (key, slots) -> visitor.visit(facet(key), slots));
  }

  /**
   * Numbers the values that slots {@code [first, first + numbers.length)} have, from 0 on; of
   * several one counts.
   *
   * @param numbers gets the number of each slot's value; negative before, and where there is none
   * @return values numbered
   */
  public int number(int first, int[] numbers) {
    int[] numbered = {0};
    values.forEachKey(
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        false,
        (_, slots) -> {
          boolean isAny = false;
          PeekableIntIterator each = slots.getIntIterator();
          each.advanceIfNeeded(first);
          while (each.hasNext()) {
            int at = each.next() - first;
            if (at >= numbers.length) {
              break;
            }
            if (numbers[at] < 0) {
              numbers[at] = numbered[0];
              isAny = true;
            }
          }
          numbered[0] += isAny ? 1 : 0;
          return true;
        });
    return numbered[0];
  }

  private JsonValue facet(long key) {
    return switch (type) {
      case KEYWORD, UUID -> new JsonString(dictionary().term((int) key));
      case INTEGER -> new JsonLong(key);
      case BOOL -> new JsonBoolean(key != 0);
      case FLOAT, GEO, TEXT, DATETIME ->
          throw new IllegalArgumentException("values of " + type + " are not counted");
    };
  }

  /**
   * Visits values of an integer, float or date-time field in their order.
   *
   * @param isBefore which values are before the first one wanted: in the order, true up to some
   *     value
   */
  public void forEachInOrder(
      boolean isDescending, Predicate<OrderValue> isBefore, ValueVisitor<OrderValue> visitor) {
    LongFunction<OrderValue> value =
        switch (type) {
          case INTEGER, DATETIME -> OrderValue.Whole::new;
          case FLOAT -> key -> new OrderValue.Real(FieldKeys.real(key));
          case KEYWORD, BOOL, UUID, GEO, TEXT ->
              throw new IllegalArgumentException("values of " + type + " have no order");
        };
    long from = type == FieldIndex.Type.FLOAT ? FieldKeys.LEAST_REAL : Long.MIN_VALUE;
    long to = type == FieldIndex.Type.FLOAT ? FieldKeys.GREATEST_REAL : Long.MAX_VALUE;
    if (isBefore.test(value.apply(isDescending ? from : to))) {
      return;
    }
    if (isDescending && isBefore.test(value.apply(to))) {
      to = FieldKeys.first(key -> isBefore.test(value.apply(key)), from, to) - 1;
    } else if (!isDescending) {
      from = FieldKeys.first(key -> !isBefore.test(value.apply(key)), from, to);
    }
    values.forEachKey(
        from, to, isDescending, (key, slots) -> visitor.visit(value.apply(key), slots));
  }

  private static SlotBounds bounds(RoaringBitmap slots, boolean isExact) {
    return isExact ? SlotBounds.exact(slots) : SlotBounds.atMost(slots);
  }

  private RoaringBitmap keys(List<KeyRange> ranges) {
    if (ranges.size() == 1) {
      return values.within(ranges.getFirst().from(), ranges.getFirst().to());
    }
    if (ranges.stream().allMatch(range -> range.from() == range.to())) {
      return values.withAny(ranges.stream().mapToLong(KeyRange::from).sorted().toArray());
    }
    RoaringBitmap found = new RoaringBitmap();
    for (KeyRange range : ranges) {
      found.or(values.within(range.from(), range.to()));
    }
    return found;
  }

  private TermDictionary dictionary() {
    return requireNonNull(terms, "a field of terms");
  }

  /** Codes of those terms that are known, ascending. */
  private long[] codes(Collection<String> wanted) {
    return wanted.stream()
        .mapToLong(dictionary()::find)
        .filter(code -> code != TermDictionary.NONE)
        .sorted()
        .toArray();
  }

  private RoaringBitmap allTerms(Set<String> wanted) {
    long[] codes = codes(wanted);
    if (codes.length < wanted.size() || codes.length == 0) {
      return new RoaringBitmap();
    }
    RoaringBitmap found = values.with(codes[0]);
    for (int i = 1; i < codes.length && !found.isEmpty(); i++) {
      found.and(values.with(codes[i]));
    }
    return found;
  }

  private SlotBounds inside(GeoCells.Covering covering) {
    RoaringBitmap possible = keys(covering.outer());
    possible.or(values.with(GeoCells.BEYOND));
    RoaringBitmap sure = covering.inner().isEmpty() ? new RoaringBitmap() : keys(covering.inner());
    return new SlotBounds(sure, possible);
  }
}
