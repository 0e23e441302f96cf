package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.qdrant.MinShould;
import dev.eddy.proto.qdrant.NestedCondition;
import dev.eddy.proto.qdrant.SliceCondition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Filters as clients send them. A condition of no kind and a field of a later contract are refused:
 * passing one over would match points that the client excluded.
 */
public final class QdrantFilters {
  private QdrantFilters() {}

  /** The filter, or null when the request has none. */
  public static @Nullable Filter nullable(
      boolean present, dev.eddy.proto.qdrant.Filter message, String path) {
    return present ? filter(message, path) : null;
  }

  /**
   * A filter.
   *
   * @param path what the request calls it
   */
  public static Filter filter(dev.eddy.proto.qdrant.Filter message, String path) {
    Rules.checkKnown(message);
    Filter filter = unchecked(message, path);
    FilterMessages.checkDepth(filter, path);
    return filter;
  }

  private static Filter unchecked(dev.eddy.proto.qdrant.Filter message, String path) {
    return new Filter(
        conditions(message.getMustList(), path + ".must"),
        // Here an empty list can't be told from none.
        message.getShouldCount() == 0
            ? null
            : conditions(message.getShouldList(), path + ".should"),
        conditions(message.getMustNotList(), path + ".must_not"),
        message.hasMinShould() ? minShould(message.getMinShould(), path + ".min_should") : null);
  }

  private static Filter.MinShould minShould(MinShould message, String path) {
    if (message.getMinCount() == 0) {
      RuleBook.note(path + ".min_count: min_count must be greater than 0");
    }
    return new Filter.MinShould(
        conditions(message.getConditionsList(), path + ".conditions"),
        (int) Math.clamp(Rules.count(message.getMinCount()), 1, Integer.MAX_VALUE));
  }

  private static List<Condition> conditions(
      List<dev.eddy.proto.qdrant.Condition> messages, String path) {
    List<Condition> conditions = new ArrayList<>(messages.size());
    for (dev.eddy.proto.qdrant.Condition message : messages) {
      conditions.add(condition(message, path + "[" + conditions.size() + "]"));
    }
    return conditions;
  }

  static Condition condition(dev.eddy.proto.qdrant.Condition message, String path) {
    return switch (message.getConditionOneOfCase()) {
      case FIELD -> QdrantPredicates.field(message.getField(), path + ".field");
      case IS_EMPTY -> new Condition.IsEmpty(KeyPath.parse(message.getIsEmpty().getKey()));
      case HAS_ID ->
          new Condition.HasId(
              new HashSet<>(
                  QdrantPoints.ids(message.getHasId().getHasIdList(), path + ".has_id.has_id")));
      case FILTER -> new Condition.Sub(unchecked(message.getFilter(), path + ".filter"));
      case IS_NULL -> new Condition.IsNull(KeyPath.parse(message.getIsNull().getKey()));
      case NESTED -> nested(message.getNested(), path + ".nested");
      case HAS_VECTOR -> new Condition.HasVector(message.getHasVector().getHasVector());
      case SLICE -> slice(message.getSlice(), path + ".slice");
      case CONDITIONONEOF_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static Condition.Nested nested(NestedCondition message, String path) {
    if (!message.hasFilter()) {
      throw Rules.unset(path + ".filter");
    }
    return new Condition.Nested(
        KeyPath.parse(message.getKey()), unchecked(message.getFilter(), path + ".filter"));
  }

  private static Condition.Slice slice(SliceCondition message, String path) {
    long total = Integer.toUnsignedLong(message.getTotal());
    long index = Integer.toUnsignedLong(message.getIndex());
    if (total < 1) {
      RuleBook.note(path + ".total: value 0 invalid, must be 1 or larger");
      return new Condition.Slice(1, 0);
    }
    if (index >= total) {
      RuleBook.note(
          "%s.index: value %d invalid, must be %d or smaller".formatted(path, index, total - 1));
      return new Condition.Slice(total, 0);
    }
    return new Condition.Slice(total, index);
  }
}
