package dev.eddy.query.write;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.util.List;
import java.util.Map;

/**
 * Refuses what a shard would have to refuse, before it is in the log: checks an update against its
 * collection's spec alone. Stateless.
 */
final class WriteGate {
  /** All exponent bits set: an infinity or not a number. */
  private static final int NOT_FINITE = 0x7f80_0000;

  private WriteGate() {}

  static void check(CollectionSpec spec, Update update) {
    switch (update) {
      case Update.Upsert upsert -> checkPoints(spec, upsert.points());
      case Update.Delete delete -> checkSelection(delete.selection());
      case Update.UpdateVectors vectors -> checkVectors(spec, vectors.points());
      case Update.DeleteVectors vectors -> {
        if (vectors.names().isEmpty()) {
          throw EddyException.validation("vector: must specify vector names to delete");
        }
        for (String name : vectors.names()) {
          paramsOf(spec, name);
        }
        checkSelection(vectors.selection());
      }
      case Update.SetPayload payload -> checkSelection(payload.selection());
      case Update.OverwritePayload payload -> checkSelection(payload.selection());
      case Update.DeletePayload payload -> checkSelection(payload.selection());
      case Update.ClearPayload payload -> checkSelection(payload.selection());
      case Update.Genesis ignored -> throw notForClients(update);
      case Update.Configure ignored -> throw notForClients(update);
      case Update.FromInbox ignored -> throw notForClients(update);
      case Update.Noop ignored -> throw notForClients(update);
    }
  }

  private static void checkPoints(CollectionSpec spec, List<Point> points) {
    if (points.isEmpty()) {
      throw empty();
    }
    for (int i = 0; i < points.size(); i++) {
      checkVectors(spec, points.get(i).vectors(), "points", i);
    }
  }

  private static void checkVectors(CollectionSpec spec, List<PointVectors> points) {
    if (points.isEmpty()) {
      throw EddyException.validation("points: must specify points to update");
    }
    for (int i = 0; i < points.size(); i++) {
      checkVectors(spec, points.get(i).vectors(), "points", i);
    }
  }

  private static void checkSelection(PointSelection selection) {
    if (selection instanceof PointSelection.Ids(var ids) && ids.isEmpty()) {
      throw empty();
    }
  }

  private static void checkVectors(CollectionSpec spec, Vectors vectors, String list, int index) {
    for (Map.Entry<String, Vector> entry : vectors.byName().entrySet()) {
      String name = entry.getKey();
      switch (entry.getValue()) {
        case Vector.Dense(float[] values) -> {
          if (values.length == 0) {
            throw EddyException.validation(
                path(list, index, name) + ": dense vector must not be empty");
          }
          VectorParams params = paramsOf(spec, name);
          if (values.length != params.size()) {
            throw EddyException.wrongInput(
                "Vector dimension error: expected dim: "
                    + params.size()
                    + ", got "
                    + values.length);
          }
          checkFinite(values, list, index, name);
        }
        case Vector.Sparse ignored -> throw EddyException.notImplemented("sparse vectors");
        case Vector.Multi ignored -> throw EddyException.notImplemented("multivectors");
      }
    }
  }

  private static void checkFinite(float[] values, String list, int index, String name) {
    for (int i = 0; i < values.length; i++) {
      if ((Float.floatToRawIntBits(values[i]) & NOT_FINITE) == NOT_FINITE) {
        throw EddyException.validation(
            "%s[%d]: value %s invalid, must be a finite number"
                .formatted(path(list, index, name), i, values[i]));
      }
    }
  }

  private static VectorParams paramsOf(CollectionSpec spec, String name) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      throw EddyException.wrongInput("Not existing vector name error: " + name);
    }
    return params;
  }

  private static String path(String list, int index, String name) {
    return list + "[" + index + "].vector" + (name.isEmpty() ? "" : "." + name);
  }

  private static EddyException empty() {
    return EddyException.badRequest("Empty update request");
  }

  private static IllegalArgumentException notForClients(Update update) {
    return new IllegalArgumentException(
        "not an update of the API: " + update.getClass().getSimpleName());
  }
}
