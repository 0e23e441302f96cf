package dev.eddy.model.query;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.VectorSelector;
import org.jspecify.annotations.Nullable;

/**
 * The best hits of a query for each of the best values of a payload field.
 *
 * @param query what hits are ranked by; its limit and offset mean nothing
 * @param groupBy strings and integers there make groups; of an array each element
 * @param groups at most, at least 1
 * @param groupSize hits of a group at most, at least 1
 * @param lookup the point of another collection whose id is the group's value, or null
 */
public record GroupQuery(
    PointQuery query, KeyPath groupBy, int groups, int groupSize, @Nullable Lookup lookup) {
  public static final int GROUPS_DEFAULT = 10;
  public static final int GROUP_SIZE_DEFAULT = 3;

  /**
   * Where the points of groups are.
   *
   * @param collection name or alias
   */
  public record Lookup(String collection, PayloadSelector payload, VectorSelector vectors) {}
}
