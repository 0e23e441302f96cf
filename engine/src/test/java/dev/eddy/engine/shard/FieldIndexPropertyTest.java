package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.filter.CompiledFilter;
import dev.eddy.engine.filter.FieldRules;
import dev.eddy.engine.filter.FieldValues;
import dev.eddy.engine.filter.FilteredPoint;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.query.OrderValue;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Filters say the same with fields indexed, being indexed and not declared as their meaning says:
 * with random fields, payloads and filters, through changes, deletes and restarts, in memory and on
 * disk.
 */
final class FieldIndexPropertyTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 8), 3, 0);
  private static final UUID TOPIC = new UUID(5, 6);

  /** So few that about half of the runs of these small shards have them. */
  private static final long MAPPED_BYTES = 300;

  private static EngineResources resources;

  @TempDir Path folder;
  private final long seed = Long.getLong("eddy.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomPayloads payloads = new RandomPayloads(random);
  private final Map<String, FieldIndex> declared = new TreeMap<>();
  private final List<Update> log = new ArrayList<>();
  private long meta = 1;

  @BeforeAll
  static void openResources() {
    resources = new EngineResources(2, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  private record PointOf(PointId id, JsonObject payload, Vectors vectors) implements FilteredPoint {
    @Override
    public boolean hasVector(String name) {
      return vectors.byName().containsKey(name);
    }
  }

  private Shard open() throws IOException {
    ShardSettings usual = ShardSettings.DEFAULT;
    return Shard.open(
        SHARD,
        TOPIC,
        folder,
        resources,
        new ShardSettings(
            usual.verdictsKept(),
            usual.maxUnlinkedBytes(),
            usual.sealRows(),
            MAPPED_BYTES,
            usual.sealedColumnBytes(),
            usual.files()));
  }

  @RepeatedTest(4)
  void indexesSayWhatPayloadsSay() throws IOException {
    Shard shard = open();
    try {
      apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec(), meta));
      shard.publish();
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(40) == 0) {
          apply(shard, declaration());
        } else {
          apply(shard, update());
        }
        if (random.nextInt(60) == 0) {
          shard = restarted(shard);
        }
        if (random.nextInt(3) > 0) {
          var _ = shard.maintain();
        }
        if (random.nextInt(5) == 0) {
          check(shard, step);
          checkValues(shard, step);
        }
      }
      while (shard.maintain()) {
        Thread.onSpinWait();
      }
      shard.publish();
      for (int i = 0; i < 200; i++) {
        check(shard, 400 + i);
        checkValues(shard, 400 + i);
      }
    } finally {
      shard.close();
    }
  }

  /**
   * Checkpoints, at times when all that is declared is indexed, and goes on from there or from a
   * later update, as after a crash.
   */
  private Shard restarted(Shard shard) throws IOException {
    boolean isWhole = random.nextInt(3) > 0;
    while (isWhole && shard.maintain()) {
      Thread.onSpinWait();
    }
    try (ShardCheckpoint begun = shard.beginCheckpoint(random.nextBoolean())) {
      if (random.nextBoolean()) {
        for (int i = random.nextInt(20); i > 0; i--) {
          apply(shard, random.nextInt(20) == 0 ? declaration() : update());
        }
        var _ = shard.maintain();
      }
      var _ = begun.write();
    }
    shard.close();
    Shard again = open();
    boolean isDeclared = false;
    for (int at = (int) again.position(); at < log.size(); at++) {
      isDeclared |= log.get(at) instanceof Update.Configure;
      var _ = again.apply(at, log.get(at));
    }
    again.publish();
    while (isWhole && again.maintain()) {
      Thread.onSpinWait();
    }
    if (isWhole && !isDeclared) {
      assertThat(again.payloadsRead()).as("seed %d: all was stored", seed).isZero();
    }
    return again;
  }

  private Update declaration() {
    change();
    return new Update.Configure(spec(), ++meta);
  }

  private CollectionSpec spec() {
    VectorParams params = VectorParams.of(2, Distance.DOT);
    return CollectionSpec.of(Map.of("", params, RandomPayloads.OTHER_VECTOR, params))
        .withPayloadIndexes(declared);
  }

  private void change() {
    String field = RandomPayloads.FIELDS.get(random.nextInt(RandomPayloads.FIELDS.size()));
    FieldIndex former = declared.get(field);
    if (former != null && random.nextBoolean()) {
      declared.put(field, payloads.placed(former));
    } else if (random.nextInt(4) == 0) {
      declared.remove(field);
    } else {
      declared.put(field, payloads.index());
    }
  }

  private Update update() {
    PointId id = PointId.of(random.nextInt(130));
    Payload payload = payloads.payload();
    PointSelection one = new PointSelection.Ids(List.of(id));
    PointSelection some =
        random.nextInt(3) == 0 ? new PointSelection.Matching(payloads.filter(1)) : one;
    return switch (random.nextInt(12)) {
      case 0 -> new Update.Delete(one);
      case 1, 2 -> new Update.SetPayload(some, payload, null);
      case 3 -> new Update.OverwritePayload(one, payload);
      case 4 -> new Update.DeletePayload(one, List.of(KeyPath.parse("a")));
      case 5 -> new Update.ClearPayload(one);
      case 6 -> new Update.UpdateVectors(List.of(new PointVectors(id, Vectors.unnamed(2, 3))));
      default ->
          new Update.Upsert(
              List.of(
                  new Point(id, vectors(), payload),
                  new Point(
                      PointId.of(random.nextInt(130)), Vectors.unnamed(1, 2), payloads.payload())));
    };
  }

  private Vectors vectors() {
    Vector vector = new Vector.Dense(new float[] {1, random.nextInt()});
    return new Vectors(
        switch (random.nextInt(4)) {
          case 0 -> Map.of();
          case 1 -> Map.of("", vector, RandomPayloads.OTHER_VECTOR, vector);
          case 2 -> Map.of(RandomPayloads.OTHER_VECTOR, vector);
          default -> Map.of("", vector);
        });
  }

  private void apply(Shard shard, Update update) {
    log.add(update);
    var _ = shard.apply(log.size() - 1, update);
    if (random.nextInt(3) > 0) {
      shard.publish();
    }
  }

  private void check(Shard shard, int step) throws IOException {
    Filter filter = payloads.filter(2);
    CompiledFilter meaning;
    try (ShardLease lease = shard.lease()) {
      meaning = CompiledFilter.of(filter, FieldRules.of(lease.spec().orElseThrow()));
      List<PointId> expected =
          lease.scroll(null, 1_000, null, PayloadSelector.All.ALL, VectorSelector.All.ALL).stream()
              .filter(point -> meaning.matches(pointOf(point)))
              .map(StoredPoint::id)
              .toList();
      List<PointId> found =
          lease
              .scroll(null, 1_000, filter, PayloadSelector.None.NONE, VectorSelector.None.NONE)
              .stream()
              .map(StoredPoint::id)
              .toList();
      assertThat(found)
          .as("seed %d step %d declared %s filter %s", seed, step, lease.spec(), filter)
          .isEqualTo(expected);
      assertThat(lease.count(filter))
          .as("seed %d step %d count %s", seed, step, filter)
          .isEqualTo(expected.size());
    }
  }

  /** Orders and facets are those of the payloads. */
  private void checkValues(Shard shard, int step) throws IOException {
    try (ShardLease lease = shard.lease()) {
      List<StoredPoint> points =
          lease.scroll(null, 1_000, null, PayloadSelector.All.ALL, VectorSelector.None.NONE);
      for (var entry : lease.spec().orElseThrow().payloadIndexes().entrySet()) {
        KeyPath key = KeyPath.parse(entry.getKey());
        Type type = entry.getValue().type();
        String text = "seed %d step %d %s %s".formatted(seed, step, entry.getKey(), type);
        switch (type) {
          case INTEGER, FLOAT, DATETIME -> {
            Ordering ordering = ordering(key, type);
            assertThat(ordered(lease, ordering, type))
                .as(text + ordering)
                .isEqualTo(ordered(points, ordering, type));
          }
          case KEYWORD, UUID, BOOL -> {
            assertThat(facets(lease, key, type)).as(text).isEqualTo(facets(points, key, type));
            int limit = 1 + random.nextInt(4);
            assertThat(lease.facet(key, type, null, limit))
                .as(text + " limit " + limit)
                .containsExactlyInAnyOrderElementsOf(
                    lease.facet(key, type, null, 0).stream()
                        .sorted(FacetHit.MOST_FIRST)
                        .limit(limit)
                        .toList());
          }
          case TEXT, GEO -> {}
        }
      }
    }
  }

  private Ordering ordering(KeyPath key, Type type) {
    Ordering.Start start =
        switch (random.nextInt(4)) {
          case 0 -> new Ordering.Start.Whole(1);
          case 1 -> new Ordering.Start.Real(type == Type.FLOAT ? 1.5 : 1.0);
          default -> null;
        };
    return new Ordering(key, random.nextBoolean(), start);
  }

  private static List<String> ordered(ShardLease lease, Ordering ordering, Type type) {
    ShardQuery query =
        new ShardQuery(
            new Ranking.Ordered(ordering, type),
            "",
            null,
            SearchParams.DEFAULT,
            30,
            null,
            null,
            null);
    return lease
        .search(List.of(query), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .map(hit -> hit.id() + " " + value(requireNonNull(hit.order())))
        .toList();
  }

  private static List<String> ordered(List<StoredPoint> points, Ordering ordering, Type type)
      throws IOException {
    record Placed(PointId id, OrderValue value) {}
    List<Placed> all = new ArrayList<>();
    for (StoredPoint point : points) {
      for (OrderValue value : FieldValues.orders(json(point), ordering.key(), type)) {
        OrderValue start =
            switch (ordering.startFrom()) {
              case null -> value;
              case Ordering.Start.Whole(long whole) -> new OrderValue.Whole(whole);
              case Ordering.Start.Real(double real) -> new OrderValue.Real(real);
              case Ordering.Start.Moment(long micros) -> new OrderValue.Whole(micros);
            };
        int place = value.compareTo(start);
        if (ordering.isDescending() ? place <= 0 : place >= 0) {
          all.add(new Placed(point.id(), value));
        }
      }
    }
    Comparator<Placed> order = Comparator.comparing(Placed::value).thenComparing(Placed::id);
    return all.stream()
        .sorted(ordering.isDescending() ? order.reversed() : order)
        .limit(30)
        .map(placed -> placed.id() + " " + value(placed.value()))
        .toList();
  }

  /** A point that has zeros of both signs may show either first. */
  private static String value(OrderValue value) {
    return value instanceof OrderValue.Real(double real)
        ? String.valueOf(real + 0.0)
        : value.toString();
  }

  private static Map<String, Long> facets(ShardLease lease, KeyPath key, Type type) {
    Map<String, Long> counts = new TreeMap<>();
    lease.facet(key, type, null, 0).forEach(hit -> counts.put(hit.value().toString(), hit.count()));
    return counts;
  }

  private static Map<String, Long> facets(List<StoredPoint> points, KeyPath key, Type type) {
    Map<String, Long> counts = new TreeMap<>();
    for (StoredPoint point : points) {
      FieldValues.facets(json(point), key, type)
          .forEach(value -> counts.merge(value.toString(), 1L, Long::sum));
    }
    return counts;
  }

  private static PointOf pointOf(StoredPoint point) {
    Vectors vectors = point.vectors();
    return new PointOf(point.id(), json(point), vectors == null ? new Vectors(Map.of()) : vectors);
  }

  private static JsonObject json(StoredPoint point) {
    try {
      Payload payload = point.payload();
      return payload == null || payload.isEmpty()
          ? JsonObject.EMPTY
          : (JsonObject) JsonCodec.parse(payload.json());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
