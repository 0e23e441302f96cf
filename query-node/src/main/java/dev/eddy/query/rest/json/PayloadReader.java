package dev.eddy.query.rest.json;

import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Payloads and other free objects of clients. */
final class PayloadReader {
  private PayloadReader() {}

  /** An object; null is an empty one. */
  static Payload read(JsonBody body) throws IOException {
    if (body.isNull()) {
      return Payload.EMPTY;
    }
    JsonObject object = object(body);
    try {
      return Payload.of(object);
    } catch (UncheckedIOException e) {
      // Half a surrogate pair can be read from JSON, but has no UTF-8 form to store.
      throw body.malformedHere("lone surrogate in a string");
    }
  }

  static JsonObject object(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.wrongType("a map");
    }
    return (JsonObject) body.value();
  }
}
