package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonDouble;
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
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** Seeded updates of every kind, over few ids so that they meet. */
final class RandomUpdates {
  static final ShardId SHARD = new ShardId(new UUID(7, 7), 3, 0);
  static final CollectionSpec SPEC =
      CollectionSpec.of(
              Map.of(
                  Vectors.UNNAMED,
                  VectorParams.of(4, Distance.EUCLID),
                  "text",
                  VectorParams.of(3, Distance.COSINE),
                  "rows",
                  VectorParams.multi(2, Distance.COSINE),
                  "half",
                  typed(2, Distance.DOT, "float16"),
                  "whole",
                  typed(3, Distance.COSINE, "uint8")))
          .withSparseVectors(Map.of("terms", SparseVectorParams.DEFAULT))
          .withPayloadIndexes(
              Map.of(
                  "k0", onDisk(FieldIndex.Type.KEYWORD),
                  "k1", FieldIndex.of(FieldIndex.Type.INTEGER)));

  private static FieldIndex onDisk(FieldIndex.Type type) {
    return new FieldIndex(type, false, true, null, null, null, null, null, null, null, null);
  }

  private static VectorParams typed(int size, Distance distance, String datatype) {
    return new VectorParams(size, distance, null, null, null, datatype);
  }

  private static final long META_NUMBER = 10;

  private final Random random;
  private final int ids;

  /** Next offset of each inbox partition, and what was sent before it. */
  private final Map<Integer, Long> sent = new TreeMap<>();

  private long metaNumber = META_NUMBER;

  RandomUpdates(Random random, int ids) {
    this.random = random;
    this.ids = ids;
  }

  static Update.Genesis genesis() {
    return new Update.Genesis(
        SHARD.collectionId(), "things", SHARD.generation(), SHARD.shard(), SPEC, META_NUMBER);
  }

  Update next() {
    return switch (random.nextInt(16)) {
      case 14, 15 -> conditional();
      case 0, 1, 2, 3 -> new Update.Upsert(points(1 + random.nextInt(6)));
      case 4 -> new Update.Delete(selection(5));
      case 5, 6 -> inbox();
      case 7 -> new Update.UpdateVectors(pointVectors());
      case 8 -> new Update.DeleteVectors(selection(3), List.of(name()));
      case 9, 10 ->
          new Update.SetPayload(
              selection(3), payload(), random.nextInt(3) == 0 ? KeyPath.parse("o") : null);
      case 11 -> new Update.OverwritePayload(selection(3), payload());
      case 12 -> new Update.DeletePayload(selection(3), List.of(KeyPath.parse(key())));
      default ->
          switch (random.nextInt(4)) {
            case 0 -> new Update.ClearPayload(selection(3));
            case 1 -> declaration();
            default -> new Update.Noop();
          };
    };
  }

  /** Declares and drops fields; filters say the same of these with and without. */
  private Update declaration() {
    Map<String, FieldIndex> declared = new TreeMap<>(SPEC.payloadIndexes());
    declared.keySet().removeIf(field -> random.nextInt(3) == 0);
    return new Update.Configure(SPEC.withPayloadIndexes(declared), ++metaNumber);
  }

  private Update conditional() {
    Filter filter =
        selection(3) instanceof PointSelection.Matching(Filter matching) ? matching : null;
    return random.nextInt(3) == 0
        ? new Update.Conditional(
            new Update.UpdateVectors(pointVectors()), UpdateMode.UPSERT, filter)
        : new Update.Conditional(
            new Update.Upsert(points(1 + random.nextInt(6))),
            UpdateMode.values()[random.nextInt(3)],
            filter);
  }

  PointId id() {
    int number = random.nextInt(ids);
    return number % 4 == 0 ? PointId.of(new UUID(number * 31L, -number)) : PointId.of(number);
  }

  private String name() {
    return List.of("", "text", "rows", "terms", "half", "whole").get(random.nextInt(6));
  }

  private List<Point> points(int count) {
    return IntStream.range(0, count).mapToObj(i -> point()).toList();
  }

  private Point point() {
    return new Point(id(), vectors(), payload());
  }

