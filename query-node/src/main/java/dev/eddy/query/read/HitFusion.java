package dev.eddy.query.read;

import dev.eddy.model.point.PointId;
import dev.eddy.model.query.Query;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.query.read.HitMerger.Merged;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes one list of several that rank the same points. Stateless. */
final class HitFusion {
  /** So many standard deviations around the mean make the range of a list. */
  private static final float DEVIATIONS = 3;

  private HitFusion() {}

  /** Adds up what places are worth: {@code 1 / ((place + 1) / weight + k - 1)}, from place 0. */
  static List<Merged> byRank(
      List<List<Merged>> lists, Query.Rrf fusion, int limit, @Nullable Float threshold) {
    Sums sums = new Sums();
    for (int list = 0; list < lists.size(); list++) {
      float weight = fusion.weights().isEmpty() ? 1f : fusion.weights().get(list);
      for (int place = 0; place < lists.get(list).size(); place++) {
        float worth = weight <= 0 ? 0f : 1f / ((place + 1) / weight + fusion.k() - 1f);
        sums.add(lists.get(list).get(place), worth);
      }
    }
    return sums.best(limit, threshold);
  }

  /** Adds up where in its list's range a score is: the mean is 0.5. */
  static List<Merged> byScore(List<List<Merged>> lists, int limit, @Nullable Float threshold) {
    Sums sums = new Sums();
    for (List<Merged> list : lists) {
      float mean = 0;
      for (Merged hit : list) {
        mean += hit.score();
      }
      mean /= list.size();
      float variance = 0;
      for (Merged hit : list) {
        variance += (hit.score() - mean) * (hit.score() - mean);
      }
      variance /= list.size() - 1;
      float reach = DEVIATIONS * (float) Math.sqrt(variance);
      for (Merged hit : list) {
        boolean isFlat = list.size() == 1 || reach == 0;
        sums.add(hit, isFlat ? 0.5f : (hit.score() - (mean - reach)) / (2 * reach));
      }
    }
    return sums.best(limit, threshold);
  }

  /** A score per point. */
  private static final class Sums {
    private final Map<PointId, Merged> byId = new LinkedHashMap<>();

    void add(Merged hit, float score) {
      byId.merge(
          hit.hit().id(),
          scored(hit, score),
          (before, more) -> scored(before, before.hit().score() + score));
    }

    private static Merged scored(Merged hit, float score) {
      return new Merged(
          hit.source(),
          new Hit(hit.hit().id(), hit.hit().version(), score, hit.hit().groups(), null, null));
    }

    List<Merged> best(int limit, @Nullable Float threshold) {
      return byId.values().stream()
          .filter(hit -> threshold == null || hit.score() >= threshold)
          .sorted(HitOrder.SCORES_DESCENDING.firstFirst())
          .limit(limit)
          .toList();
    }
  }
}
