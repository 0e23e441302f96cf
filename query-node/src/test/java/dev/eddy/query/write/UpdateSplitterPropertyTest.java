package dev.eddy.query.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.ShardRouter;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.query.world.World;
import dev.eddy.query.write.UpdateSplitter.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateSplitterPropertyTest {
  private static final WriteLimits SMALL = new WriteLimits(500, 2_000);

  @Test
  void everyPointGoesToItsShardOnceAndInOrder() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int shards = 1 + random.nextInt(5);
      List<Point> points = new ArrayList<>();
      int count = 1 + random.nextInt(60);
      for (int i = 0; i < count; i++) {
        // Ids repeat, so that their order matters.
        points.add(
            new Point(
                PointId.of(random.nextInt(20)),
                Vectors.unnamed(new float[random.nextInt(40)]),
                Payload.EMPTY));
      }
      List<Part> parts = new UpdateSplitter(SMALL).split(new Update.Upsert(points), shards);
      for (int shard = 0; shard < shards; shard++) {
        int number = shard;
        List<Point> expected =
            points.stream().filter(p -> ShardRouter.shardOf(p.id(), shards) == number).toList();
        List<Point> got =
            parts.stream()
                .filter(part -> part.shard() == number)
                .flatMap(part -> ((Update.Upsert) part.update()).points().stream())
                .toList();
        assertThat(got).as("seed %d shard %d", seed, shard).isEqualTo(expected);
      }
      for (Part part : parts) {
        // A few bytes of frame, and one point that alone is above the target.
        boolean isSingle = ((Update.Upsert) part.update()).points().size() == 1;
        assertThat(isSingle || LogRecordCodec.encodedSize(part.update()) <= 520)
            .as("seed %d", seed)
            .isTrue();
      }
    }
  }

  @Test
  void idsGoToTheirShardsInOrder() {
    List<PointId> ids = new ArrayList<>();
    for (long i = 0; i < 25_000; i++) {
      ids.add(PointId.of(i));
    }
    List<Part> parts =
        new UpdateSplitter(WriteLimits.DEFAULT)
            .split(new Update.Delete(new PointSelection.Ids(ids)), 2);
    for (int shard = 0; shard < 2; shard++) {
      int number = shard;
      assertThat(
              parts.stream()
                  .filter(part -> part.shard() == number)
                  .flatMap(part ->
                      ((PointSelection.Ids) ((Update.Delete) part.update()).selection())
                          .ids().stream()))
          .containsExactlyElementsOf(
              ids.stream().filter(id -> ShardRouter.shardOf(id, 2) == number).toList());
    }
    assertThat(parts.size()).isBetween(3, 5);
  }

  @Test
  void aConditionalUpsertHasEachPointOnceAndItsConditionInEveryRecord() {
    Filter filter = Filter.must(new Condition.HasVector(""));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      points.add(new Point(PointId.of(i % 40), Vectors.unnamed(new float[100 + i]), Payload.EMPTY));
    }
    List<Part> parts =
        new UpdateSplitter(SMALL)
            .split(
                new Update.Conditional(new Update.Upsert(points), UpdateMode.INSERT_ONLY, filter),
                2);
    List<Point> kept = new ArrayList<>();
    for (Part part : parts) {
      Update.Conditional guarded = (Update.Conditional) part.update();
      assertThat(guarded.mode()).isEqualTo(UpdateMode.INSERT_ONLY);
      assertThat(guarded.filter()).isEqualTo(filter);
      kept.addAll(((Update.Upsert) guarded.update()).points());
    }
    assertThat(parts.size()).isGreaterThan(4);
    // The last of each id.
    assertThat(kept).containsExactlyInAnyOrderElementsOf(points.subList(20, 60));
  }

  @Test
  void whatSelectsByFilterGoesEverywhere() {
    Update update =
        new Update.Delete(
            new PointSelection.Matching(Filter.must(new Condition.HasId(Set.of(PointId.of(1))))));
    assertThat(new UpdateSplitter(SMALL).split(update, 3))
        .containsExactly(new Part(0, update), new Part(1, update), new Part(2, update));
  }

  @Test
  void aPointAboveTheLimitIsNamedWithItsSizeAndTheLimit() {
    Point small = new Point(PointId.of(1), Vectors.unnamed(new float[4]), Payload.EMPTY);
    Point large = new Point(PointId.of(2), Vectors.unnamed(new float[600]), Payload.EMPTY);
    EddyException failure =
        World.failureOf(
            () -> new UpdateSplitter(SMALL).split(new Update.Upsert(List.of(small, large)), 2));
    assertThat(failure.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(failure)
        .hasMessageMatching(
            "Payload too large: points\\[1\\]: point of 24\\d\\d encoded bytes is above the limit"
                + " of 2000 bytes");
  }
}
