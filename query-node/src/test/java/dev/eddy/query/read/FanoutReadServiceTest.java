package dev.eddy.query.read;

import static dev.eddy.query.world.World.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.Placement.ReplicaState;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ReadToken;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.update.Update;
import dev.eddy.query.world.FakeNode;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanoutReadServiceTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
  private static final ReadOptions SHORT = new ReadOptions(false, null, Duration.ofMillis(60));

  private final World world = new World(2);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void hitsOfAllShardsAreMergedAndFetched() {
    world.create("c", SPEC.distributed(4, 1));
    write(0, 30);
    Answer<List<List<ScoredPoint>>> answer =
        world.reads.query(
            "c", List.of(nearest(5, 2, PayloadSelector.All.ALL)), ReadOptions.DEFAULT);
    List<ScoredPoint> hits = answer.value().getFirst();
    assertThat(hits)
        .extracting(hit -> hit.id().toString())
        .containsExactly("27", "26", "25", "24", "23");
    assertThat(hits).extracting(ScoredPoint::score).containsExactly(27f, 26f, 25f, 24f, 23f);
    assertThat(hits.getFirst().payload()).isEqualTo(payload(27));
    assertThat(hits.getFirst().vectors()).isNull();
    assertThat(answer.coverage().shardsAsked()).isEqualTo(4);
    assertThat(answer.coverage().shardsAnswered()).isEqualTo(4);
    assertThat(world.nodes).allMatch(node -> node.openLeases() == 0);
    assertThat(world.nodes).anyMatch(node -> node.fetches.get() > 0);
  }

  @Test
  void aSingleShardIsOneTrip() {
    world.create("c", SPEC);
    write(0, 5);
    int before = calls();
    world.reads.query("c", List.of(nearest(2, 0, PayloadSelector.All.ALL)), ReadOptions.DEFAULT);
    assertThat(calls() - before).isOne();
  }

  @Test
  void aLostLeaseRunsTheSearchAgain() {
    world.create("c", SPEC.distributed(3, 1));
    write(0, 20);
    world.nodes.getFirst().leasesToLose.set(1);
    List<ScoredPoint> hits =
        world
            .reads
            .query("c", List.of(nearest(10, 0, PayloadSelector.All.ALL)), ReadOptions.DEFAULT)
            .value()
            .getFirst();
    assertThat(hits).hasSize(10);
    for (int i = 0; i < 10; i++) {
      assertThat(hits.get(i).id()).isEqualTo(PointId.of(19 - i));
      assertThat(hits.get(i).payload()).isEqualTo(payload(19 - i));
    }
  }

  @Test
  void anExamplePointIsNoAnswerToItself() {
    world.create("c", SPEC.distributed(2, 1));
    write(0, 10);
    List<ScoredPoint> hits = query(byId(9), "").getFirst();
    assertThat(hits).extracting(hit -> hit.id().toString()).startsWith("8", "7").hasSize(3);
    assertThat(failureOf(() -> query(byId(99), "")))
        .hasMessage("Not found: No point with id 99 found");
  }

  @Test
  void anExampleWithoutTheVectorIsNotFound() {
    world.create("c", SPEC);
    world.writes.write(
        "c",
        new Update.Upsert(List.of(new Point(PointId.of(1), Vectors.NONE, Payload.EMPTY))),
        WriteOptions.COMPLETE);
    assertThat(failureOf(() -> query(byId(1), "")).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void queriesAreCheckedAgainstTheSpec() {
    world.create("c", SPEC);
    assertThat(failureOf(() -> query(byVector(new float[] {1, 2}), "x")))
        .hasMessage("Wrong input: Not existing vector name error: x");
    assertThat(failureOf(() -> query(byVector(new float[] {1, 2, 3}), "")))
        .hasMessage("Wrong input: Vector dimension error: expected dim: 2, got 3");
    assertThat(failureOf(() -> query(byVector(new float[] {Float.NaN, 2}), "")).code())
        .isEqualTo(ErrorCode.VALIDATION);
    PointQuery noLimit =
        new PointQuery(
            List.of(),
            byVector(new float[] {1, 2}),
            "",
            null,
            SearchParams.DEFAULT,
            0,
            0,
            null,
            null,
            PayloadSelector.None.NONE,
            VectorSelector.None.NONE);
    assertThat(failureOf(() -> world.reads.query("c", List.of(noLimit), ReadOptions.DEFAULT)))
        .hasMessage("limit: value 0 invalid, must be 1 or larger");
    PointQuery threshold =
        new PointQuery(
            List.of(),
            null,
            "",
            null,
            SearchParams.DEFAULT,
            3,
            0,
            1f,
            null,
            PayloadSelector.None.NONE,
            VectorSelector.None.NONE);
    assertThat(failureOf(() -> world.reads.query("c", List.of(threshold), ReadOptions.DEFAULT)))
        .hasMessageStartingWith("Bad request: A query is needed to use the score_threshold.");
  }

  @Test
  void withoutAQueryPointsComeInTheOrderOfIds() {
    world.create("c", SPEC.distributed(3, 1));
    write(0, 12);
    PointQuery everything =
        new PointQuery(
            List.of(),
            null,
            "",
            null,
            SearchParams.DEFAULT,
            4,
            3,
            null,
            null,
            PayloadSelector.None.NONE,
            VectorSelector.None.NONE);
    List<ScoredPoint> hits =
        world.reads.query("c", List.of(everything), ReadOptions.DEFAULT).value().getFirst();
    assertThat(hits).extracting(hit -> hit.id().toString()).containsExactly("3", "4", "5", "6");
    assertThat(hits).allMatch(hit -> hit.score() == 1f && hit.version() == 0);
  }

  @Test
  void aBatchAnswersEachQueryAtItsPlace() {
    world.create("c", SPEC.distributed(2, 1));
    write(0, 10);
    List<List<ScoredPoint>> results =
        world
            .reads
            .query(
                "c",
                List.of(
                    nearest(1, 0, PayloadSelector.None.NONE),
                    nearest(2, 0, PayloadSelector.All.ALL),
                    nearest(3, 0, PayloadSelector.None.NONE)),
                ReadOptions.DEFAULT)
            .value();
    assertThat(results).extracting(List::size).containsExactly(1, 2, 3);
    assertThat(results.get(1)).allMatch(hit -> hit.payload() != null);
    assertThat(results.get(2)).allMatch(hit -> hit.payload() == null);
    assertThat(world.reads.query("c", List.of(), ReadOptions.DEFAULT).value()).isEmpty();
  }

  @Test
  void retrieveKeepsTheOrderAskedAndDropsRepeats() {
    world.create("c", SPEC.distributed(3, 1));
    write(0, 10);
    List<PointId> ids = List.of(PointId.of(7), PointId.of(2), PointId.of(99), PointId.of(7));
    List<StoredPoint> points =
        world
            .reads
            .retrieve(
                "c", ids, PayloadSelector.All.ALL, VectorSelector.All.ALL, ReadOptions.DEFAULT)
            .value();
    assertThat(points).extracting(point -> point.id().toString()).containsExactly("7", "2");
    assertThat(points.getFirst().vectors()).isEqualTo(Vectors.unnamed(7, 0));
  }

  @Test
  void scrollingVisitsEveryPointOnceInOrder() {
    world.create("c", SPEC.distributed(3, 1));
    write(0, 25);
    List<String> seen = new ArrayList<>();
    PointId from = null;
    do {
      ScrollPage page =
          world
              .reads
              .scroll(
                  "c",
                  new ScrollQuery(
                      from, 7, null, PayloadSelector.None.NONE, VectorSelector.None.NONE),
                  ReadOptions.DEFAULT)
              .value();
      page.points().forEach(point -> seen.add(point.id().toString()));
      from = page.nextId();
    } while (from != null);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      expected.add(Integer.toString(i));
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void aPageThatEndsWithTheLastPointHasNoNext() {
    world.create("c", SPEC.distributed(2, 1));
    write(0, 4);
    ScrollQuery all =
        new ScrollQuery(null, 4, null, PayloadSelector.None.NONE, VectorSelector.None.NONE);
    assertThat(world.reads.scroll("c", all, ReadOptions.DEFAULT).value().next()).isEmpty();
  }

  @Test
  void countSumsTheShards() {
    world.create("c", SPEC.distributed(3, 1));
    write(0, 11);
    assertThat(world.reads.count("c", null, true, ReadOptions.DEFAULT).value()).isEqualTo(11);
    Filter two = Filter.must(new Condition.HasId(Set.of(PointId.of(3), PointId.of(4))));
    assertThat(world.reads.count("c", two, true, ReadOptions.DEFAULT).value()).isEqualTo(2);
  }

  @Test
  void anAliasNamesItsCollection() {
    world.create("c", SPEC);
    write(0, 3);
    world.view.set(world.withAlias("a", "c"));
    assertThat(world.reads.count("a", null, true, ReadOptions.DEFAULT).value()).isEqualTo(3);
    assertThat(failureOf(() -> world.reads.count("b", null, true, ReadOptions.DEFAULT)))
        .hasMessage("Not found: Collection `b` doesn't exist!");
  }

  @Test
  void aReadSeesWhatThisNodeHasAcknowledged() throws Exception {
    world.create("c", SPEC);
    FakeNode node = world.nodes.getFirst();
    node.isPaused = true;
    world.writes.write("c", upsert(1), WriteOptions.ACKNOWLEDGE);
    assertThat(failureOf(() -> world.reads.count("c", null, true, SHORT)).code())
        .isEqualTo(ErrorCode.TIMEOUT);
    var count = world.threads.submit(() -> world.reads.count("c", null, true, ReadOptions.DEFAULT));
    node.isPaused = false;
    world.catchUp();
    assertThat(count.get().value()).isEqualTo(1);
  }

  @Test
  void aTokenIsWaitedFor() {
    Generation generation = world.create("c", SPEC);
    write(0, 1);
    assertThat(count(token(generation, 0, 0))).isEqualTo(1);
    EddyException failure = failureOf(() -> count(token(generation, 0, 1)));
    assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(failure).hasMessageContaining("at position 1, asked for 2");
    assertThat(failureOf(() -> count(token(generation, 5, 1))).code())
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void aTokenOfAnotherGenerationIsRefused() {
    Generation old = world.create("c", SPEC);
    world.create("c", SPEC);
    EddyException failure = failureOf(() -> count(token(old, 0, 0)));
    assertThat(failure.code()).isEqualTo(ErrorCode.WRONG_GENERATION);
    assertThat(failure).hasMessageContaining("token of another generation");
  }

  @Test
  void aTokenOfANewerGenerationIsLookedUpFirst() {
    world.create("c", SPEC);
    var before = world.view.state();
    Generation newer = world.create("c", SPEC);
    write(0, 1);
    var after = world.view.state();
    world.view.set(before);
    world.view.setUnseen(after);
    assertThat(count(token(newer, 0, 0))).isEqualTo(1);
  }

  @Test
  void aStrongReadReachesTheLogsEnd() throws Exception {
    Generation generation = world.create("c", SPEC);
    FakeNode node = world.nodes.getFirst();
    node.isPaused = true;
    // As another node would write: no floor here.
    world.append(generation, 0, dev.eddy.proto.log.LogRecordCodec.encode(upsert(1))).join();
    assertThat(world.reads.count("c", null, true, ReadOptions.DEFAULT).value()).isZero();
    ReadOptions strong = new ReadOptions(true, null, Duration.ofSeconds(30));
    var count = world.threads.submit(() -> world.reads.count("c", null, true, strong));
    node.isPaused = false;
    world.catchUp();
    assertThat(count.get().value()).isEqualTo(1);
  }

  @Test
  void losingOneOfTwoReplicasCostsNoAnswer() {
    world.create("c", SPEC.distributed(3, 2));
    write(0, 20);
    for (FakeNode node : world.nodes) {
      node.isDown = true;
      for (int i = 0; i < 10; i++) {
        assertThat(world.reads.count("c", null, true, ReadOptions.DEFAULT).value()).isEqualTo(20);
        assertThat(
                world
                    .reads
                    .query(
                        "c", List.of(nearest(20, 0, PayloadSelector.All.ALL)), ReadOptions.DEFAULT)
                    .value()
                    .getFirst())
            .hasSize(20);
      }
      node.isDown = false;
    }
  }

  @Test
  void aReplicaThatHangsIsOvertaken() {
    world.create("c", SPEC.distributed(2, 2));
    write(0, 10);
    for (FakeNode node : world.nodes) {
      node.isHanging = true;
      assertThat(world.reads.count("c", null, true, ReadOptions.DEFAULT).value()).isEqualTo(10);
      node.isHanging = false;
    }
  }

  @Test
  void noUsableReplicaIsNeverAPartialAnswer() {
    Generation generation = world.create("c", SPEC.distributed(2, 1));
    write(0, 10);
    world.nodes.get(1).isDown = true;
    assertThat(failureOf(() -> world.reads.count("c", null, true, ReadOptions.DEFAULT)).code())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    world.nodes.get(1).isDown = false;
    world.view.set(world.withReplica(generation, 1, 1, ReplicaState.LEAVING));
    EddyException failure =
        failureOf(() -> world.reads.count("c", null, true, ReadOptions.DEFAULT));
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure).hasMessage("Unavailable: shard 1 of collection `c` has no usable replica");
  }

  private long count(ReadToken token) {
    return world
        .reads
        .count("c", null, true, new ReadOptions(false, token, Duration.ofMillis(60)))
        .value();
  }

  private static ReadToken token(Generation generation, int shard, long offset) {
    return new ReadToken(
        generation.collectionId(), generation.generation(), new TreeMap<>(Map.of(shard, offset)));
  }

  private static Query byId(long id) {
    return new Query.Nearest(new Example.ById(PointId.of(id)), null);
  }

  private static Query byVector(float[] vector) {
    return new Query.Nearest(new Example.ByVector(new Vector.Dense(vector)), null);
  }

  private List<List<ScoredPoint>> query(Query query, String using) {
    PointQuery whole =
        new PointQuery(
            List.of(),
            query,
            using,
            null,
            SearchParams.DEFAULT,
            3,
            0,
            null,
            null,
            PayloadSelector.None.NONE,
            VectorSelector.None.NONE);
    return world.reads.query("c", List.of(whole), ReadOptions.DEFAULT).value();
  }

  private static PointQuery nearest(int limit, int offset, PayloadSelector payload) {
    return new PointQuery(
        List.of(),
        byVector(new float[] {1, 0}),
        "",
        null,
        SearchParams.DEFAULT,
        limit,
        offset,
        null,
        null,
        payload,
        VectorSelector.None.NONE);
  }

  private void write(int from, int to) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < to; i++) {
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 0), payload(i)));
    }
    world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
  }

  private static Update upsert(long id) {
    return new Update.Upsert(
        List.of(new Point(PointId.of(id), Vectors.unnamed(id, 0), payload(id))));
  }

  private static Payload payload(long number) {
    return Payload.of(new JsonObject(Map.of("n", new JsonLong(number))));
  }

  private int calls() {
    return world.nodes.stream().mapToInt(node -> node.calls.get()).sum();
  }
}
