package dev.eddy.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.point.PointId;
import dev.eddy.model.shard.ShardService.Hit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HitMergerPropertyTest {

  @Test
  void mergingEqualsSortingEverything() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      boolean isDescending = random.nextBoolean();
      List<List<Hit>> sources = new ArrayList<>();
      List<Hit> all = new ArrayList<>();
      long id = 0;
      for (int shard = random.nextInt(4); shard >= 0; shard--) {
        List<Hit> hits = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
          // Few scores, so that ids decide often; both zeros are one score.
          float score = random.nextInt(4) == 0 ? -0.0f : random.nextInt(3);
          PointId name = random.nextInt(5) == 0 ? PointId.of(new UUID(0, id)) : PointId.of(id);
          hits.add(new Hit(name, id++, score, null));
        }
        sources.add(hits);
        all.addAll(hits);
      }
      Comparator<Hit> order =
          Comparator.comparing((Hit hit) -> hit.score() == 0 ? 0f : hit.score())
              .thenComparing(Hit::id);
      all.sort(isDescending ? order.reversed() : order);
      PointId excluded = all.isEmpty() ? null : all.get(random.nextInt(all.size())).id();
      all.removeIf(hit -> hit.id().equals(excluded));
      int offset = random.nextInt(5);
      int limit = 1 + random.nextInt(30);
      assertThat(
              HitMerger.merge(
                      sources,
                      HitOrder.ofScores(isDescending),
                      excluded == null ? Set.of() : Set.of(excluded),
                      offset,
                      limit)
                  .stream()
                  .map(HitMerger.Merged::hit)
                  .toList())
          .as("seed %d", seed)
          .isEqualTo(all.stream().skip(offset).limit(limit).toList());
    }
  }

  @Test
  void tiesPutTheLargerIdFirstWhereLargerScoresAreBetter() {
    List<List<Hit>> sources =
        List.of(
            List.of(new Hit(PointId.of(1), 0, 5f, null)),
            List.of(new Hit(PointId.of(2), 0, 5f, null)));
    assertThat(ids(HitMerger.merge(sources, HitOrder.SCORES_DESCENDING, Set.of(), 0, 2)))
        .containsExactly("2", "1");
    assertThat(ids(HitMerger.merge(sources, HitOrder.SCORES_ASCENDING, Set.of(), 0, 2)))
        .containsExactly("1", "2");
  }

  @Test
  void anOffsetBeyondTheEndGivesNothing() {
    assertThat(
            HitMerger.merge(
                List.of(List.of()),
                HitOrder.SCORES_DESCENDING,
                Set.of(),
                Integer.MAX_VALUE,
                Integer.MAX_VALUE))
        .isEmpty();
  }

  private static List<String> ids(List<HitMerger.Merged> merged) {
    return merged.stream().map(hit -> hit.hit().id().toString()).toList();
  }
}
