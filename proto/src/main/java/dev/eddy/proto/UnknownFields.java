package dev.eddy.proto;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.MessageOrBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds fields that a message carries and this version of its description does not know. Safe from
 * any thread.
 */
public final class UnknownFields {
  /**
   * What there is to look into of each kind of message. Every request is looked through, and each
   * question to a message about itself costs a tenth of a microsecond.
   */
  private static final Map<Descriptor, Inner> INNER = new ConcurrentHashMap<>();

  /**
   * The fields of a message that hold messages.
   *
   * @param choices of several fields at most one, of which some hold messages
   * @param fields the others, by number
   */
  private record Inner(List<OneofDescriptor> choices, List<FieldDescriptor> fields) {}

  private UnknownFields() {}

  /**
   * The first unknown field inside a message, however deep: for instance {@code filter.must[0]:
   * field 99}.
   */
  public static Optional<String> firstIn(MessageOrBuilder message) {
    String found = find(message);
    return Optional.ofNullable(found)
        .map(place ->
            place.startsWith(":") ? message.getDescriptorForType().getName() + place : place);
  }

  /** The place as seen from the message, or null; it is put together only where one is found. */
  private static @Nullable String find(MessageOrBuilder message) {
    if (!message.getUnknownFields().isEmpty()) {
      return ": field " + new TreeSet<>(message.getUnknownFields().asMap().keySet()).first();
    }
    Inner inner = inner(message.getDescriptorForType());
    for (FieldDescriptor field : inner.fields()) {
      String found = null;
      if (field.isRepeated()) {
        found = findInEach(message, field);
      } else if (message.hasField(field)) {
        found = find((MessageOrBuilder) message.getField(field));
      }
      if (found != null) {
        return below(field, found);
      }
    }
    for (OneofDescriptor choice : inner.choices()) {
      FieldDescriptor chosen = message.getOneofFieldDescriptor(choice);
      if (chosen != null && isMessage(chosen)) {
        String found = find((MessageOrBuilder) message.getField(chosen));
        if (found != null) {
          return below(chosen, found);
        }
      }
    }
    return null;
  }

  private static String below(FieldDescriptor field, String found) {
    boolean isHere = found.startsWith(":") || found.startsWith("[");
    return field.getName() + (isHere ? "" : ".") + found;
  }

  private static @Nullable String findInEach(MessageOrBuilder message, FieldDescriptor field) {
    int count = message.getRepeatedFieldCount(field);
    for (int i = 0; i < count; i++) {
      String found = find((MessageOrBuilder) message.getRepeatedField(field, i));
      if (found != null) {
        return "[" + i + "]" + (found.startsWith(":") ? "" : ".") + found;
      }
    }
    return null;
  }

  private static Inner inner(Descriptor type) {
    Inner known = INNER.get(type);
    return known == null ? INNER.computeIfAbsent(type, UnknownFields::innerOf) : known;
  }

  private static Inner innerOf(Descriptor type) {
    return new Inner(
        type.getRealOneofs().stream()
            .filter(choice -> choice.getFields().stream().anyMatch(UnknownFields::isMessage))
            .toList(),
        type.getFields().stream()
            .filter(field -> isMessage(field) && !isMapOfValues(field))
            .filter(field -> field.getRealContainingOneof() == null)
            .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
            .toList());
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == JavaType.MESSAGE;
  }

  private static boolean isMapOfValues(FieldDescriptor field) {
    return field.isMapField()
        && field.getMessageType().findFieldByName("value").getJavaType() != JavaType.MESSAGE;
  }
}
