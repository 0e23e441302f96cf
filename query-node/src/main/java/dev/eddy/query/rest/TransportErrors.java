package dev.eddy.query.rest;

import dev.eddy.query.rest.json.AnswerWriter;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/** What the HTTP server refuses by itself is told in the contract's envelope, too. Stateless. */
final class TransportErrors implements DirectHandler {

  /** For everything that the server may answer by itself. */
  static DirectHandlers handlers() {
    DirectHandlers.Builder builder = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      builder.addHandler(type, new TransportErrors());
    }
    return builder.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType eventType,
      Status defaultStatus,
      ServerResponseHeaders responseHeaders,
      @Nullable String message) {
    String reason = message == null || message.isBlank() ? defaultStatus.reasonPhrase() : message;
    String kind = defaultStatus.code() < 500 ? "Bad request: " : "Service internal error: ";
    return TransportResponse.builder()
        .status(defaultStatus)
        .headers(responseHeaders)
        .header(HeaderNames.CONTENT_TYPE, Reply.JSON)
        .keepAlive(false)
        .entity(AnswerWriter.error(kind + reason, System.nanoTime()))
        .build();
  }
}
