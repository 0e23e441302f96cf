package dev.eddy.engine.search;

import dev.eddy.engine.filter.CompiledExpression;
import dev.eddy.model.point.PointId;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.shard.ShardService.Candidates;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Scores that need no vector. Stateless. */
final class PointScorers {
  /** The same for every point. */
  static final SlotScorer ONE = (slots, count, scores) -> Arrays.fill(scores, 0, count, 1f);

  private static final int MANTISSA_BITS = 24;

  private PointScorers() {}

  /** A number in [0, 1) drawn for every id: the same on every replica, another with every seed. */
  static SlotScorer sample(ShardView view, long seed) {
    return (slots, count, scores) -> {
      for (int i = 0; i < count; i++) {
        long bits =
            switch (view.id(slots[i])) {
              case PointId.Num number -> mixed(seed ^ mixed(number.bits()));
              case PointId.Uuid uuid ->
                  mixed(
                      seed
                          ^ mixed(uuid.value().getMostSignificantBits())
                          ^ mixed(~uuid.value().getLeastSignificantBits()));
            };
        scores[i] = (bits >>> (Long.SIZE - MANTISSA_BITS)) * 0x1p-24f;
      }
    };
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014, figure 16). */
  private static long mixed(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** The value of an expression. */
  static SlotScorer formula(ShardView view, Ranking.Formula ranking, Candidates candidates) {
    CompiledExpression expression =
        CompiledExpression.of(ranking.expression(), ranking.defaults(), view.rules());
    Set<String> keys = expression.keys();
    Map<PointId, List<Float>> scoresById = HashMap.newHashMap(candidates.ids().size());
    for (int i = 0; i < candidates.scores().size(); i++) {
      scoresById.put(candidates.ids().get(i), candidates.scores().get(i));
    }
    return (slots, count, scores) -> {
      for (int i = 0; i < count; i++) {
        int slot = slots[i];
        SlotPoint point = new SlotPoint(view, slot, keys, () -> view.payload(slot));
        scores[i] = expression.value(point, scoresById.getOrDefault(view.id(slot), List.of()));
      }
    };
  }
}
