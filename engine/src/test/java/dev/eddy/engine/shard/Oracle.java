package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a shard should hold, written as plainly as possible and sharing no code with it: a tree map
 * of points, changed one by one. Knows the conditions and paths that {@link RandomUpdates} makes.
 */
final class Oracle {
  private static final int CHUNK = 32;

  /** A point, mutable. */
  static final class Kept {
    long version;
    Map<String, Vector> vectors = new TreeMap<>();
    Map<String, JsonValue> payload = new LinkedHashMap<>();
  }

  final TreeMap<PointId, Kept> points = new TreeMap<>();
  final Map<Long, Verdict> verdicts = new TreeMap<>();
  final Map<String, Long> last = new HashMap<>();
  long repeats;
  long broken;
  private CollectionSpec spec = CollectionSpec.of(Map.of());
  private long metaNumber;

  /** As the log says so far. */
  CollectionSpec spec() {
    return spec;
  }

  void apply(long offset, Update update) {
    verdicts.put(offset, verdict(offset, update));
  }

  private Verdict verdict(long offset, Update update) {
    return switch (update) {
      case Update.Genesis genesis -> {
        spec = genesis.spec();
        metaNumber = genesis.metaNumber();
        yield Verdict.Applied.APPLIED;
      }
      case Update.Configure(CollectionSpec now, long number) -> {
        if (number > metaNumber) {
          metaNumber = number;
          configure(now);
        }
        yield Verdict.Applied.APPLIED;
      }
      case Update.Noop ignored -> Verdict.Applied.APPLIED;
      case Update.Upsert(List<Point> all) -> {
        for (Point point : all) {
          String wrong = wrong(point.vectors().byName());
          if (wrong != null) {
            yield rejected(ErrorCode.WRONG_INPUT, wrong);
          }
        }
        all.forEach(point -> put(point, offset));
        yield Verdict.Applied.APPLIED;
      }
      case Update.Conditional conditional -> conditional(conditional, offset);
      case Update.FromInbox(List<Update.InboxChange> changes) -> {
        Verdict first = Verdict.Applied.APPLIED;
        for (Update.InboxChange change : changes) {
          Verdict own = inbox(change, offset);
          first = first == Verdict.Applied.APPLIED ? own : first;
        }
        yield first;
      }
      case Update.Delete(PointSelection selection) -> {
        ids(selection).forEach(points::remove);
        yield Verdict.Applied.APPLIED;
      }
      case Update.UpdateVectors(List<PointVectors> all) -> updateVectors(all, offset);
      case Update.DeleteVectors(PointSelection selection, List<String> names) -> {
        for (String name : names) {
          if (!spec.vectors().containsKey(name) && !spec.sparseVectors().containsKey(name)) {
            yield rejected(
                ErrorCode.WRONG_INPUT, "Wrong input: Not existing vector name error: " + name);
          }
        }
        yield change(selection, offset, kept -> kept.vectors.keySet().removeAll(names));
      }
      case Update.SetPayload(PointSelection selection, Payload payload, KeyPath key) ->
          change(selection, offset, kept -> set(kept, payload, key));
      case Update.OverwritePayload(PointSelection selection, Payload payload) ->
          change(
              selection,
              offset,
              kept -> kept.payload = new LinkedHashMap<>(payload.object().members()));
      case Update.DeletePayload(PointSelection selection, List<KeyPath> keys) ->
          change(selection, offset, kept -> keys.forEach(key -> kept.payload.remove(key.head())));
      case Update.ClearPayload(PointSelection selection) ->
          change(selection, offset, kept -> kept.payload.clear());
    };
  }

  /** What is of another kind now has no vectors yet; points keep their versions. */
  private void configure(CollectionSpec now) {
    Set<String> lost = new TreeSet<>(spec.sparseVectors().keySet());
    lost.removeAll(now.sparseVectors().keySet());
    spec.vectors()
        .forEach((name, former) -> {
          VectorParams params = now.vectors().get(name);
          if (params == null
              || params.size() != former.size()
              || params.distance() != former.distance()
              || params.type() != former.type()
              || (params.multivector() == null) != (former.multivector() == null)) {
            lost.add(name);
          }
        });
    points.values().forEach(kept -> kept.vectors.keySet().removeAll(lost));
    spec = now;
  }