  private Vectors vectors() {
    Map<String, Vector> byName = new TreeMap<>();
    if (random.nextInt(4) > 0) {
      // Now and then of a wrong dimension.
      byName.put("", dense(random.nextInt(40) == 0 ? 5 : 4));
    }
    if (random.nextBoolean()) {
      byName.put(random.nextInt(40) == 0 ? "nobody" : "text", dense(3));
    }
    if (random.nextBoolean()) {
      // Now and then of a wrong form.
      byName.put("terms", random.nextInt(40) == 0 ? dense(3) : sparse());
    }
    if (random.nextInt(3) == 0) {
      byName.put("rows", random.nextInt(40) == 0 ? sparse() : rows());
    }
    if (random.nextInt(3) == 0) {
      byName.put("half", new Vector.Dense(fractions(2)));
      byName.put("whole", new Vector.Dense(fractions(3)));
    }
    return new Vectors(byName);
  }

  /** Numbers that no smaller datatype holds. */
  float[] fractions(int dimension) {
    float[] values = floats(dimension);
    for (int i = 0; i < dimension; i++) {
      values[i] = values[i] * 140.3f + random.nextFloat();
    }
    return values;
  }

  private Vector dense(int dimension) {
    return new Vector.Dense(floats(dimension));
  }

  /** Different indices in any order, at times none. */
  Vector.Sparse sparse() {
    int[] indices = random.ints(0, 7).distinct().limit(random.nextInt(5)).toArray();
    for (int i = 0; i < indices.length; i++) {
      indices[i] *= 0x3000_0000; // Above 2^31, too.
    }
    return new Vector.Sparse(indices, floats(indices.length));
  }

  /** At times the one row by itself. */
  Vector rows() {
    if (random.nextInt(5) == 0) {
      return dense(2);
    }
    float[][] rows = new float[1 + random.nextInt(5)][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = floats(2);
    }
    return new Vector.Multi(rows);
  }

  float[] floats(int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = random.nextInt(5) - 2;
    }
    return values;
  }

  private List<PointVectors> pointVectors() {
    List<PointVectors> all = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      all.add(new PointVectors(id(), vectors()));
    }
    return all;
  }

  private Update inbox() {
    List<Update.InboxChange> changes = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      int partition = random.nextInt(2);
      long before = sent.getOrDefault(partition, -1L);
      long offset = before + 1 + random.nextInt(3);
      switch (random.nextInt(8)) {
        case 0 -> before += 2; // A hole.
        case 1 -> offset = Math.max(0, offset - 3); // A repeat.
        case 2 -> before = -1; // A new start.
        default -> sent.put(partition, offset);
      }
      Origin origin = new Origin(new UUID(1, partition), partition, offset, before);
      if (random.nextInt(4) == 0) {
        changes.add(new Update.InboxChange(origin, id(), null));
      } else {
        Point point = point();
        changes.add(new Update.InboxChange(origin, point.id(), point));
      }
    }
    return new Update.FromInbox(changes);
  }

  private PointSelection selection(int most) {
    if (random.nextInt(3) == 0) {
      return new PointSelection.Matching(filter());
    }
    return new PointSelection.Ids(
        IntStream.rangeClosed(0, random.nextInt(most)).mapToObj(i -> id()).toList());
  }

  Filter filter() {
    Condition first = condition();
    return switch (random.nextInt(3)) {
      case 0 -> Filter.must(first, condition());
      case 1 -> new Filter(List.of(first), null, List.of(condition()), null);
      default -> new Filter(List.of(), List.of(first, condition()), List.of(), null);
    };
  }

  private Condition condition() {
    return switch (random.nextInt(5)) {
      case 0 -> new Condition.HasId(Set.of(id()));
      case 1 -> new Condition.HasVector("text");
      case 2 -> new Condition.IsEmpty(KeyPath.parse(key()));
      case 3 -> field(new FieldPredicate.Match(new MatchValue.Keyword("w" + random.nextInt(3))));
      default -> {
        double from = random.nextInt(6);
        yield field(new FieldPredicate.Range(null, from, from + 2, null));
      }
    };
  }

  private Condition field(FieldPredicate predicate) {
    return new Condition.Field(KeyPath.parse(key()), List.of(predicate));
  }

  private String key() {
    return "k" + random.nextInt(3);
  }

  private Payload payload() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      members.put(key(), value());
    }
    return Payload.of(new JsonObject(members));
  }

  private JsonValue value() {
    return switch (random.nextInt(6)) {
      case 0 -> JsonNull.NULL;
      case 1 -> new JsonString("w" + random.nextInt(3));
      case 2 -> new JsonArray(List.of(new JsonLong(random.nextInt(8)), new JsonString("w1")));
      case 3 -> new JsonArray(List.of());
      case 4 -> new JsonObject(Map.of("x", new JsonDouble(1.5)));
      default -> new JsonLong(random.nextInt(8));
    };
  }
}
