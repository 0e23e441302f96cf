package dev.eddy.model.filter;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PointId;
import java.util.List;
import java.util.Set;

/** One condition of a filter. Its meaning is a function of the point, and of nothing else. */
public sealed interface Condition {

  /**
   * A condition on the values at a path. Several predicates are joined by OR, as the contract's
   * unindexed path does.
   *
   * @param predicates at least one
   */
  record Field(KeyPath key, List<FieldPredicate> predicates) implements Condition {
    public Field {
      predicates = List.copyOf(predicates);
    }
  }

  /** The path is missing, null or an empty array. */
  record IsEmpty(KeyPath key) implements Condition {}

  /** The path is present and null. */
  record IsNull(KeyPath key) implements Condition {}

  record HasId(Set<PointId> ids) implements Condition {
    public HasId {
      ids = Set.copyOf(ids);
    }
  }

  /** The point has a vector of this name; the empty name is the unnamed vector. */
  record HasVector(String name) implements Condition {}

  /**
   * SipHash-2-4 with a zero key of the id, modulo {@code total}, is {@code index}; 0 <= index <
   * total.
   */
  record Slice(long total, long index) implements Condition {}

  /**
   * Some element of the array at the path satisfies the whole filter, whose keys start at the
   * element.
   */
  record Nested(KeyPath key, Filter filter) implements Condition {}

  record Sub(Filter filter) implements Condition {}
}
