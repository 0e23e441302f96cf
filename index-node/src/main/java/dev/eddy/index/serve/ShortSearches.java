package dev.eddy.index.serve;

import dev.eddy.index.host.SearchPace;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.shard.ShardService.SearchRequest;
import dev.eddy.model.shard.ShardService.ShardQuery;
import java.util.Optional;

/** Tells which searches are so much alike that one says how long the next will take. Static. */
final class ShortSearches {
  private static final int LIMIT_MAX = 256;
  private static final int BEAM_MAX = 512;
  private static final int BEAM_USUAL = 128;

  private ShortSearches() {}

  /**
   * The kind of a search for the nearest of one dense vector by the graph; empty for all others,
   * which may take long.
   */
  static Optional<SearchPace.Kind> kind(SearchRequest request) {
    if (request.queries().size() != 1) {
      return Optional.empty();
    }
    ShardQuery query = request.queries().getFirst();
    Integer asked = query.params().hnswEf();
    int beam = Math.max(asked == null ? 0 : asked, query.limit());
    boolean isAlike =
        query.ranking() instanceof Ranking.Nearest(Vector vector)
            && vector instanceof Vector.Dense
            && query.filter() == null
            && query.candidates() == null
            && query.groupBy() == null
            && !query.params().exact()
            && query.limit() <= LIMIT_MAX
            && beam <= BEAM_MAX;
    if (!isAlike) {
      return Optional.empty();
    }
    boolean readsPoints =
        !(request.payload() instanceof PayloadSelector.None)
            || !(request.vectors() instanceof VectorSelector.None);
    return Optional.of(new SearchPace.Kind(query.using(), beam > BEAM_USUAL, readsPoints));
  }
}