  private Verdict conditional(Update.Conditional conditional, long offset) {
    Filter filter = conditional.filter();
    Set<PointId> before = Set.copyOf(points.keySet());
    Set<PointId> matching = filter == null ? before : Set.copyOf(matching(filter));
    Predicate<PointId> isIn =
        id ->
            switch (conditional.mode()) {
              case UPSERT -> !before.contains(id) || matching.contains(id);
              case INSERT_ONLY -> !before.contains(id);
              case UPDATE_ONLY -> matching.contains(id);
            };
    if (conditional.update() instanceof Update.UpdateVectors(List<PointVectors> all)) {
      return updateVectors(all.stream().filter(each -> isIn.test(each.id())).toList(), offset);
    }
    List<Point> all = ((Update.Upsert) conditional.update()).points();
    for (Point point : all) {
      String wrong = wrong(point.vectors().byName());
      if (wrong != null) {
        return rejected(ErrorCode.WRONG_INPUT, wrong);
      }
    }
    all.stream().filter(each -> isIn.test(each.id())).forEach(each -> put(each, offset));
    return Verdict.Applied.APPLIED;
  }

  private Verdict inbox(Update.InboxChange change, long offset) {
    Origin origin = change.origin();
    String source = origin.topicId() + "/" + origin.partition();
    long known = last.getOrDefault(source, -1L);
    if (origin.before() > known) {
      broken++;
      return Verdict.Applied.APPLIED;
    }
    if (known >= origin.offset()) {
      repeats++;
      return Verdict.Applied.APPLIED;
    }
    last.put(source, origin.offset());
    Point point = change.point();
    if (point == null) {
      points.remove(change.id());
      return Verdict.Applied.APPLIED;
    }
    Map<String, Vector> fitting = new LinkedHashMap<>(point.vectors().byName());
    fitting.entrySet().removeIf(entry -> wrong(Map.ofEntries(entry)) != null);
    put(new Point(point.id(), new Vectors(fitting), point.payload()), offset);
    return Verdict.Applied.APPLIED;
  }

  private static Verdict rejected(ErrorCode code, String reason) {
    return new Verdict.Rejected(code, reason);
  }

  private @Nullable String wrong(Map<String, Vector> vectors) {
    for (Map.Entry<String, Vector> entry : vectors.entrySet()) {
      String wrong = wrong(entry.getKey(), entry.getValue());
      if (wrong != null) {
        return "Wrong input: " + wrong;
      }
    }
    return null;
  }

  private @Nullable String wrong(String name, Vector vector) {
    VectorParams params = spec.vectors().get(name);
    boolean isMulti = vector instanceof Vector.Multi;
    boolean isSparse = vector instanceof Vector.Sparse;
    if (params == null && !spec.sparseVectors().containsKey(name)) {
      return "Not existing vector name error: " + name;
    }
    if (isMulti && (params == null || params.multivector() == null)) {
      return "Wrong usage of multi vectors";
    }
    if (params == null) {
      return isSparse ? null : "Wrong usage of sparse vectors";
    }
    if (isSparse) {
      return "Wrong usage of sparse vectors: %s is dense, and documents become sparse vectors"
          .formatted(name.isEmpty() ? "the unnamed vector" : "\"" + name + "\"");
    }
    int got = OracleScores.rows(vector)[0].length;
    return params.size() == got
        ? null
        : "Vector dimension error: expected dim: " + params.size() + ", got " + got;
  }

  private void put(Point point, long offset) {
    Kept kept = new Kept();
    kept.version = offset;
    point
        .vectors()
        .byName()
        .forEach((name, vector) -> kept.vectors.put(name, stored(name, vector)));
    kept.payload.putAll(point.payload().object().members());
    points.put(point.id(), kept);
  }

  private Vector stored(String name, Vector vector) {
    return switch (vector) {
      case Vector.Sparse(int[] indices, float[] given) -> {
        Map<Integer, Float> sorted = new TreeMap<>(Integer::compareUnsigned);
        for (int i = 0; i < indices.length; i++) {
          sorted.put(indices[i], given[i]);
        }
        int[] ascending = sorted.keySet().stream().mapToInt(Integer::intValue).toArray();
        float[] values = new float[ascending.length];
        int at = 0;
        for (float value : sorted.values()) {
          values[at++] = value;
        }
        yield new Vector.Sparse(ascending, values);
      }
      case Vector.Multi multi -> rounded(name, multi);
      case Vector.Dense dense ->
          spec.vector(name).orElseThrow().multivector() == null
              ? new Vector.Dense(rounded(name, dense).rows()[0])
              : rounded(name, dense);
    };
  }

  private Vector.Multi rounded(String name, Vector vector) {
    VectorParams params = spec.vector(name).orElseThrow();
    return new Vector.Multi(
        Arrays.stream(OracleScores.rows(vector))
            .map(row -> OracleScores.kept(params, row))
            .toArray(float[][]::new));
  }

  private Verdict updateVectors(List<PointVectors> all, long offset) {
    Map<PointId, Map<String, Vector>> merged = new LinkedHashMap<>();
    for (PointVectors change : all) {
      String wrong = wrong(change.vectors().byName());
      if (wrong != null) {
        return rejected(ErrorCode.WRONG_INPUT, wrong);
      }
      merged
          .computeIfAbsent(change.id(), id -> new LinkedHashMap<>())
          .putAll(change.vectors().byName());
    }
    return change(
        List.copyOf(merged.keySet()),
        offset,
        (id, kept) ->
            merged
                .getOrDefault(id, Map.of())
                .forEach((name, vector) -> kept.vectors.put(name, stored(name, vector))));
  }

