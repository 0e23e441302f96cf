package dev.eddy.proto;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds fields that a message carries and this version of its description does not know. */
public final class UnknownFields {
  private UnknownFields() {}

  /**
   * The first unknown field inside a message, however deep: for instance {@code filter.must[0]:
   * field 99}.
   */
  public static Optional<String> firstIn(MessageOrBuilder message) {
    return firstIn(message, "");
  }

  private static Optional<String> firstIn(MessageOrBuilder message, String path) {
    Map<Integer, ?> unknown = message.getUnknownFields().asMap();
    if (!unknown.isEmpty()) {
      int number = new TreeSet<>(unknown.keySet()).first();
      String place = path.isEmpty() ? message.getDescriptorForType().getName() : path;
      return Optional.of(place + ": field " + number);
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      String place = path.isEmpty() ? "" : path + ".";
      Optional<String> found = within(field.getValue(), place + field.getKey().getName());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> within(Object value, String path) {
    if (value instanceof Message message) {
      return firstIn(message, path);
    }
    if (value instanceof Iterable<?> elements) {
      int index = 0;
      for (Object element : elements) {
        Optional<String> found = within(element, path + "[" + index + "]");
        if (found.isPresent()) {
          return found;
        }
        index++;
      }
    }
    return Optional.empty();
  }
}
