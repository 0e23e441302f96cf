package dev.eddy.query.rest.json;

import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import java.io.IOException;

/** Payloads and other free objects of clients. */
final class PayloadReader {
  private PayloadReader() {}

  /** An object; null is an empty one. */
  static Payload read(JsonBody body) throws IOException {
    if (body.isNull()) {
      return Payload.EMPTY;
    }
    return Payload.of(object(body));
  }

  static JsonObject object(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.wrongType("a map");
    }
    return (JsonObject) body.value();
  }
}
