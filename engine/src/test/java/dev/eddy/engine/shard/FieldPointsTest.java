package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The points of each declared field are those that a look at all payloads finds. */
final class FieldPointsTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 7), 3, 0);
  private static final UUID TOPIC = new UUID(5, 5);
  private static final List<String> PAYLOADS =
      List.of(
          "{}",
          "{\"a\":1}",
          "{\"a\":\"x\",\"b\":1}",
          "{\"a\":[1,\"y\"],\"b\":null}",
          "{\"b\":2}",
          "{\"a\":1.5}");
  private static EngineResources resources;

  @TempDir Path folder;
  private long offset;

  @BeforeAll
  static void openResources() {
    resources = new EngineResources(2, 32 << 20, 16 << 20);
  }

  @AfterAll
  static void closeResources() {
    resources.close();
  }

  private Shard open() throws IOException {
    return Shard.open(SHARD, TOPIC, folder, resources, ShardSettings.DEFAULT);
  }

  @Test
  void countsFollowEveryKindOfUpdateAndARestart() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, FieldIndex> declared = new TreeMap<>();
    long meta = 1;
    Shard shard = open();
    try {
      apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec(declared), meta));
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(20) == 0) {
          change(random, declared);
          apply(shard, new Update.Configure(spec(declared), ++meta));
        } else {
          apply(shard, update(random));
        }
        if (random.nextInt(40) == 0) {
          var _ = shard.checkpoint();
          shard.close();
          shard = open();
        }
        assertThat(shard.stats().fieldPoints())
            .as("seed %d step %d", seed, step)
            .isEqualTo(counted(shard, declared));
      }
    } finally {
      shard.close();
    }
  }

  /** Of many points, counts are known when the index is read, and exact then. */
  @Test
  void ofManyPointsTheyAreCountedInTheBackground() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, FieldIndex> declared = Map.of("a", FieldIndex.of(Type.INTEGER));
    try (Shard shard = open()) {
      apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec(Map.of()), 1));
      for (int id = 0; id <= ShardState.COUNTED_AT_ONCE_MAX; id += 100) {
        apply(shard, new Update.Upsert(points(random, id, 100)));
      }
      apply(shard, new Update.Configure(spec(declared), 2));
      assertThat(shard.stats().fieldPoints()).isEmpty();
      assertThat(shard.stats().isOptimizing()).as("it is being read").isTrue();
      applySome(shard, random);
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      assertThat(shard.stats().fieldPoints()).isEmpty();
      applySome(shard, random);
      boolean isBusy = true;
      while (isBusy) {
        isBusy = shard.maintain();
        applySome(shard, random);
      }
      assertThat(shard.stats().fieldPoints())
          .as("seed %d", seed)
          .isEqualTo(counted(shard, declared));
      assertThat(shard.stats().isOptimizing()).isFalse();
      var _ = shard.checkpoint();
    }
    try (Shard shard = open()) {
      applySome(shard, random);
      assertThat(shard.stats().fieldPoints())
          .as("seed %d", seed)
          .isEqualTo(counted(shard, declared));
      assertThat(shard.payloadsRead()).isZero();
    }
  }

  private static List<Point> points(Random random, int fromId, int count) {
    return IntStream.range(fromId, fromId + count)
        .mapToObj(id ->
            new Point(
                PointId.of(id),
                Vectors.NONE,
                new Payload(text(random).getBytes(StandardCharsets.UTF_8))))
        .toList();
  }

  private void applySome(Shard shard, Random random) {
    for (int i = 0; i < 20; i++) {
      apply(shard, update(random));
    }
    apply(
        shard,
        new Update.Upsert(points(random, random.nextInt(ShardState.COUNTED_AT_ONCE_MAX), 3)));
  }

  private static CollectionSpec spec(Map<String, FieldIndex> declared) {
    return CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)))
        .withPayloadIndexes(declared);
  }

  private static void change(Random random, Map<String, FieldIndex> declared) {
    String field = random.nextBoolean() ? "a" : "b";
    switch (random.nextInt(3)) {
      case 0 -> declared.remove(field);
      case 1 -> declared.put(field, FieldIndex.of(Type.INTEGER));
      default -> declared.put(field, FieldIndex.of(Type.KEYWORD));
    }
  }

  private static Update update(Random random) {
    PointId id = PointId.of(random.nextInt(12));
    Payload payload = new Payload(text(random).getBytes(StandardCharsets.UTF_8));
    PointSelection one = new PointSelection.Ids(List.of(id));
    PointSelection some =
        new PointSelection.Matching(
            Filter.must(new Condition.IsNull(KeyPath.parse(random.nextBoolean() ? "a" : "b"))));
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          new Update.Upsert(List.of(new Point(id, Vectors.unnamed(1, random.nextInt()), payload)));
      case 3 -> new Update.Delete(random.nextBoolean() ? one : some);
      case 4 -> new Update.SetPayload(one, payload, null);
      case 5 -> new Update.OverwritePayload(random.nextBoolean() ? one : some, payload);
      case 6 -> new Update.DeletePayload(one, List.of(KeyPath.parse("a")));
      case 7 -> new Update.ClearPayload(one);
      default -> new Update.UpdateVectors(List.of(new PointVectors(id, Vectors.unnamed(2, 3))));
    };
  }

  private static String text(Random random) {
    return PAYLOADS.get(random.nextInt(PAYLOADS.size()));
  }

  private void apply(Shard shard, Update update) {
    var _ = shard.apply(offset++, update);
    shard.publish();
  }

  /** By the texts of the payloads, which are all known. */
  private static Map<String, Long> counted(Shard shard, Map<String, FieldIndex> declared) {
    Map<String, Long> counts = new TreeMap<>();
    declared.keySet().forEach(field -> counts.put(field, 0L));
    try (ShardLease lease = shard.lease()) {
      for (StoredPoint point :
          lease.scroll(null, 20_000, null, PayloadSelector.All.ALL, VectorSelector.None.NONE)) {
        Payload payload = point.payload();
        String text = payload == null ? "{}" : new String(payload.json(), StandardCharsets.UTF_8);
        declared.forEach((field, index) -> {
          if (holds(text, field, index.type())) {
            counts.merge(field, 1L, Long::sum);
          }
        });
      }
    }
    return counts;
  }

  private static boolean holds(String payload, String field, Type type) {
    String integer = field.equals("a") ? "\"a\":(\\[?1[,}\\]])" : "\"b\":[12]";
    String keyword = field.equals("a") ? "\"[xy]\"" : "\"b\":\"";
    return java.util.regex.Pattern.compile(type == Type.INTEGER ? integer : keyword)
        .matcher(payload)
        .find();
  }
}
