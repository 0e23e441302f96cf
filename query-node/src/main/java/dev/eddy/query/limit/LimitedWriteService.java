package dev.eddy.query.limit;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.util.List;

/** Holds writes of both transports against the limits of this node before they go on. */
public final class LimitedWriteService implements WriteService {
  private final WriteService writes;
  private final Limits limits;

  public LimitedWriteService(WriteService writes, Limits limits) {
    this.writes = requireNonNull(writes, "writes");
    this.limits = requireNonNull(limits, "limits");
  }

  @Override
  public WriteResult write(String collection, Update update, WriteOptions options) {
    check(update);
    return writes.write(collection, update, options);
  }

  /** All are checked before the first is written. */
  @Override
  public List<WriteResult> writeBatch(
      String collection, List<Update> updates, WriteOptions options) {
    if (updates.size() > limits.of(Limit.BATCH)) {
      throw EddyException.tooMany(
          Limit.BATCH, "operations", updates.size(), "operations", limits.of(Limit.BATCH));
    }
    updates.forEach(this::check);
    return writes.writeBatch(collection, updates, options);
  }

  @Override
  public WriteResult declare(String collection, Declaration declaration, WriteOptions options) {
    return writes.declare(collection, declaration, options);
  }

  private void check(Update update) {
    switch (update) {
      case Update.Upsert(List<Point> points) -> {
        checkCount(points.size(), "points");
        for (int i = 0; i < points.size(); i++) {
          PayloadBounds.check(limits, points.get(i).payload(), "points[" + i + "].payload");
        }
      }
      case Update.UpdateVectors vectors -> checkCount(vectors.points().size(), "points");
      case Update.Conditional conditional -> {
        FilterBounds.check(limits, conditional.filter(), "update_filter");
        check(conditional.update());
      }
      case Update.SetPayload set -> {
        PayloadBounds.check(limits, set.payload(), "payload");
        check(set.selection());
      }
      case Update.OverwritePayload set -> {
        PayloadBounds.check(limits, set.payload(), "payload");
        check(set.selection());
      }
      case Update.Delete delete -> check(delete.selection());
      case Update.DeleteVectors delete -> check(delete.selection());
      case Update.DeletePayload delete -> check(delete.selection());
      case Update.ClearPayload clear -> check(clear.selection());
      case Update.Genesis ignored -> {}
      case Update.Configure ignored -> {}
      case Update.FromInbox ignored -> {}
      case Update.Noop ignored -> {}
    }
  }

  private void check(PointSelection selection) {
    switch (selection) {
      case PointSelection.Ids(List<PointId> ids) -> checkCount(ids.size(), "points");
      case PointSelection.Matching matching ->
          FilterBounds.check(limits, matching.filter(), "filter");
    }
  }

  private void checkCount(int count, String path) {
    if (count > limits.of(Limit.POINTS)) {
      throw EddyException.tooMany(Limit.POINTS, path, count, "points", limits.of(Limit.POINTS));
    }
  }
}
