package dev.eddy.query.fanout;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.shard.ShardService.FacetResponse;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.PointsResponse;
import dev.eddy.model.shard.ShardService.SearchResponse;
import java.util.List;

/** What answers of shards take in memory, about. Stateless. */
public final class AnswerBytes {
  private AnswerBytes() {}

  /** Of an answer that can be large; 0 of any other. */
  static long of(Object answer) {
    return switch (answer) {
      case SearchResponse search ->
          search.hits().stream().flatMap(List::stream).mapToLong(AnswerBytes::of).sum();
      case PointsResponse points -> of(points.points());
      case FacetResponse facet -> (long) facet.hits().size() * AnswerMeter.HIT_BYTES;
      default -> 0;
    };
  }

  private static long of(Hit hit) {
    StoredPoint point = hit.point();
    return AnswerMeter.HIT_BYTES + (point == null ? 0 : AnswerMeter.bytesOf(point));
  }

  private static long of(List<StoredPoint> points) {
    return points.stream().mapToLong(AnswerMeter::bytesOf).sum();
  }

  /** Points that were fetched, now that they are counted. */
  public static List<StoredPoint> counted(List<StoredPoint> points) {
    AnswerMeter.count(of(points));
    return points;
  }
}
