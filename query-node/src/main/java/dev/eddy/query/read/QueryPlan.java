package dev.eddy.query.read;

import dev.eddy.model.point.PointId;
import dev.eddy.model.query.PointQuery;
import java.util.Set;

/**
 * How a query is answered, its examples found and its rules checked.
 *
 * @param index place in the request
 * @param root gives {@code offset + limit} hits
 * @param excluded example points, which are no answer, on no level
 * @param isScored whether scores and versions are told; else both are the same for all
 */
record QueryPlan(
    int index, PointQuery query, PlanNode root, Set<PointId> excluded, boolean isScored) {

  /** Whether one question to each shard is enough. */
  boolean isFlat() {
    return root instanceof PlanNode.Ranked && root.sources().isEmpty();
  }
}
