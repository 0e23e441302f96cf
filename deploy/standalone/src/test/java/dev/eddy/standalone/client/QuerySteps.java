package dev.eddy.standalone.client;

import static dev.eddy.standalone.client.Expected.answer;
import static dev.eddy.standalone.client.Expected.has;
import static dev.eddy.standalone.client.Expected.scored;
import static io.qdrant.client.ConditionFactory.match;
import static io.qdrant.client.ExpressionFactory.sum;
import static io.qdrant.client.ExpressionFactory.variable;
import static io.qdrant.client.PointIdFactory.id;
import static io.qdrant.client.QueryFactory.formula;
import static io.qdrant.client.QueryFactory.fusion;
import static io.qdrant.client.QueryFactory.nearest;
import static io.qdrant.client.QueryFactory.recommend;
import static io.qdrant.client.TargetVectorFactory.targetVector;
import static io.qdrant.client.VectorFactory.vector;
import static io.qdrant.client.VectorInputFactory.vectorInput;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.standalone.client.Expected.Scored;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.ContextExamplePair;
import io.qdrant.client.grpc.Points.DiscoverPoints;
import io.qdrant.client.grpc.Points.Formula;
import io.qdrant.client.grpc.Points.Fusion;
import io.qdrant.client.grpc.Points.PointGroup;
import io.qdrant.client.grpc.Points.PrefetchQuery;
import io.qdrant.client.grpc.Points.Query;
import io.qdrant.client.grpc.Points.QueryPointGroups;
import io.qdrant.client.grpc.Points.QueryPoints;
import io.qdrant.client.grpc.Points.RecommendInput;
import io.qdrant.client.grpc.Points.RecommendPointGroups;
import io.qdrant.client.grpc.Points.RecommendPoints;
import io.qdrant.client.grpc.Points.SearchMatrixOffsets;
import io.qdrant.client.grpc.Points.SearchMatrixPoints;
import io.qdrant.client.grpc.Points.SearchPointGroups;
import io.qdrant.client.grpc.Points.SearchPoints;
import io.qdrant.client.grpc.Points.SumExpression;
import io.qdrant.client.grpc.Points.VectorExample;
import java.util.List;
import org.assertj.core.data.Offset;

/** Every kind of query, the older searches among them. */
final class QuerySteps {
  private static final Query PLOT = nearest(4, 2, 1);
  private static final List<Scored> PLOT_SCORES =
      List.of(
          new Scored(Library.SIXTH, 7),
          new Scored(id(4), 6),
          new Scored(id(1), 4),
          new Scored(id(5), 3),
          new Scored(id(2), 2),
          new Scored(id(3), 1));
  private static final Query WORD = nearest(List.of(1f, 2f), List.of(1, 5));
  private static final List<Scored> RECOMMENDED =
      List.of(new Scored(id(4), 2), new Scored(Library.SIXTH, 1));

  private final QdrantClient client;
  private final String name;

  QuerySteps(QdrantClient client, String name) {
    this.client = client;
    this.name = name;
  }

  private List<Scored> ask(QueryPoints.Builder query) {
    return scored(answer(client.queryAsync(query.setCollectionName(name).build())));
  }

  private static QueryPoints.Builder using(String vector, Query query) {
    return QueryPoints.newBuilder().setUsing(vector).setQuery(query);
  }

  void walk() {
    assertThat(ask(using("plot", PLOT))).isEqualTo(PLOT_SCORES);
    assertThat(ask(using("words", WORD)))
        .containsExactly(
            new Scored(id(1), 5), new Scored(id(3), 3), new Scored(id(4), 2), new Scored(id(5), 1));
    assertThat(ask(using("pages", nearest(new float[][] {{1, 0}, {0, 1}}))))
        .extracting(Scored::score)
        .containsExactly(6f, 5f, 4f, 3f, 2f, 1f);
    assertThat(ask(using("plot", nearest(4)).setLimit(1)))
        .containsExactly(new Scored(Library.SIXTH, 2));
    assertThat(ask(using("plot", PLOT).setFilter(has(match("n", 4)))))
        .containsExactly(new Scored(id(4), 6));
    assertThat(ask(using("plot", PLOT).setScoreThreshold(3.5f).setOffset(1)))
        .isEqualTo(PLOT_SCORES.subList(1, 3));
    RecommendInput examples =
        RecommendInput.newBuilder().addPositive(vectorInput(1)).addNegative(vectorInput(3)).build();
    assertThat(ask(using("plot", recommend(examples)).setLimit(2))).isEqualTo(RECOMMENDED);
    PrefetchQuery plots = PrefetchQuery.newBuilder().setQuery(PLOT).setUsing("plot").build();
    PrefetchQuery words = PrefetchQuery.newBuilder().setQuery(WORD).setUsing("words").build();
    List<Scored> fused =
        ask(
            QueryPoints.newBuilder()
                .addPrefetch(plots)
                .addPrefetch(words)
                .setQuery(fusion(Fusion.RRF)));
    assertThat(fused).extracting(Scored::id).startsWith(id(1), id(4), Library.SIXTH, id(3));
    assertThat(fused.getFirst().score()).isCloseTo(0.75f, Offset.offset(1e-6f));
    SumExpression sum =
        SumExpression.newBuilder()
            .addSum(variable("$score"))
            .addSum(variable("n"))
            .addSum(variable("n"))
            .build();
    Query formula = formula(Formula.newBuilder().setExpression(sum(sum)).build());
    assertThat(ask(QueryPoints.newBuilder().addPrefetch(words).setQuery(formula)))
        .containsExactly(
            new Scored(id(5), 11),
            new Scored(id(4), 10),
            new Scored(id(3), 9),
            new Scored(id(1), 7));
    walkMany();
  }

