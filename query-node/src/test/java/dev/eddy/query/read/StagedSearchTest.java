package dev.eddy.query.read;

import static dev.eddy.query.world.World.failureOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.FacetQuery;
import dev.eddy.model.query.GroupQuery;
import dev.eddy.model.query.LookupLocation;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.PointGroup;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.Prefetch;
import dev.eddy.model.query.Query;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ScoredPoint;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.update.Update;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries of several steps over four shards on two nodes. Point i is at (i, 10 - i). */
class StagedSearchTest {
  private final World world = new World(2);

  @BeforeEach
  void fill() {
    world.create(
        "c", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))).distributed(4, 1));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      Payload payload = new Payload(("{\"n\":" + i + "}").getBytes(UTF_8));
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 10 - i), payload));
    }
    world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
  }

  @AfterEach
  void close() {
    // Leases are given back without anybody waiting for it.
    Await.until(
        "leases are given back",
        () -> world.nodes.stream().allMatch(node -> node.openLeases() == 0));
    world.close();
  }

  private static Query nearest(float... vector) {
    return new Query.Nearest(new Example.ByVector(new Vector.Dense(vector)), null);
  }

  private static Query nearest(long id) {
    return new Query.Nearest(new Example.ById(PointId.of(id)), null);
  }

  private static Prefetch prefetch(@Nullable Query query, int limit, Prefetch... inner) {
    return new Prefetch(List.of(inner), query, "", null, SearchParams.DEFAULT, limit, null, null);
  }

  private static PointQuery query(
      Query query, int limit, int offset, @Nullable Float threshold, Prefetch... prefetch) {
    return new PointQuery(
        List.of(prefetch),
        query,
        "",
        null,
        SearchParams.DEFAULT,
        limit,
        offset,
        threshold,
        null,
        PayloadSelector.All.ALL,
        VectorSelector.None.NONE);
  }

  private List<ScoredPoint> hits(PointQuery query) {
    return world.reads.query("c", List.of(query), ReadOptions.DEFAULT).value().getFirst();
  }

  private static List<String> ids(List<ScoredPoint> hits) {
    return hits.stream().map(hit -> hit.id().toString()).toList();
  }

  @Test
  void listsAreFusedByRank() {
    Query.Rrf rrf = new Query.Rrf(2, List.of());
    // By x: 10, 9, 8. By y: 0, 1, 2, ... 8 in the 9th place.
    List<ScoredPoint> hits =
        hits(query(rrf, 4, 0, null, prefetch(nearest(1, 0), 3), prefetch(nearest(0, 1), 9)));
    assertThat(ids(hits)).containsExactly("10", "0", "8", "9");
    assertThat(hits.get(0).score()).isEqualTo(0.5f);
    assertThat(hits.get(2).score()).isCloseTo(1 / 4f + 1 / 10f, within(1e-6f));
    assertThat(hits.get(0).payload()).hasToString("{\"n\":10}");
    assertThat(
            ids(
                hits(
                    query(
                        rrf, 2, 1, null, prefetch(nearest(1, 0), 3), prefetch(nearest(0, 1), 9)))))
        .containsExactly("0", "8");
    assertThat(
            ids(
                hits(
                    query(
                        rrf, 9, 0, 0.5f, prefetch(nearest(1, 0), 3), prefetch(nearest(0, 1), 9)))))
        .as("the threshold keeps what is equal to it")
        .containsExactly("10", "0");
    Query.Rrf weighted = new Query.Rrf(1, List.of(4f, 0f));
    List<ScoredPoint> one =
        hits(query(weighted, 9, 0, null, prefetch(nearest(1, 0), 2), prefetch(nearest(0, 1), 1)));
    assertThat(ids(one)).containsExactly("10", "9", "0");
    assertThat(one).extracting(ScoredPoint::score).containsExactly(4f, 2f, 0f);
  }

  @Test
  void whatIsDrawnHasNoOrderAndOneScore() {
    List<ScoredPoint> drawn = hits(query(Query.Sample.RANDOM, 11, 5, null));
    assertThat(ids(drawn)).as("an offset leaves nothing out").hasSize(11).doesNotHaveDuplicates();
    List<ScoredPoint> fused =
        hits(query(Query.Dbsf.DBSF, 11, 0, null, prefetch(Query.Sample.RANDOM, 11)));
    assertThat(fused).hasSize(11).allMatch(hit -> hit.score() == 0.5f);
  }

  @Test
  void listsAreFusedByHowFarAboveTheMeanAScoreIs() {
    List<ScoredPoint> hits =
        hits(
            query(
                Query.Dbsf.DBSF,
                9,
                0,
                null,
                prefetch(nearest(1, 0), 3),
                prefetch(nearest(0, 1), 1)));
    assertThat(ids(hits)).containsExactly("10", "9", "0", "8");
    assertThat(hits.get(0).score()).isCloseTo(0.6666667f, within(1e-6f));
    assertThat(hits.get(1).score()).isEqualTo(0.5f);
    assertThat(hits.get(2).score()).isEqualTo(0.5f);
    assertThat(hits.get(3).score()).isCloseTo(0.33333334f, within(1e-6f));
  }

  @Test
  void onlyWhatWasPrefetchedIsRankedAgain() {
    assertThat(ids(hits(query(nearest(0, 1), 5, 0, null, prefetch(nearest(1, 0), 3)))))
        .containsExactly("8", "9", "10");
    Prefetch inner = prefetch(nearest(1, 0), 4);
    Prefetch outer = prefetch(nearest(0, 1), 2, inner);
    assertThat(ids(hits(query(nearest(1, 0), 5, 0, null, outer)))).containsExactly("8", "7");
    assertThat(
            hits(query(nearest(1, 0), 5, 0, null, prefetch(nearest(-1, -1), 3, prefetch(null, 4)))))
        .extracting(hit -> hit.id().toString())
        .containsExactly("3", "2", "1");
  }

  @Test
  void varietyIsTradedForNearness() {
    Query.Nearest all =
        new Query.Nearest(
            new Example.ByVector(new Vector.Dense(new float[] {1, 0})), new Query.Mmr(1f, 11));
    List<ScoredPoint> hits = hits(query(all, 3, 0, null));
    // After (10, 0) the least alike is (0, 10), then what is as unlike either.
    assertThat(ids(hits)).containsExactly("10", "0", "5");
    assertThat(hits.get(1).score()).as("scores stay those of nearness").isZero();
    Query.Nearest none =
        new Query.Nearest(
            new Example.ByVector(new Vector.Dense(new float[] {1, 0})), new Query.Mmr(0f, null));
    assertThat(ids(hits(query(none, 3, 1, null)))).containsExactly("9", "8", "7");
  }

  @Test
  void examplesAreNoAnswersOnAnyLevel() {
    Query.Rrf rrf = new Query.Rrf(2, List.of());
    List<ScoredPoint> hits =
        hits(query(rrf, 9, 0, null, prefetch(nearest(10), 2), prefetch(nearest(1, 0), 3)));
    assertThat(ids(hits)).containsExactly("9", "8", "7");
    Prefetch elsewhere =
        new Prefetch(
            List.of(),
            nearest(10),
            "",
            null,
            SearchParams.DEFAULT,
            2,
            null,
            new LookupLocation("other", null));
    assertThat(failureOf(() -> hits(query(rrf, 9, 0, null, elsewhere))))
        .hasMessage("Not found: Collection other not found");
    world.create("other", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))));
    world.writes.write(
        "other",
        new Update.Upsert(List.of(new Point(PointId.of(10), Vectors.unnamed(1, 0), Payload.EMPTY))),
        WriteOptions.COMPLETE);
    assertThat(ids(hits(query(rrf, 9, 0, null, elsewhere)))).containsExactly("10", "9");
  }

  @Test
  void aLostLeaseStartsTheQueryAgain() {
    Query.Rrf rrf = new Query.Rrf(2, List.of());
    PointQuery query =
        query(rrf, 4, 0, null, prefetch(nearest(1, 0), 3), prefetch(nearest(0, 1), 9));
    world.nodes.getFirst().leasesToLose.set(1);
    List<ScoredPoint> hits = hits(query);
    assertThat(ids(hits)).containsExactly("10", "0", "8", "9");
    assertThat(hits).allMatch(hit -> hit.payload() != null);
    world.nodes.forEach(node -> node.leasesToLose.set(1_000));
    assertThat(failureOf(() -> hits(query)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    world.nodes.forEach(node -> node.leasesToLose.set(0));
  }

  @Test
  void whatMakesNoSenseIsRefusedWithTheContractsText() {
    Prefetch some = prefetch(nearest(1, 0), 3);
    Query.Rrf rrf = new Query.Rrf(2, List.of());
    assertThat(failureOf(() -> hits(query(rrf, 3, 0, null))))
        .hasMessage("Wrong input: Validation failed: cannot apply Fusion without prefetches");
    Query formula = new Query.Formula(new Expression.Constant(1), Map.of());
    assertThat(failureOf(() -> hits(query(formula, 3, 0, null))))
        .hasMessage("Wrong input: Validation failed: cannot apply Formula without prefetches");
    assertThat(failureOf(() -> hits(query(new Query.Rrf(2, List.of(1f)), 3, 0, null, some, some))))
        .hasMessage("Bad request: RRF weights length (1) does not match number of prefetches (2)");
    assertThat(failureOf(() -> hits(query(new Query.Rrf(0, List.of()), 3, 0, null, some))))
        .hasMessage("query.rrf.k: value 0 invalid, must be 1 or larger");
    assertThat(failureOf(() -> hits(query(rrf, 3, 0, null, prefetch(null, 3, some)))))
        .hasMessage(
            "Bad request: A query is needed to merge the prefetches. Can't have prefetches without"
                + " defining a query.");
    assertThat(failureOf(() -> hits(query(rrf, 3, 0, null, prefetch(nearest(1), 0)))))
        .hasMessage("prefetch[0].limit: value 0 invalid, must be 1 or larger");
    Query.Nearest diverse =
        new Query.Nearest(new Example.ById(PointId.of(1)), new Query.Mmr(2f, null));
    assertThat(failureOf(() -> hits(query(diverse, 3, 0, null))))
        .hasMessage("query.mmr.diversity: value 2.0 invalid, must be from 0.0 to 1.0");
    Query noFeedback = new Query.Feedback(new Example.ById(PointId.of(1)), List.of(), 1, 1, 1);
    assertThat(failureOf(() -> hits(query(noFeedback, 3, 0, null))))
        .hasMessageContaining("feedback elements must be non-empty");
  }

  private List<PointGroup> groups(PointQuery query, String key, int groups, int size) {
    GroupQuery asked = new GroupQuery(query, KeyPath.parse(key), groups, size, null);
    return world.reads.groups("c", asked, ReadOptions.DEFAULT).value();
  }

  private void writeParts() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i <= 40; i++) {
      // Of the best 31 all but one are in one group.
      String part = i == 20 ? "\"rare\"" : i >= 10 ? "\"common\"" : "7";
      Payload payload = new Payload(("{\"part\":" + part + "}").getBytes(UTF_8));
      points.add(new Point(PointId.of(i), Vectors.unnamed(i, 0), payload));
    }
    world.writes.write("c", new Update.Upsert(points), WriteOptions.COMPLETE);
  }

  @Test
  void groupsAreThoseOfTheWholeRankingHoweverSkewed() {
    writeParts();
    List<PointGroup> groups = groups(query(nearest(1, 0), 1, 0, null), "part", 3, 2);
    assertThat(groups)
        .extracting(group -> JsonCodec.text(group.value()) + ids(group.hits()))
        .containsExactly("\"common\"[40, 39]", "\"rare\"[20]", "7[9, 8]");
    assertThat(groups.getFirst().hits().getFirst().payload()).hasToString("{\"part\":\"common\"}");
    assertThat(groups(query(nearest(1, 0), 1, 0, null), "part", 1, 1)).hasSize(1);
    assertThat(groups(query(nearest(1, 0), 1, 0, null), "none", 3, 2)).isEmpty();
    Query.Rrf rrf = new Query.Rrf(2, List.of());
    assertThat(groups(query(rrf, 1, 0, null, prefetch(nearest(1, 0), 41)), "part", 2, 1))
        .extracting(group -> JsonCodec.text(group.value()) + ids(group.hits()))
        .containsExactly("\"common\"[40]", "\"rare\"[20]");
  }

  @Test
  void groupsBringThePointsThatTheyName() {
    writeParts();
    world.create("parts", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))));
    world.writes.write(
        "parts",
        new Update.Upsert(
            List.of(
                new Point(PointId.of(7), Vectors.NONE, new Payload("{\"a\":1}".getBytes(UTF_8))))),
        WriteOptions.COMPLETE);
    GroupQuery.Lookup lookup =
        new GroupQuery.Lookup("parts", PayloadSelector.All.ALL, VectorSelector.None.NONE);
    GroupQuery asked =
        new GroupQuery(query(nearest(1, 0), 1, 0, null), KeyPath.parse("part"), 3, 1, lookup);
    assertThat(world.reads.groups("c", asked, ReadOptions.DEFAULT).value())
        .extracting(group -> {
          StoredPoint point = group.lookup();
          return point == null ? "none" : String.valueOf(point.payload());
        })
        .containsExactly("none", "none", "{\"a\":1}");
    GroupQuery.Lookup nowhere =
        new GroupQuery.Lookup("nowhere", PayloadSelector.All.ALL, VectorSelector.None.NONE);
    assertThat(
            failureOf(() ->
                world.reads.groups(
                    "c",
                    new GroupQuery(asked.query(), asked.groupBy(), 3, 1, nowhere),
                    ReadOptions.DEFAULT)))
        .hasMessage("Not found: Collection nowhere not found");
  }

  @Test
  void aShardAloneIsAskedForNoMoreValuesThanAFacetHas() {
    CollectionSpec spec =
        CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)))
            .withPayloadIndexes(Map.of("n", FieldIndex.of(FieldIndex.Type.INTEGER)));
    FacetQuery three = new FacetQuery(KeyPath.parse("n"), 3, null);
    world.create("one", spec.distributed(1, 1));
    var _ = world.reads.facet("one", three, ReadOptions.DEFAULT);
    assertThat(facetLimits()).containsExactly(3);
    world.create("two", spec.distributed(2, 1));
    var _ = world.reads.facet("two", three, ReadOptions.DEFAULT);
    assertThat(facetLimits()).containsExactlyInAnyOrder(3, 0, 0);
  }

  private List<Integer> facetLimits() {
    return world.nodes.stream().flatMap(node -> node.facetLimits.stream()).toList();
  }

  @Test
  void fieldsThatAreNotDeclaredAreNeitherOrderedByNorCounted() {
    Ordering order = new Ordering(KeyPath.parse("n"), false, null);
    assertThat(failureOf(() -> hits(query(new Query.OrderBy(order), 3, 0, null))))
        .hasMessage(
            "Wrong input: No range index for `order_by` key: `n`. Please create one to use"
                + " `order_by`.");
    assertThat(
            failureOf(() ->
                world.reads.facet(
                    "c", new FacetQuery(KeyPath.parse("n"), 3, null), ReadOptions.DEFAULT)))
        .hasMessage(
            "Wrong input: No appropriate index for faceting: `n`. Please create one to facet on"
                + " this field.");
  }
}
