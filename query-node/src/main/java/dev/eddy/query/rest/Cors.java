package dev.eddy.query.rest;

import java.util.LinkedHashMap;
import java.util.Map;

/** Pages of any origin may call, as with the original. */
final class Cors {
  private static final String EXPOSED =
      RestRequest.TOKEN_HEADER
          + ", "
          + RestRequest.EXPLAIN_HEADER
          + ", Eddy-Positions, Eddy-Shards, Retry-After";

  private Cors() {}

  /** What every answer to a request with an {@code Origin} says. */
  static Map<String, String> headers() {
    return Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", EXPOSED);
  }

  /**
   * The answer to a browser that asks before it calls.
   *
   * @param requestedHeaders as it lists them; empty = none
   */
  static Reply preflight(String requestedHeaders) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    if (!requestedHeaders.isEmpty()) {
      headers.put("Access-Control-Allow-Headers", requestedHeaders);
    }
    headers.put("Access-Control-Max-Age", "3600");
    return new Reply(200, null, new byte[0], headers);
  }
}
