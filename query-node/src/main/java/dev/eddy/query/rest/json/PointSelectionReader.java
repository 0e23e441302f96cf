package dev.eddy.query.rest.json;

import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import dev.eddy.model.update.PointSelection;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a write that say which points it is about. */
final class PointSelectionReader {
  private final JsonBody body;
  private @Nullable List<PointId> ids;
  private @Nullable Filter filter;

  PointSelectionReader(JsonBody body) {
    this.body = body;
  }

  /** Takes a field; skips one that is not about the selection. */
  void field(String field) throws IOException {
    switch (field) {
      case "points" -> ids = PointIdReader.list(body);
      case "filter" -> filter = FilterReader.read(body);
      case "shard_key" -> body.refuseUnlessEmpty();
      default -> body.skip();
    }
  }

  /** Ids where both are given; null when neither is. */
  @Nullable PointSelection selection() {
    if (ids != null) {
      return new PointSelection.Ids(ids);
    }
    return filter == null ? null : new PointSelection.Matching(filter);
  }

  /** Both where both are given, the filter first; none when neither is. */
  List<PointSelection> all() {
    PointSelection first = selection();
    if (first == null) {
      return List.of();
    }
    return ids != null && filter != null
        ? List.of(new PointSelection.Matching(filter), first)
        : List.of(first);
  }
}
