package dev.eddy.engine.shard;

import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The collection's configuration as JSON: one member per record component, of its name. Components
 * may be numbers, flags, texts, enum constants, records, maps from text to records, lists of texts,
 * and JSON objects; a record of a sealed interface says first which of its records it is. Null is
 * stored as null, a missing member reads as null, or as an empty map or list. A golden file holds
 * the names still.
 */
final class RecordJson {
  /**
   * Components that a record got after its first version: left out while they say nothing, so that
   * what was stored before stays what it was.
   */
  private static final Set<String> LATER =
      Set.of(
          "CollectionSpec.payloadIndexes",
          "CollectionSpec.strictMode",
          "CollectionSpec.sparseVectors",
          "CollectionSpec.quantization",
          "VectorParams.multivector",
          "VectorParams.quantization");

  /** The member that says which record of a sealed interface it is. */
  private static final String KIND = "kind";

  private RecordJson() {}

  static JsonValue write(@Nullable Object value) {
    return switch (value) {
      case null -> JsonNull.NULL;
      case JsonValue json -> json;
      case Boolean flag -> new JsonBoolean(flag);
      case Integer number -> new JsonLong(number);
      case Long number -> new JsonLong(number);
      case Float number -> new JsonDouble(number);
      case Double number -> new JsonDouble(number);
      case String text -> new JsonString(text);
      case Enum<?> constant -> new JsonString(constant.name());
      case Map<?, ?> map -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        map.forEach((key, entry) -> members.put(String.valueOf(key), write(entry)));
        yield new JsonObject(members);
      }
      case List<?> list -> new JsonArray(list.stream().map(RecordJson::write).toList());
      case Record fields -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        if (isOneOfSeveral(fields.getClass())) {
          members.put(KIND, new JsonString(fields.getClass().getSimpleName()));
        }
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
          Object member = valueOf(component, fields);
          String name = fields.getClass().getSimpleName() + "." + component.getName();
          if (!LATER.contains(name) || isSaid(member)) {
            members.put(component.getName(), write(member));
          }
        }
        yield new JsonObject(members);
      }
      default -> throw new IllegalArgumentException("no JSON form of " + value.getClass());
    };
  }

  private static boolean isOneOfSeveral(Class<?> type) {
    return Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed);
  }

  private static boolean isSaid(@Nullable Object member) {
    return member != null && !(member instanceof Map<?, ?> map && map.isEmpty());
  }

  private static @Nullable Object valueOf(RecordComponent component, Record fields) {
    try {
      return component.getAccessor().invoke(fields);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("component " + component + " does not read", e);
    }
  }

  /**
   * @throws IllegalArgumentException when the JSON is not such a record
   */
  static <R extends Record> R read(JsonValue json, Class<R> type) {
    if (!(json instanceof JsonObject object)) {
      throw new IllegalArgumentException("no object for " + type.getSimpleName());
    }
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      JsonValue member = object.members().getOrDefault(components[i].getName(), JsonNull.NULL);
      arguments[i] = read(member, components[i].getGenericType());
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("no " + type.getSimpleName() + ": " + e.getCause(), e);
    }
  }

  private static @Nullable Object read(JsonValue json, Type type) {
    return switch (json) {
      case JsonNull ignored when isA(type, Map.class) -> Map.of();
      case JsonNull ignored when isA(type, List.class) -> List.of();
      case JsonNull ignored -> null;
      case JsonBoolean(boolean flag) -> flag;
      case JsonNumber number when isOneOf(type, Integer.class, int.class) ->
          Math.toIntExact(whole(number));
      case JsonNumber number when isOneOf(type, Long.class, long.class) -> whole(number);
      case JsonNumber number when type == Float.class -> (float) number.asDouble();
      case JsonNumber number -> number.asDouble();
      case JsonString(String text) -> type == String.class ? text : constant(text, type);
      case JsonObject object when type == JsonObject.class -> object;
      case JsonObject object when type instanceof ParameterizedType map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        Class<? extends Record> entryType = recordType(map.getActualTypeArguments()[1]);
        object.members().forEach((key, entry) -> entries.put(key, read(entry, entryType)));
        yield entries;
      }
      case JsonObject object when type instanceof Class<?> several && several.isSealed() ->
          read(object, kind(object, several));
      case JsonObject object -> read(object, recordType(type));
      case JsonArray(List<JsonValue> elements) when isA(type, List.class) ->
          elements.stream().map(element -> (String) read(element, String.class)).toList();
      case JsonArray ignored -> throw new IllegalArgumentException("array for " + type);
    };
  }

  private static boolean isA(Type type, Class<?> raw) {
    return type instanceof ParameterizedType known && known.getRawType() == raw;
  }

  private static boolean isOneOf(Type type, Type first, Type second) {
    return type == first || type == second;
  }

  private static long whole(JsonNumber number) {
    if (number instanceof JsonLong(long value)) {
      return value;
    }
    throw new IllegalArgumentException("no integer: " + number);
  }

  private static Object constant(String name, Type type) {
    if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
      for (Object constant : enumeration.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    throw new IllegalArgumentException(name + " is no " + type);
  }

  private static Class<? extends Record> kind(JsonObject object, Class<?> several) {
    JsonValue kind = object.members().getOrDefault(KIND, JsonNull.NULL);
    return Arrays.stream(several.getPermittedSubclasses())
        .filter(record -> kind.equals(new JsonString(record.getSimpleName())))
        .findFirst()
        .map(RecordJson::recordType)
        .orElseThrow(() ->
            new IllegalArgumentException("no kind of " + several.getSimpleName() + ": " + kind));
  }

  private static Class<? extends Record> recordType(Type type) {
    if (type instanceof Class<?> known && known.isRecord()) {
      return known.asSubclass(Record.class);
    }
    throw new IllegalArgumentException("no record type: " + type);
  }
}
