package dev.eddy.query.rest.json;

import dev.eddy.model.json.JsonValue;
import java.util.Map;

/** Half a surrogate pair can be written in JSON, but has no UTF-8 form to be stored in. */
final class Surrogates {
  private Surrogates() {}

  static boolean arePaired(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isSurrogate(character)) {
        boolean isPair =
            Character.isHighSurrogate(character)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Whether all texts of a value, keys included, are whole. */
  static boolean arePaired(JsonValue value) {
    return switch (value) {
      case JsonValue.JsonString string -> arePaired(string.value());
      case JsonValue.JsonArray array -> array.elements().stream().allMatch(Surrogates::arePaired);
      case JsonValue.JsonObject object -> {
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          if (!arePaired(member.getKey()) || !arePaired(member.getValue())) {
            yield false;
          }
        }
        yield true;
      }
      case JsonValue.JsonNull ignored -> true;
      case JsonValue.JsonBoolean ignored -> true;
      case JsonValue.JsonNumber ignored -> true;
    };
  }
}