  private void walkMany() {
    QueryPoints two = using("plot", PLOT).setCollectionName(name).setLimit(2).build();
    assertThat(
            scored(answer(client.queryBatchAsync(name, List.of(two))).getFirst().getResultList()))
        .isEqualTo(PLOT_SCORES.subList(0, 2));
    QueryPointGroups groups =
        QueryPointGroups.newBuilder()
            .setCollectionName(name)
            .setQuery(PLOT)
            .setUsing("plot")
            .setGroupBy("n")
            .setGroupSize(1)
            .setLimit(2)
            .build();
    checkGroups(answer(client.queryGroupsAsync(groups)), PLOT_SCORES.subList(0, 2));
    SearchMatrixPoints matrix =
        SearchMatrixPoints.newBuilder()
            .setCollectionName(name)
            .setUsing("plot")
            .setSample(6)
            .setLimit(5)
            .build();
    assertThat(answer(client.searchMatrixPairsAsync(matrix)).getPairsList())
        .hasSize(30)
        .allSatisfy(pair ->
            assertThat(pair.getScore()).isEqualTo(Library.product(pair.getA(), pair.getB())));
    SearchMatrixOffsets offsets = answer(client.searchMatrixOffsetsAsync(matrix));
    assertThat(offsets.getIdsList()).containsExactlyInAnyOrderElementsOf(Library.IDS);
    assertThat(offsets.getScoresCount()).isEqualTo(30);
    for (int i = 0; i < offsets.getScoresCount(); i++) {
      PointId row = offsets.getIds((int) offsets.getOffsetsRow(i));
      PointId column = offsets.getIds((int) offsets.getOffsetsCol(i));
      assertThat(offsets.getScores(i)).isEqualTo(Library.product(row, column));
    }
  }

  /** Of one hit each, grouped by n. */
  private static void checkGroups(List<PointGroup> groups, List<Scored> expected) {
    assertThat(groups)
        .allSatisfy(group -> {
          long n = Library.number(group.getHits(0).getId());
          assertThat(Math.max(group.getId().getIntegerValue(), group.getId().getUnsignedValue()))
              .isEqualTo(n);
        })
        .flatExtracting(group -> scored(group.getHitsList()))
        .isEqualTo(expected);
  }

  void walkOlder() {
    SearchPoints search =
        SearchPoints.newBuilder()
            .setCollectionName(name)
            .addAllVector(List.of(4f, 2f, 1f))
            .setVectorName("plot")
            .setLimit(2)
            .build();
    List<Scored> expected = PLOT_SCORES.subList(0, 2);
    assertThat(scored(answer(client.searchAsync(search)))).isEqualTo(expected);
    assertThat(
            scored(
                answer(client.searchBatchAsync(name, List.of(search), null))
                    .getFirst()
                    .getResultList()))
        .isEqualTo(expected);
    SearchPointGroups searchGroups =
        SearchPointGroups.newBuilder()
            .setCollectionName(name)
            .addAllVector(search.getVectorList())
            .setVectorName("plot")
            .setGroupBy("n")
            .setGroupSize(1)
            .setLimit(2)
            .build();
    checkGroups(answer(client.searchGroupsAsync(searchGroups)), expected);
    walkExamples();
  }

  private void walkExamples() {
    RecommendPoints recommend =
        RecommendPoints.newBuilder()
            .setCollectionName(name)
            .addPositive(id(1))
            .addNegative(id(3))
            .setUsing("plot")
            .setLimit(2)
            .build();
    assertThat(scored(answer(client.recommendAsync(recommend)))).isEqualTo(RECOMMENDED);
    assertThat(
            scored(
                answer(client.recommendBatchAsync(name, List.of(recommend), null))
                    .getFirst()
                    .getResultList()))
        .isEqualTo(RECOMMENDED);
    RecommendPointGroups groups =
        RecommendPointGroups.newBuilder()
            .setCollectionName(name)
            .addPositive(id(1))
            .addNegative(id(3))
            .setUsing("plot")
            .setGroupBy("n")
            .setGroupSize(1)
            .setLimit(2)
            .build();
    checkGroups(answer(client.recommendGroupsAsync(groups)), RECOMMENDED);
    DiscoverPoints discover =
        DiscoverPoints.newBuilder()
            .setCollectionName(name)
            .setTarget(targetVector(vector(4, 2, 1)))
            .addContext(
                ContextExamplePair.newBuilder()
                    .setPositive(VectorExample.newBuilder().setId(id(1)))
                    .setNegative(VectorExample.newBuilder().setId(id(3))))
            .setUsing("plot")
            .setLimit(4)
            .build();
    List<Scored> discovered = scored(answer(client.discoverAsync(discover)));
    assertThat(discovered).extracting(Scored::id).startsWith(id(4)).endsWith(id(5)).hasSize(4);
    assertThat(
            scored(
                answer(client.discoverBatchAsync(name, List.of(discover), null))
                    .getFirst()
                    .getResultList()))
        .isEqualTo(discovered);
  }
}
