package dev.eddy.query.rest;

import java.io.IOException;
import java.util.List;

/**
 * One operation: a method, a path pattern such as {@code /collections/{collection_name}/points},
 * and what answers it.
 *
 * @param isMeasured whether it counts in the request metrics: searches, reads and updates do
 * @param isBounded whether it has its place among the requests that may be under way: what tells
 *     how the node is doing must answer above all when it is overloaded
 */
public record Route(
    String method, String pattern, boolean isMeasured, boolean isBounded, Handler handler) {

  /** Answers a request; blocks its thread. Fails with an {@code EddyException}. */
  @FunctionalInterface
  public interface Handler {
    Reply answer(RestRequest request) throws IOException;
  }

  static Route of(String method, String pattern, Handler handler) {
    return new Route(method, pattern, false, true, handler);
  }

  static Route measured(String method, String pattern, Handler handler) {
    return new Route(method, pattern, true, true, handler);
  }

  /** One that answers also under overload; it must be cheap and read no body. */
  static Route unbounded(String method, String pattern, Handler handler) {
    return new Route(method, pattern, false, false, handler);
  }

  /** The pattern's parts between slashes. */
  List<String> segments() {
    return Paths.split(pattern);
  }
}
