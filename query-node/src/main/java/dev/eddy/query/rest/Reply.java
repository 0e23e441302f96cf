package dev.eddy.query.rest;

import dev.eddy.query.rest.error.Problem;
import dev.eddy.query.rest.json.AnswerWriter;
import dev.eddy.query.rest.json.AnswerWriter.ResultWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes back to the client.
 *
 * @param contentType null = no body
 */
public record Reply(
    int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";
  static final String TEXT = "text/plain; charset=utf-8";
  private static final byte[] NOTHING = new byte[0];

  public Reply {
    headers = Map.copyOf(headers);
  }

  /** A result in the contract's envelope. */
  static Reply ok(RestRequest request, ResultWriter result) {
    return new Reply(200, JSON, AnswerWriter.ok(result, request.startedNanos()), Map.of());
  }

  /** {@code true} as the result. */
  static Reply okTrue(RestRequest request) {
    return ok(request, generator -> generator.writeBoolean(true));
  }

  /** JSON without the envelope. */
  static Reply bare(ResultWriter content) {
    return new Reply(200, JSON, AnswerWriter.bare(content), Map.of());
  }

  static Reply text(int status, String text) {
    return new Reply(status, TEXT, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Reply empty(int status) {
    return new Reply(status, null, NOTHING, Map.of());
  }

  static Reply of(Problem problem, long startedNanos) {
    if (problem.status() == 401) {
      return text(401, problem.text());
    }
    Reply reply =
        new Reply(
            problem.status(), JSON, AnswerWriter.error(problem.text(), startedNanos), Map.of());
    return problem.retryAfterSeconds() == 0
        ? reply
        : reply.header("Retry-After", Integer.toString(problem.retryAfterSeconds()));
  }

  /** The same with one header more. */
  Reply header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }
}
