package dev.eddy.query.metrics;

import dev.eddy.model.limit.Limit;
import java.util.List;

/** Where an edge reports each answered request. Safe from any thread. */
public interface RequestMetrics {

  /**
   * A REST answer.
   *
   * @param endpoint the route's pattern, such as {@code /collections/{collection_name}/points}
   * @param collection name as asked, empty when the request is about none
   */
  void restAnswered(
      String method, String endpoint, String collection, int status, long durationNanos);

  /**
   * A gRPC answer.
   *
   * @param endpoint the full method name with a leading slash, such as {@code
   *     /qdrant.Points/Upsert}
   * @param status numeric gRPC code
   */
  void grpcAnswered(String endpoint, String collection, int status, long durationNanos);

  /** A REST request, or connection, that was beyond a limit of this node. */
  void restRefused(Limit limit);

  /** The same over gRPC. */
  void grpcRefused(Limit limit);

  /**
   * Everything in Prometheus' text format.
   *
   * @param perCollection whether request series carry a {@code collection} label
   * @param anonymize whether ids stand for the names of collections
   */
  String exposition(boolean perCollection, boolean anonymize);

  /**
   * What was answered so far, in the order of endpoints.
   *
   * @param perCollection whether collections are told apart
   */
  List<ResponseCount> responses(boolean perCollection);
}
