package dev.eddy.proto.qdrant;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/** Finds, for tests, the first message inside a message that carries a field it does not know. */
final class UnknownFieldsProbe {
  private UnknownFieldsProbe() {}

  static @Nullable String firstUnknown(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return message.getDescriptorForType().getFullName();
    }
    for (Object value : message.getAllFields().values()) {
      String found = within(value);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable String within(Object value) {
    if (value instanceof Message nested) {
      return firstUnknown(nested);
    }
    if (value instanceof Iterable<?> list) {
      for (Object element : list) {
        String found = within(element);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
