package dev.eddy.model.point;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A point's payload as the UTF-8 text of one JSON object, in the form {@link JsonCodec#write} gives
 * it.
 *
 * <p>Kept as text because most payloads are only carried: from a request to the log, from the store
 * to an answer. The array is shared, never copied: treat it as read-only.
 */
public record Payload(byte[] json) {
  public static final Payload EMPTY = new Payload("{}".getBytes(StandardCharsets.UTF_8));

  public static Payload of(JsonObject object) {
    return object.isEmpty() ? EMPTY : new Payload(JsonCodec.write(object));
  }

  public boolean isEmpty() {
    return json.length == 2;
  }

  public JsonObject object() {
    return isEmpty() ? JsonObject.EMPTY : (JsonObject) JsonCodec.parseTrusted(json);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload(byte[] theirs) && Arrays.equals(json, theirs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
