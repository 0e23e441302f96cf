package dev.eddy.model.update;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import java.util.List;

/** Which points an update is about. */
public sealed interface PointSelection {
  /** These, in this order; an unknown one gives a 404 verdict where the contract says so. */
  record Ids(List<PointId> ids) implements PointSelection {
    public Ids {
      ids = List.copyOf(ids);
    }
  }

  /** All that match at the shard's position, evaluated exactly; broadcast to every shard. */
  record Matching(Filter filter) implements PointSelection {}
}
