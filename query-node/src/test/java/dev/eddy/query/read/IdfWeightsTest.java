package dev.eddy.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdfWeightsTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of())
          .withSparseVectors(
              Map.of(
                  "rare",
                  new SparseVectorParams(null, SparseVectorParams.Modifier.IDF),
                  "plain",
                  SparseVectorParams.DEFAULT));
  private static final Filter CORPUS = Filter.must(new Condition.HasId(Set.of(PointId.of(1))));

  private static Ranking nearest(int[] indices, float... values) {
    return new Ranking.Nearest(new Vector.Sparse(indices, values));
  }

  @Test
  void valuesAreMultipliedOnceTheCountsAreKnown() {
    IdfWeights idf = new IdfWeights(SPEC);
    SearchParams everywhere = SearchParams.DEFAULT;
    SearchParams inCorpus = new SearchParams(null, false, false, CORPUS, QuantizationSearch.NONE);
    Ranking ranking = nearest(new int[] {7, -1}, 2f, 3f);
    assertThat(idf.weighted("rare", everywhere, ranking)).isEqualTo(ranking);
    assertThat(idf.weighted("rare", inCorpus, nearest(new int[] {7}, 1f)))
        .isEqualTo(nearest(new int[] {7}, 1f));
    List<IdfWeights.Corpus> asked = new ArrayList<>();
    idf.count((corpus, indices) -> {
      asked.add(corpus);
      return corpus.filter() == null
          ? new TermCounts(10, indices.stream().map(index -> index == 7 ? 4L : 0L).toList())
          : new TermCounts(1, List.of(1L));
    });
    assertThat(asked)
        .containsExactly(
            new IdfWeights.Corpus("rare", null), new IdfWeights.Corpus("rare", CORPUS));
    assertThat(idf.weighted("rare", everywhere, ranking))
        .isEqualTo(
            nearest(
                new int[] {7, -1},
                2 * (float) Math.log(6.5 / 4.5 + 1),
                3 * (float) Math.log(10.5 / 0.5 + 1)));
    assertThat(idf.weighted("rare", inCorpus, nearest(new int[] {7}, 1f)))
        .isEqualTo(nearest(new int[] {7}, (float) Math.log(0.5 / 1.5 + 1)));
  }

  @Test
  void manyAreCountedAndWeighedInOneGo() {
    List<Ranking> asked = List.of(nearest(new int[] {7}, 2f), nearest(new int[] {7, 8}, 1f, 1f));
    List<List<Integer>> counted = new ArrayList<>();
    List<Ranking> weighted =
        new IdfWeights(SPEC)
            .weighted(
                "rare",
                asked,
                (corpus, indices) -> {
                  counted.add(indices);
                  return new TermCounts(10, List.of(4L, 1L));
                });
    assertThat(counted).containsExactly(List.of(7, 8));
    float seven = IdfWeights.weight(10, 4);
    assertThat(weighted)
        .containsExactly(
            nearest(new int[] {7}, 2f * seven),
            nearest(new int[] {7, 8}, seven, IdfWeights.weight(10, 1)));
  }

  @Test
  void othersStayAsTheyAre() {
    IdfWeights idf = new IdfWeights(SPEC);
    Ranking ranking = nearest(new int[] {7}, 2f);
    assertThat(idf.weighted("plain", SearchParams.DEFAULT, ranking)).isSameAs(ranking);
    assertThat(IdfWeights.isWeighted(SPEC, "plain")).isFalse();
    assertThat(IdfWeights.isWeighted(SPEC, "rare")).isTrue();
  }

  @Test
  void everyVectorOfARankingIsWeighted() {
    IdfWeights idf = new IdfWeights(SPEC);
    Vector one = new Vector.Sparse(new int[] {1}, new float[] {1f});
    Vector two = new Vector.Sparse(new int[] {2}, new float[] {1f});
    Ranking.Pair pair = new Ranking.Pair(one, two);
    List<Ranking> rankings =
        List.of(
            new Ranking.BestScore(List.of(one), List.of(two)),
            new Ranking.SumScores(List.of(one), List.of(two)),
            new Ranking.Discover(one, List.of(pair)),
            new Ranking.Context(List.of(pair)),
            new Ranking.Feedback(one, 1f, List.of(new Ranking.WeightedPair(pair, 1f))));
    rankings.forEach(ranking -> idf.weighted("rare", SearchParams.DEFAULT, ranking));
    idf.count((corpus, indices) -> {
      assertThat(indices).containsExactly(1, 2);
      return new TermCounts(0, List.of(0L, 0L));
    });
    float weight = IdfWeights.weight(0, 0);
    for (Ranking ranking : rankings) {
      assertThat(idf.weighted("rare", SearchParams.DEFAULT, ranking).toString())
          .isEqualTo(ranking.toString().replace("[1.0]", "[" + weight + "]"));
    }
  }
}
