package dev.eddy.index.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.index.host.SearchPace.Kind;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Bounds;
import dev.eddy.model.shard.ShardService.Candidates;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.ShardQuery;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShortSearchesTest {
  private static final Ranking NEAREST = new Ranking.Nearest(new Vector.Dense(new float[] {1, 2}));

  private static ShardQuery query(@Nullable Integer ef, boolean isExact, int limit) {
    return query(NEAREST, null, new SearchParams(ef, isExact, false), limit, null, null);
  }

  private static ShardQuery query(
      Ranking ranking,
      @Nullable Filter filter,
      SearchParams params,
      int limit,
      @Nullable Candidates candidates,
      @Nullable KeyPath groupBy) {
    return new ShardQuery(ranking, "text", filter, params, limit, null, candidates, groupBy);
  }

  private static SearchRequest request(PayloadSelector payload, ShardQuery... queries) {
    return new SearchRequest(
        new ShardId(new UUID(1, 2), 1, 0),
        new Bounds(0, Duration.ofSeconds(1)),
        0,
        List.of(queries),
        payload,
        VectorSelector.None.NONE,
        false);
  }

  private static boolean isShort(ShardQuery... queries) {
    return ShortSearches.kind(request(PayloadSelector.None.NONE, queries)).isPresent();
  }

  @Test
  void nearestOfOneDenseVectorAreAlikeByBeamAndByWhatIsRead() {
    assertThat(ShortSearches.kind(request(PayloadSelector.None.NONE, query(null, false, 10))))
        .contains(new Kind("text", false, false));
    assertThat(ShortSearches.kind(request(PayloadSelector.None.NONE, query(512, false, 10))))
        .contains(new Kind("text", true, false));
    assertThat(ShortSearches.kind(request(PayloadSelector.None.NONE, query(null, false, 200))))
        .contains(new Kind("text", true, false));
    assertThat(ShortSearches.kind(request(PayloadSelector.All.ALL, query(64, false, 10))))
        .contains(new Kind("text", false, true));
  }

  @Test
  void othersMayTakeLong() {
    ShardQuery plain = query(null, false, 10);
    assertThat(isShort(plain)).isTrue();
    assertThat(isShort()).isFalse();
    assertThat(isShort(plain, plain)).isFalse();
    assertThat(isShort(query(null, true, 10))).as("exact").isFalse();
    assertThat(isShort(query(513, false, 10))).as("beam").isFalse();
    assertThat(isShort(query(null, false, 257))).as("limit").isFalse();
    SearchParams params = SearchParams.DEFAULT;
    assertThat(
            isShort(
                query(
                    NEAREST, new Filter(List.of(), null, List.of(), null), params, 10, null, null)))
        .isFalse();
    Candidates none = new Candidates(List.of(), List.of());
    assertThat(isShort(query(NEAREST, null, params, 10, none, null))).isFalse();
    KeyPath group = KeyPath.parse("city");
    assertThat(isShort(query(NEAREST, null, params, 10, null, group))).isFalse();
    Ranking sparse = new Ranking.Nearest(new Vector.Sparse(new int[] {1}, new float[] {1}));
    assertThat(isShort(query(sparse, null, params, 10, null, null))).isFalse();
    Ranking multi = new Ranking.Nearest(new Vector.Multi(new float[][] {{1, 2}}));
    assertThat(isShort(query(multi, null, params, 10, null, null))).isFalse();
  }
}
