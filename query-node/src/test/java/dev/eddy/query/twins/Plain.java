package dev.eddy.query.twins;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an answer says, whichever transport said it: texts, lists and maps. Protobuf doesn't tell
 * nothing from zero, writes 64-bit numbers as texts and puts maps of maps into messages.
 */
final class Plain {
  /** Messages that only hold a map. */
  private static final Set<String> WRAPPERS = Set.of("statuses", "endpoints");

  /** Java has no two getters of the same name. */
  private static final Map<String, String> RENAMED = Map.of("log_topic", "log");

  private Plain() {}

  /** Of JSON; null, false, zero and empty are all "". */
  static Object of(JsonValue value) {
    return switch (value) {
      case JsonNull _ -> "";
      case JsonBoolean(boolean flag) -> flag ? "true" : "";
      case JsonNumber number -> number(JsonCodec.text(number));
      case JsonString(String text) -> text.matches("-?\\d+(\\.\\d+)?") ? number(text) : text;
      case JsonArray(List<JsonValue> elements) -> {
        List<Object> all = new ArrayList<>();
        elements.forEach(element -> all.add(of(element)));
        yield all.isEmpty() ? "" : all;
      }
      case JsonObject(Map<String, JsonValue> members) -> of(members);
    };
  }

  private static Object of(Map<String, JsonValue> members) {
    if (members.size() == 1 && WRAPPERS.contains(members.keySet().iterator().next())) {
      return of(members.values().iterator().next());
    }
    Map<String, Object> all = new TreeMap<>();
    members.forEach((name, value) -> {
      Object plain = of(value);
      if (isOfContract(name, members)) {
        all.put(name, "of the contract");
      } else if (!plain.equals("")) {
        all.put(RENAMED.getOrDefault(name, name), plain);
      }
    });
    return all.isEmpty() ? "" : all;
  }

  /** The configuration of a collection is compared elsewhere: its words differ by contract. */
  private static boolean isOfContract(String name, Map<String, JsonValue> siblings) {
    return name.equals("params")
        || name.equals("optimizers_status")
        || (name.equals("config") && siblings.containsKey("id"));
  }

  private static String number(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.signum() == 0 ? "" : number.stripTrailingZeros().toPlainString();
  }
}
