package dev.eddy.engine.filter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads only those top-level members of a payload that a filter looks at. */
public final class PayloadReader {
  private PayloadReader() {}

  /** The payload with at least these members, if it has them. */
  public static JsonObject members(Payload payload, Set<String> names) {
    if (payload.isEmpty() || names.isEmpty()) {
      return JsonObject.EMPTY;
    }
    try (JsonParser parser = JsonCodec.factory().createParser(payload.json())) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (names.contains(name)) {
          members.put(name, JsonCodec.read(parser));
        } else {
          parser.skipChildren();
        }
      }
      return new JsonObject(members);
    } catch (IOException e) {
      throw new UncheckedIOException("stored payload does not parse", e);
    }
  }
}
