package dev.eddy.query.world;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A shard's fold, as plainly as possible. Understands filters of ids, vectors and any-matches
 * alone.
 */
final class FakeShard {
  private final TreeMap<PointId, StoredPoint> points = new TreeMap<>();
  private final Map<Long, Verdict> verdicts = new HashMap<>();
  private long position;

  long position() {
    return position;
  }

  int size() {
    return points.size();
  }

  Map<Long, Verdict> verdicts() {
    return verdicts;
  }

  void apply(long offset, Update update) {
    verdicts.put(offset, verdict(offset, update));
    position = offset + 1;
  }

  private Verdict verdict(long offset, Update update) {
    switch (update) {
      case Update.Upsert upsert -> {
        for (Point point : upsert.points()) {
          points.put(
              point.id(), new StoredPoint(point.id(), offset, point.payload(), point.vectors()));
        }
        return Verdict.Applied.APPLIED;
      }
      case Update.Delete delete -> {
        selected(delete.selection()).forEach(points::remove);
        return Verdict.Applied.APPLIED;
      }
      case Update.UpdateVectors vectors -> {
        for (PointVectors point : vectors.points()) {
          StoredPoint old = points.get(point.id());
          if (old == null) {
            return unknown(point.id());
          }
          Map<String, Vector> merged = new LinkedHashMap<>(vectorsOf(old).byName());
          merged.putAll(point.vectors().byName());
          points.put(
              old.id(), new StoredPoint(old.id(), offset, old.payload(), new Vectors(merged)));
        }
        return Verdict.Applied.APPLIED;
      }
      case Update.SetPayload payload -> {
        return changePayload(
            payload.selection(),
            offset,
            (members, old) -> members.putAll(payload.payload().object().members()));
      }
      case Update.OverwritePayload payload -> {
        return changePayload(
            payload.selection(),
            offset,
            (members, old) -> {
              members.clear();
              members.putAll(payload.payload().object().members());
            });
      }
      case Update.ClearPayload payload -> {
        return changePayload(payload.selection(), offset, (members, old) -> members.clear());
      }
      case Update.DeletePayload payload -> {
        return changePayload(
            payload.selection(),
            offset,
            (members, old) -> payload.keys().forEach(key -> members.remove(key.head())));
      }
      case Update.DeleteVectors vectors -> {
        for (PointId id : selected(vectors.selection())) {
          StoredPoint old = points.get(id);
          if (old == null) {
            return unknown(id);
          }
          Map<String, Vector> kept = new LinkedHashMap<>(vectorsOf(old).byName());
          vectors.names().forEach(kept::remove);
          points.put(id, new StoredPoint(id, offset, old.payload(), new Vectors(kept)));
        }
        return Verdict.Applied.APPLIED;
      }
      case Update.Genesis ignored -> {
        return Verdict.Applied.APPLIED;
      }
      case Update.Configure ignored -> {
        return Verdict.Applied.APPLIED;
      }
      case Update.Conditional ignored -> throw new IllegalStateException("not here");
      case Update.FromInbox ignored -> throw new IllegalStateException("not here");
      case Update.Noop ignored -> {
        return Verdict.Applied.APPLIED;
      }
    }
  }

  private Verdict changePayload(
      PointSelection selection,
      long offset,
      BiConsumer<Map<String, JsonValue>, StoredPoint> change) {
    for (PointId id : selected(selection)) {
      StoredPoint old = points.get(id);
      if (old == null) {
        return unknown(id);
      }
      Payload payload = old.payload() == null ? Payload.EMPTY : old.payload();
      Map<String, JsonValue> members = new LinkedHashMap<>(payload.object().members());
      change.accept(members, old);
      points.put(
          id, new StoredPoint(id, offset, Payload.of(new JsonObject(members)), old.vectors()));
    }
    return Verdict.Applied.APPLIED;
  }

  private List<PointId> selected(PointSelection selection) {
    return switch (selection) {
      case PointSelection.Ids(var ids) -> ids;
      case PointSelection.Matching(Filter filter) ->
          points.values().stream()
              .filter(point -> matches(filter, point))
              .map(StoredPoint::id)
              .toList();
    };
  }

  private static boolean matches(Filter filter, StoredPoint point) {
    return filter.must().stream().allMatch(condition -> matches(condition, point))
        && filter.mustNot().stream().noneMatch(condition -> matches(condition, point));
  }

  private static boolean matches(Condition condition, StoredPoint point) {
    if (condition instanceof Condition.HasId(var ids)) {
      return ids.contains(point.id());
    }
    if (condition instanceof Condition.HasVector(String name)) {
      return vectorsOf(point).byName().containsKey(name);
    }
    if (condition instanceof Condition.Field(var key, var predicates)) {
      JsonValue value =
          point.payload() == null ? null : point.payload().object().members().get(key.head());
      return predicates.stream()
          .anyMatch(each ->
              each instanceof FieldPredicate.MatchAny(var values)
                  && values.stream().anyMatch(match -> isEqual(match, value)));
    }
    throw new IllegalArgumentException("the fake does not know " + condition);
  }

  private static boolean isEqual(
      FieldPredicate.MatchValue match, @org.jspecify.annotations.Nullable JsonValue value) {
    return switch (match) {
      case FieldPredicate.MatchValue.Keyword(String text) ->
          new JsonValue.JsonString(text).equals(value);
      case FieldPredicate.MatchValue.Whole(long whole) ->
          new JsonValue.JsonLong(whole).equals(value);
      case FieldPredicate.MatchValue.Flag(boolean flag) ->
          new JsonValue.JsonBoolean(flag).equals(value);
    };
  }

  private static Verdict unknown(PointId id) {
    return new Verdict.Rejected(
        ErrorCode.NOT_FOUND, "Not found: No point with id " + id + " found");
  }

  private static Vectors vectorsOf(StoredPoint point) {
    return point.vectors() == null ? Vectors.NONE : point.vectors();
  }

  List<StoredPoint> matching(@org.jspecify.annotations.Nullable Filter filter) {
    return points.values().stream()
        .filter(point -> filter == null || matches(filter, point))
        .toList();
  }

  @org.jspecify.annotations.Nullable
  StoredPoint get(PointId id) {
    return points.get(id);
  }

  static StoredPoint select(StoredPoint point, PayloadSelector payload, VectorSelector vectors) {
    Vectors selected =
        switch (vectors) {
          case VectorSelector.None ignored -> null;
          case VectorSelector.All ignored -> vectorsOf(point);
          case VectorSelector.Names(var names) -> {
            Map<String, Vector> kept = new LinkedHashMap<>(vectorsOf(point).byName());
            kept.keySet().retainAll(names);
            yield new Vectors(kept);
          }
        };
    return new StoredPoint(
        point.id(),
        point.version(),
        payload == PayloadSelector.None.NONE ? null : point.payload(),
        selected);
  }

  /** Dot product or Euclidean distance; what the fake's collections use. */
  static float score(Distance distance, float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += distance == Distance.EUCLID ? (a[i] - b[i]) * (a[i] - b[i]) : a[i] * b[i];
    }
    return distance == Distance.EUCLID ? (float) Math.sqrt(sum) : sum;
  }

  static List<float[]> denseOf(StoredPoint point, String name) {
    List<float[]> found = new ArrayList<>(1);
    if (vectorsOf(point).byName().get(name) instanceof Vector.Dense(float[] values)) {
      found.add(values);
    }
    return found;
  }
}
