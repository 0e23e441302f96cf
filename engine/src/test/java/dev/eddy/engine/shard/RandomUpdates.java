package dev.eddy.engine.shard;

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

  private static final int MANY = 1_000;

  private final Random random;
  private final RandomSchema schema;
  private final int ids;

  /** Next offset of each inbox partition, and what was sent before it. */
  private final Map<Integer, Long> sent = new TreeMap<>();

  private final Update.Genesis genesis;

  /** Of a collection of short vectors. */
  RandomUpdates(Random random, int ids) {
    this(random, new RandomSchema(random, 2, 3, 4, 5), ids);
  }

  RandomUpdates(Random random, RandomSchema schema, int ids) {
    this.random = random;
    this.schema = schema;
    this.ids = ids;
    this.genesis =
        new Update.Genesis(
            SHARD.collectionId(),
            "things",
            SHARD.generation(),
            SHARD.shard(),
            schema.spec(),
            schema.metaNumber());
  }

  /** The first update. */
  Update genesis() {
    return genesis;
  }

  RandomSchema schema() {
    return schema;
  }

  Update next() {
    return switch (random.nextInt(16)) {
      case 14, 15 -> conditional();
      case 0, 1, 2, 3 -> new Update.Upsert(points(1 + random.nextInt(6)));
      case 4 -> new Update.Delete(lost(5));
      case 5, 6 -> inbox();
      case 7 -> new Update.UpdateVectors(pointVectors());
      case 8 -> new Update.DeleteVectors(lost(3), List.of(schema.name()));
      case 9, 10 ->
          new Update.SetPayload(
              selection(3), payload(), random.nextInt(3) == 0 ? KeyPath.parse("o") : null);
      case 11 -> new Update.OverwritePayload(selection(3), payload());
      case 12 -> new Update.DeletePayload(selection(3), List.of(KeyPath.parse(key())));
      default ->
          switch (random.nextInt(4)) {
            case 0 -> new Update.ClearPayload(selection(3));
            case 1 -> schema.change();
            default -> new Update.Noop();
          };
    };
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
    return id(random.nextInt(ids));
  }

  private static PointId id(int number) {
    return number % 4 == 0 ? PointId.of(new UUID(number * 31L, -number)) : PointId.of(number);
  }

  /** Many points at once, from one id on, none of which is refused. */
  Update grow(int from, int count) {
    return new Update.Upsert(
        IntStream.range(from, from + count)
            .mapToObj(number -> new Point(id(number % ids), fitting(), payload()))
            .toList());
  }

  private List<Point> points(int count) {
    return IntStream.range(0, count).mapToObj(i -> point()).toList();
  }

  private Point point() {
    return new Point(id(), vectors(), payload());
  }

  /** Now and then of a wrong form or dimension, or of a name that is not there. */
  private Vectors vectors() {
    Map<String, Vector> byName = new TreeMap<>(fitting().byName());
    byName.replaceAll((name, vector) -> random.nextInt(80) == 0 ? schema.misfit(name) : vector);
    if (random.nextInt(60) == 0) {
      byName.put("nobody", new Vector.Dense(new float[] {1}));
    }
    return new Vectors(byName);
  }

  private Vectors fitting() {
    Map<String, Vector> byName = new TreeMap<>();
    for (String name : schema.spec().vectorNames()) {
      if (random.nextBoolean()) {
        byName.put(name, schema.vector(name));
      }
    }
    return new Vectors(byName);
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

  /** What deletes take: of few points any part, of many a small one, so that there stay many. */
  private PointSelection lost(int most) {
    if (ids < MANY) {
      return selection(most);
    }
    List<PointId> some = IntStream.range(0, ids / 20).mapToObj(i -> id()).distinct().toList();
    return random.nextBoolean()
        ? new PointSelection.Ids(some)
        : new PointSelection.Matching(
            Filter.must(new Condition.HasId(Set.copyOf(some)), condition()));
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
      case 1 -> new Condition.HasVector(schema.name());
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
    return RandomSchema.KEYS.get(random.nextInt(RandomSchema.KEYS.size()));
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
