package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filtered scrolls of shards of some pages of slots, whose points were written in any order. */
final class ScrollShardTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 9), 3, 0);
  private static final long SEED = 17;
  private static final int POINTS = 14_000;
  private static final int NUMBERS = 1_000;

  /** Which points are written. */
  enum Ids {
    ASCENDING,
    ANY_NUMBERS,
    UUIDS,
    NUMBERS_THEN_UUIDS,
    MIXED
  }

  private final Random random = new Random(SEED);

  /** The number that each point has. */
  private final TreeMap<PointId, Integer> points = new TreeMap<>();

  @TempDir Path folder;

  private PointId id(Ids ids, int number) {
    return switch (ids) {
      case ASCENDING -> PointId.of(number);
      case ANY_NUMBERS -> PointId.of(random.nextLong()); // Large ones are above all others.
      case UUIDS -> PointId.of(new UUID(random.nextLong(), random.nextLong()));
      case NUMBERS_THEN_UUIDS -> id(number < POINTS / 2 ? Ids.ASCENDING : Ids.UUIDS, number);
      case MIXED -> id(random.nextBoolean() ? Ids.ASCENDING : Ids.UUIDS, number);
    };
  }

  private Point point(PointId id) {
    int number = random.nextInt(NUMBERS);
    points.put(id, number);
    byte[] json = "{\"number\":%d}".formatted(number).getBytes(StandardCharsets.UTF_8);
    return new Point(id, new Vectors(Map.of()), new Payload(json));
  }

  private PointId any() {
    PointId id = points.ceilingKey(PointId.of(new UUID(random.nextLong(), 0)));
    return random.nextBoolean() && id != null
        ? id
        : points.keySet().stream().skip(random.nextInt(points.size())).findFirst().orElseThrow();
  }

  private void fill(Shard shard, Ids ids) {
    CollectionSpec spec =
        CollectionSpec.of(Map.of())
            .withPayloadIndexes(Map.of("number", FieldIndex.of(FieldIndex.Type.INTEGER)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    List<Point> written = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      written.add(point(id(ids, i)));
    }
    shard.apply(1, new Update.Upsert(written));
    maintain(shard);
  }

  /** Leaves dead slots in all pages, and small ids in the last. */
  private void change(Shard shard) {
    List<Point> again = new ArrayList<>();
    List<PointId> deleted = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      again.add(point(any()));
      deleted.add(any());
    }
    shard.apply(2, new Update.Upsert(again));
    shard.apply(3, new Update.Delete(new PointSelection.Ids(deleted)));
    deleted.forEach(points::remove);
    maintain(shard);
  }

  private static void maintain(Shard shard) {
    while (shard.maintain()) {
      Thread.onSpinWait();
    }
    shard.publish();
  }

  @ParameterizedTest
  @EnumSource(Ids.class)
  void theFirstMatchesInTheOrderOfIds(Ids ids) throws IOException {
    try (EngineResources resources = new EngineResources(2, 32 << 20, 16 << 20);
        Shard shard = Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT)) {
      fill(shard, ids);
      check(shard, ids);
      change(shard);
      check(shard, ids);
    }
  }

  private void check(Shard shard, Ids ids) {
    try (ShardLease lease = shard.lease()) {
      for (int below : new int[] {0, 1, 10, 100, 600, NUMBERS}) {
        for (int limit : new int[] {1, 10, 500, 2 * POINTS}) {
          check(lease, null, limit, below, ids);
          check(lease, any(), limit, below, ids);
          check(lease, id(ids, random.nextInt(POINTS)), limit, below, ids);
        }
      }
    }
  }

  private void check(ShardLease lease, @Nullable PointId from, int limit, int below, Ids ids) {
    Filter filter =
        Filter.must(
            new Condition.Field(
                KeyPath.parse("number"),
                List.of(new FieldPredicate.Range(null, null, (double) below, null))));
    List<PointId> expected =
        (from == null ? points : points.tailMap(from, true))
            .entrySet().stream()
                .filter(entry -> entry.getValue() < below)
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    List<PointId> found =
        lease
            .scroll(from, limit, filter, PayloadSelector.None.NONE, VectorSelector.None.NONE)
            .stream()
            .map(StoredPoint::id)
            .toList();
    assertThat(found)
        .as("seed %d %s from %s limit %d below %d", SEED, ids, from, limit, below)
        .isEqualTo(expected);
  }
}