  private Verdict change(PointSelection selection, long offset, Consumer<Kept> change) {
    if (selection instanceof PointSelection.Ids(List<PointId> ids)) {
      return change(ids, offset, (id, kept) -> change.accept(kept));
    }
    for (PointId id : ids(selection)) {
      change.accept(kept(id));
      kept(id).version = offset;
    }
    return Verdict.Applied.APPLIED;
  }

  private Verdict change(List<PointId> ids, long offset, BiConsumer<PointId, Kept> change) {
    for (int from = 0; from < ids.size(); from += CHUNK) {
      PointId missing = null;
      for (PointId id : ids.subList(from, Math.min(ids.size(), from + CHUNK))) {
        Kept kept = points.get(id);
        if (kept == null) {
          missing = missing == null ? id : missing;
        } else {
          change.accept(id, kept);
          kept.version = offset;
        }
      }
      if (missing != null) {
        return rejected(ErrorCode.NOT_FOUND, "Not found: No point with id " + missing + " found");
      }
    }
    return Verdict.Applied.APPLIED;
  }

  Kept kept(PointId id) {
    return Objects.requireNonNull(points.get(id));
  }

  private static void set(Kept kept, Payload payload, @Nullable KeyPath key) {
    Map<String, JsonValue> change = payload.object().members();
    if (key == null) {
      if (kept.payload.isEmpty()) {
        kept.payload.putAll(change);
      } else {
        merge(kept.payload, change);
      }
      return;
    }
    Map<String, JsonValue> inner = new LinkedHashMap<>();
    if (kept.payload.get(key.head()) instanceof JsonObject object) {
      inner.putAll(object.members());
    }
    merge(inner, change);
    kept.payload.put(key.head(), new JsonObject(inner));
  }

  private static void merge(Map<String, JsonValue> into, Map<String, JsonValue> change) {
    change.forEach((name, value) -> {
      if (value == JsonNull.NULL) {
        into.remove(name);
      } else {
        into.put(name, value);
      }
    });
  }

  List<PointId> ids(PointSelection selection) {
    return switch (selection) {
      case PointSelection.Ids(List<PointId> ids) -> ids;
      case PointSelection.Matching(Filter filter) -> matching(filter);
    };
  }

  List<PointId> matching(Filter filter) {
    List<PointId> found = new ArrayList<>();
    points.forEach((id, kept) -> {
      if (matches(filter, id, kept)) {
        found.add(id);
      }
    });
    return found;
  }

  private boolean matches(Filter filter, PointId id, Kept kept) {
    return filter.must().stream().allMatch(condition -> holds(condition, id, kept))
        && filter.mustNot().stream().noneMatch(condition -> holds(condition, id, kept))
        && (filter.should() == null
            || filter.should().stream().anyMatch(condition -> holds(condition, id, kept)));
  }

  private boolean holds(Condition condition, PointId id, Kept kept) {
    return switch (condition) {
      case Condition.HasId has -> has.ids().contains(id);
      case Condition.HasVector has -> kept.vectors.containsKey(has.name());
      case Condition.IsEmpty empty -> isEmpty(kept.payload.get(empty.key().head()));
      case Condition.Field field -> {
        JsonValue value = kept.payload.get(field.key().head());
        List<JsonValue> values =
            value == null
                ? List.of()
                : value instanceof JsonArray array ? array.elements() : List.of(value);
        yield values.stream().anyMatch(each -> holds(field.predicates().getFirst(), each));
      }
      default -> throw new IllegalArgumentException(condition.toString());
    };
  }

  private static boolean isEmpty(@Nullable JsonValue value) {
    return value == null
        || value == JsonNull.NULL
        || (value instanceof JsonArray array && array.elements().isEmpty());
  }

  private static double bound(@Nullable Double given) {
    return Objects.requireNonNull(given);
  }

  private static boolean holds(FieldPredicate predicate, JsonValue value) {
    return switch (predicate) {
      case FieldPredicate.Match(MatchValue.Whole(long wanted)) ->
          value instanceof JsonLong(long number) && number == wanted;
      case FieldPredicate.Match(MatchValue.Keyword(String wanted)) ->
          value instanceof JsonString(String text) && text.equals(wanted);
      case FieldPredicate.Range range ->
          value instanceof JsonLong(long number)
              && number >= bound(range.gte())
              && number < bound(range.lt());
      default -> throw new IllegalArgumentException(predicate.toString());
    };
  }
}
