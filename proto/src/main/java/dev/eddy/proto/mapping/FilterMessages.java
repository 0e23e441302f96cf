package dev.eddy.proto.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.PointId;
import dev.eddy.proto.model.ConditionMessage;
import dev.eddy.proto.model.ConditionsMessage;
import dev.eddy.proto.model.FieldMessage;
import dev.eddy.proto.model.FilterMessage;
import dev.eddy.proto.model.MinShouldMessage;
import dev.eddy.proto.model.NestedMessage;
import dev.eddy.proto.model.SliceMessage;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Filters as messages. A message that is not well formed fails with an {@link
 * IllegalArgumentException}.
 */
public final class FilterMessages {
  /**
   * Filters inside filters that are accepted. A record that holds a deeper one could be written but
   * not read: protobuf stops at 100 levels, and one filter may take four of them.
   */
  public static final int DEPTH_MAX = (int) Limit.FILTER_DEPTH.most();

  private FilterMessages() {}

  /**
   * Checks the nesting of a filter at the door.
   *
   * @throws EddyException a validation error when it is deeper than {@link #DEPTH_MAX}
   */
  public static void checkDepth(Filter filter) {
    checkDepth(filter, "filter");
  }

  /**
   * The same.
   *
   * @param path what the request calls the filter
   */
  public static void checkDepth(Filter filter, String path) {
    checkDepth(filter, path, DEPTH_MAX);
  }

  /** The same with a maximum below {@link #DEPTH_MAX}. */
  public static void checkDepth(Filter filter, String path, int max) {
    int depth = depth(filter);
    if (depth > max) {
      throw EddyException.validation(
              "%s: filters nested %d deep invalid, must be at most %d".formatted(path, depth, max))
          .beyond(Limit.FILTER_DEPTH);
    }
  }

  /** How many filters are inside each other, itself included. */
  public static int depth(Filter filter) {
    return 1
        + Stream.of(
                filter.must(),
                filter.shouldClause().orElse(List.of()),
                filter.mustNot(),
                filter.minShouldClause().map(Filter.MinShould::conditions).orElse(List.of()))
            .flatMap(List::stream)
            .mapToInt(condition ->
                switch (condition) {
                  case Condition.Nested nested -> depth(nested.filter());
                  case Condition.Sub sub -> depth(sub.filter());
                  case Condition.Field f -> 0;
                  case Condition.IsEmpty e -> 0;
                  case Condition.IsNull n -> 0;
                  case Condition.HasId h -> 0;
                  case Condition.HasVector v -> 0;
                  case Condition.Slice s -> 0;
                })
            .max()
            .orElse(0);
  }

  /**
   * The message of a filter.
   *
   * @throws EddyException a validation error when it is nested deeper than {@link #DEPTH_MAX}
   */
  public static FilterMessage filter(Filter filter) {
    checkDepth(filter);
    return unchecked(filter);
  }

  private static FilterMessage unchecked(Filter filter) {
    FilterMessage.Builder builder =
        FilterMessage.newBuilder()
            .addAllMust(conditions(filter.must()))
            .addAllMustNot(conditions(filter.mustNot()));
    filter
        .shouldClause()
        .ifPresent(should ->
            builder.setShould(ConditionsMessage.newBuilder().addAllConditions(conditions(should))));
    filter
        .minShouldClause()
        .ifPresent(clause ->
            builder.setMinShould(
                MinShouldMessage.newBuilder()
                    .addAllConditions(conditions(clause.conditions()))
                    .setMinCount(clause.minCount())));
    return builder.build();
  }

  /** The filter, or null for none. */
  public static @Nullable Filter nullable(boolean present, FilterMessage message) {
    return present ? filter(message) : null;
  }

  public static Filter filter(FilterMessage message) {
    return new Filter(
        fromMessages(message.getMustList()),
        message.hasShould() ? fromMessages(message.getShould().getConditionsList()) : null,
        fromMessages(message.getMustNotList()),
        message.hasMinShould()
            ? new Filter.MinShould(
                fromMessages(message.getMinShould().getConditionsList()),
                message.getMinShould().getMinCount())
            : null);
  }

  private static List<ConditionMessage> conditions(List<Condition> conditions) {
    return conditions.stream().map(FilterMessages::condition).toList();
  }

  private static List<Condition> fromMessages(List<ConditionMessage> messages) {
    return messages.stream().map(FilterMessages::condition).toList();
  }

  private static ConditionMessage condition(Condition condition) {
    ConditionMessage.Builder builder = ConditionMessage.newBuilder();
    switch (condition) {
      case Condition.Field field -> builder.setField(field(field));
      case Condition.IsEmpty empty -> builder.setIsEmpty(empty.key().text());
      case Condition.IsNull isNull -> builder.setIsNull(isNull.key().text());
      // A set has no order of its own; sorted, equal filters have equal bytes.
      case Condition.HasId hasId ->
          builder.setHasId(PointMessages.ids(hasId.ids().stream().sorted().toList()));
      case Condition.HasVector hasVector -> builder.setHasVector(hasVector.name());
      case Condition.Slice slice ->
          builder.setSlice(
              SliceMessage.newBuilder().setTotal(slice.total()).setIndex(slice.index()));
      case Condition.Nested nested ->
          builder.setNested(
              NestedMessage.newBuilder()
                  .setKey(nested.key().text())
                  .setFilter(unchecked(nested.filter())));
      case Condition.Sub sub -> builder.setSub(unchecked(sub.filter()));
    }
    return builder.build();
  }

  private static Condition condition(ConditionMessage message) {
    return switch (message.getConditionCase()) {
      case FIELD -> field(message.getField());
      case IS_EMPTY -> new Condition.IsEmpty(KeyPath.parse(message.getIsEmpty()));
      case IS_NULL -> new Condition.IsNull(KeyPath.parse(message.getIsNull()));
      case HAS_ID ->
          new Condition.HasId(new HashSet<PointId>(PointMessages.ids(message.getHasId())));
      case HAS_VECTOR -> new Condition.HasVector(message.getHasVector());
      case SLICE ->
          new Condition.Slice(message.getSlice().getTotal(), message.getSlice().getIndex());
      case NESTED ->
          new Condition.Nested(
              KeyPath.parse(message.getNested().getKey()), filter(message.getNested().getFilter()));
      case SUB -> new Condition.Sub(filter(message.getSub()));
      case CONDITION_NOT_SET -> throw PointMessages.unset("condition");
    };
  }

  private static FieldMessage field(Condition.Field field) {
    FieldMessage.Builder builder = FieldMessage.newBuilder().setKey(field.key().text());
    field.predicates().forEach(each -> builder.addPredicates(PredicateMessages.predicate(each)));
    return builder.build();
  }

  private static Condition.Field field(FieldMessage message) {
    List<FieldPredicate> predicates =
        message.getPredicatesList().stream().map(PredicateMessages::predicate).toList();
    if (predicates.isEmpty()) {
      throw PointMessages.unset("predicate of field \"" + message.getKey() + "\"");
    }
    return new Condition.Field(KeyPath.parse(message.getKey()), predicates);
  }
}
