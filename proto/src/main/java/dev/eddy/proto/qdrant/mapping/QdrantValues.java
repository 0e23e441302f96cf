package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.JsonValue.JsonUnsigned;
import dev.eddy.model.point.Payload;
import dev.eddy.proto.qdrant.ListValue;
import dev.eddy.proto.qdrant.NullValue;
import dev.eddy.proto.qdrant.Struct;
import dev.eddy.proto.qdrant.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON values of the contract and ours. */
public final class QdrantValues {
  private QdrantValues() {}

  /**
   * A payload from its top-level members.
   *
   * @throws EddyException "Wrong input" for a number that JSON has not
   */
  public static Payload payload(Map<String, Value> members) {
    return members.isEmpty() ? Payload.EMPTY : Payload.of(object(members));
  }

  public static JsonObject object(Map<String, Value> members) {
    Map<String, JsonValue> converted = LinkedHashMap.newLinkedHashMap(members.size());
    members.forEach((key, value) -> converted.put(key, json(value)));
    return new JsonObject(converted);
  }

  /** One value; a value of no kind is null, as in the contract. */
  public static JsonValue json(Value value) {
    Rules.checkKnownFlat(value, "a payload's value");
    return switch (value.getKindCase()) {
      case NULL_VALUE -> {
        if (value.getNullValue() == NullValue.UNRECOGNIZED) {
          throw Rules.unrecognized("null_value");
        }
        yield JsonNull.NULL;
      }
      case KIND_NOT_SET -> JsonNull.NULL;
      case DOUBLE_VALUE -> number(value.getDoubleValue());
      case INTEGER_VALUE -> new JsonLong(value.getIntegerValue());
      case STRING_VALUE -> new JsonString(value.getStringValue());
      case BOOL_VALUE -> new JsonBoolean(value.getBoolValue());
      case STRUCT_VALUE -> {
        Rules.checkKnownFlat(value.getStructValue(), "a payload's struct_value");
        yield object(value.getStructValue().getFieldsMap());
      }
      case LIST_VALUE -> {
        Rules.checkKnownFlat(value.getListValue(), "a payload's list_value");
        List<JsonValue> elements = new ArrayList<>(value.getListValue().getValuesCount());
        value.getListValue().getValuesList().forEach(element -> elements.add(json(element)));
        yield new JsonArray(elements);
      }
    };
  }

  private static JsonDouble number(double value) {
    if (!Double.isFinite(value)) {
      throw EddyException.wrongInput("JSON has no number " + value + ", got one in a payload");
    }
    return new JsonDouble(value);
  }

  /** The top-level members of a payload. */
  public static Map<String, Value> members(Payload payload) {
    return payload.isEmpty() ? Map.of() : members(payload.object());
  }

  public static Map<String, Value> members(JsonObject object) {
    Map<String, Value> converted = LinkedHashMap.newLinkedHashMap(object.members().size());
    object.members().forEach((key, value) -> converted.put(key, value(value)));
    return converted;
  }

  /** One value; an integer beyond 63 bits, which the contract has not, becomes a double. */
  public static Value value(JsonValue value) {
    Value.Builder builder = Value.newBuilder();
    switch (value) {
      case JsonNull ignored -> builder.setNullValue(NullValue.NULL_VALUE);
      case JsonBoolean bool -> builder.setBoolValue(bool.value());
      case JsonString string -> builder.setStringValue(string.value());
      case JsonLong number -> builder.setIntegerValue(number.value());
      case JsonUnsigned number -> builder.setDoubleValue(number.asDouble());
      case JsonDouble number -> builder.setDoubleValue(number.value());
      case JsonArray array -> {
        ListValue.Builder list = ListValue.newBuilder();
        array.elements().forEach(element -> list.addValues(value(element)));
        builder.setListValue(list);
      }
      case JsonObject object ->
          builder.setStructValue(Struct.newBuilder().putAllFields(members(object)));
    }
    return builder.build();
  }
}
