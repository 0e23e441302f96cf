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
      case SearchResponse search -> ofHits(search.hits());
      case PointsResponse points -> of(points.points());
      case FacetResponse facet -> (long) facet.hits().size() * AnswerMeter.HIT_BYTES;
      default -> 0;
    };
  }

  private static long ofHits(List<List<Hit>> answers) {
    long bytes = 0;
    for (List<Hit> hits : answers) {
      bytes += (long) hits.size() * AnswerMeter.HIT_BYTES;
      for (Hit hit : hits) {
        StoredPoint point = hit.point();
        bytes += point == null ? 0 : AnswerMeter.bytesOf(point);
      }
    }
    return bytes;
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
