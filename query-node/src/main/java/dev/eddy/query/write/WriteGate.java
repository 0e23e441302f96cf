package dev.eddy.query.write;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorRules;
import dev.eddy.model.collection.VectorRules.Problem;
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
          checkName(spec, name);
        }
        checkSelection(vectors.selection());
      }
      case Update.SetPayload payload -> checkSelection(payload.selection());
      case Update.OverwritePayload payload -> checkSelection(payload.selection());
      case Update.DeletePayload payload -> checkSelection(payload.selection());
      case Update.ClearPayload payload -> checkSelection(payload.selection());
      case Update.Conditional conditional -> check(spec, conditional.update());
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
      VectorRules.problem(spec, name, entry.getValue())
          .ifPresent(problem -> {
            throw refusal(problem, list, index, name);
          });
    }
  }

  private static EddyException refusal(Problem problem, String list, int index, String name) {
    // The contract names the field of the point, not the vector, before a question mark.
    boolean isNameless =
        problem instanceof Problem.BrokenRule(String place, var ignored) && place.startsWith(".?");
    return VectorRules.refusal(problem, path(list, index, isNameless ? "" : name));
  }

  private static void checkName(CollectionSpec spec, String name) {
    if (!spec.vectors().containsKey(name) && !spec.sparseVectors().containsKey(name)) {
      throw EddyException.wrongInput(new Problem.UnknownName(name).text());
    }
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
