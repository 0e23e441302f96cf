package dev.eddy.query.limit;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.point.Payload;

/** How large and how deep a payload may be. Stateless. */
final class PayloadBounds {
  private PayloadBounds() {}

  /**
   * @param path of the payload in the request
   * @throws EddyException VALIDATION with limit and value
   */
  static void check(Limits limits, Payload payload, String path) {
    byte[] json = payload.json();
    if (json.length > limits.of(Limit.PAYLOAD)) {
      throw EddyException.tooMany(
          Limit.PAYLOAD, path, json.length, "bytes", limits.of(Limit.PAYLOAD));
    }
    int max = limits.intOf(Limit.PAYLOAD_DEPTH);
    // A level takes two bytes at least, so most payloads need not be looked at.
    int depth = json.length <= 2 * max ? 0 : depth(json);
    if (depth > max) {
      throw EddyException.tooMany(Limit.PAYLOAD_DEPTH, path, depth, "levels", max);
    }
  }

  /** Brackets inside brackets; the text is well formed and without blanks. */
  static int depth(byte[] json) {
    int depth = 0;
    int deepest = 0;
    boolean isText = false;
    for (int i = 0; i < json.length; i++) {
      byte each = json[i];
      if (isText) {
        if (each == '\\') {
          i++;
        } else if (each == '"') {
          isText = false;
        }
      } else if (each == '"') {
        isText = true;
      } else if (each == '{' || each == '[') {
        depth++;
        deepest = Math.max(deepest, depth);
      } else if (each == '}' || each == ']') {
        depth--;
      }
    }
    return deepest;
  }
}
