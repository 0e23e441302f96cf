package dev.eddy.query.rest.json;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Paths into payloads, as bodies give them. */
final class Keys {
  private Keys() {}

  static KeyPath read(JsonBody body) throws IOException {
    String text = body.string();
    try {
      return KeyPath.parse(text);
    } catch (EddyException e) {
      throw body.malformedHere("Invalid json path: '" + JsonBody.shortened(text) + "'");
    }
  }

  static List<KeyPath> list(JsonBody body) throws IOException {
    List<KeyPath> keys = new ArrayList<>();
    body.array(() -> keys.add(read(body)));
    return keys;
  }
}
