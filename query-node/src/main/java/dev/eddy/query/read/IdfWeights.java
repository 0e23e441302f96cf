package dev.eddy.query.read;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardService.TermCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies the values of queries for sparse vectors by how rare their indices are ("inverse
 * document frequency", Robertson and Sparck Jones, 1976, as BM25 has it), where the collection asks
 * for it.
 *
 * <p>Used twice: planning with it before {@link #count} notes which indices matter; planning again
 * after it gives the weights. One thread.
 */
final class IdfWeights {
  private final CollectionSpec spec;
  private final Map<Corpus, TreeSet<Integer>> wanted = new LinkedHashMap<>();
  private final Map<Corpus, Map<Integer, Float>> weights = new HashMap<>();

  /**
   * Where rarity is counted.
   *
   * @param filter null = all points
   */
  record Corpus(String using, @Nullable Filter filter) {}

  IdfWeights(CollectionSpec spec) {
    this.spec = spec;
  }

  /** Whether a name's queries are weighted. */
  static boolean isWeighted(CollectionSpec spec, String using) {
    SparseVectorParams params = spec.sparseVectors().get(using);
    return params != null && params.isIdf();
  }

  /** Whether any name's queries are. */
  boolean isActive() {
    return spec.sparseVectors().values().stream().anyMatch(SparseVectorParams::isIdf);
  }

  /**
   * Counts what was noted.
   *
   * @param counter gives the counts of the whole collection
   */
  void count(BiFunction<Corpus, List<Integer>, TermCounts> counter) {
    wanted.forEach((corpus, indices) -> {
      List<Integer> asked = List.copyOf(indices);
      TermCounts counts = counter.apply(corpus, asked);
      Map<Integer, Float> byIndex = new HashMap<>();
      for (int i = 0; i < asked.size(); i++) {
        byIndex.put(asked.get(i), weight(counts.points(), counts.frequencies().get(i)));
      }
      weights.put(corpus, byIndex);
    });
  }

  /** Rankings weighted in one go, by counts over all points. */
  List<Ranking> weighted(
      String using, List<Ranking> rankings, BiFunction<Corpus, List<Integer>, TermCounts> counter) {
    rankings.forEach(ranking -> {
      var _ = weighted(using, SearchParams.DEFAULT, ranking);
    });
    count(counter);
    return rankings.stream()
        .map(ranking -> weighted(using, SearchParams.DEFAULT, ranking))
        .toList();
  }

  static float weight(long points, long having) {
    return (float) Math.log((points - having + 0.5) / (having + 0.5) + 1);
  }

  /** The ranking with its vectors weighted, as far as that is known already. */
  Ranking weighted(String using, SearchParams params, Ranking ranking) {
    if (!isWeighted(spec, using)) {
      return ranking;
    }
    Corpus corpus = new Corpus(using, params.idfCorpus());
    return switch (ranking) {
      case Ranking.Nearest(Vector vector) -> new Ranking.Nearest(weighted(corpus, vector));
      case Ranking.BestScore(List<Vector> positive, List<Vector> negative) ->
          new Ranking.BestScore(weighted(corpus, positive), weighted(corpus, negative));
      case Ranking.SumScores(List<Vector> positive, List<Vector> negative) ->
          new Ranking.SumScores(weighted(corpus, positive), weighted(corpus, negative));
      case Ranking.Discover(Vector target, List<Ranking.Pair> context) ->
          new Ranking.Discover(
              weighted(corpus, target),
              context.stream().map(pair -> weighted(corpus, pair)).toList());
      case Ranking.Context(List<Ranking.Pair> pairs) ->
          new Ranking.Context(pairs.stream().map(pair -> weighted(corpus, pair)).toList());
      case Ranking.Feedback(Vector target, float factor, List<Ranking.WeightedPair> pairs) ->
          new Ranking.Feedback(
              weighted(corpus, target),
              factor,
              pairs.stream()
                  .map(pair ->
                      new Ranking.WeightedPair(weighted(corpus, pair.pair()), pair.weight()))
                  .toList());
      case Ranking.Formula formula -> formula;
      case Ranking.Sample sample -> sample;
      case Ranking.Ordered ordered -> ordered;
      case Ranking.ById byId -> byId;
    };
  }

  private Ranking.Pair weighted(Corpus corpus, Ranking.Pair pair) {
    return new Ranking.Pair(weighted(corpus, pair.positive()), weighted(corpus, pair.negative()));
  }

  private List<Vector> weighted(Corpus corpus, List<Vector> vectors) {
    List<Vector> all = new ArrayList<>(vectors.size());
    vectors.forEach(vector -> all.add(weighted(corpus, vector)));
    return all;
  }

  private Vector weighted(Corpus corpus, Vector vector) {
    if (!(vector instanceof Vector.Sparse(int[] indices, float[] values))) {
      return vector;
    }
    Map<Integer, Float> known = weights.get(corpus);
    if (known == null) {
      TreeSet<Integer> noted = wanted.computeIfAbsent(corpus, key -> new TreeSet<>());
      for (int index : indices) {
        noted.add(index);
      }
      return vector;
    }
    float[] weighted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      weighted[i] = values[i] * known.getOrDefault(indices[i], 0f);
    }
    return new Vector.Sparse(indices, weighted);
  }
}
