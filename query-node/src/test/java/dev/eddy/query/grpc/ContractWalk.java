package dev.eddy.query.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.QdrantGrpc;
import dev.eddy.proto.qdrant.SnapshotsGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks the published description of the gRPC interface: every message that a request can carry,
 * and a valid request around it. The valid messages are those of {@code samples.txt}.
 */
final class ContractWalk {
  private final Map<String, String> samples = new HashMap<>();

  /**
   * A message type in its place.
   *
   * @param path the fields that lead to it from the request
   * @param isRefused whether one of them is refused, and so this is with it
   */
  record Place(
      MethodDescriptor<Message, Message> method, List<FieldDescriptor> path, boolean isRefused) {
    Descriptor type() {
      return path.isEmpty()
          ? prototype(method).getDescriptorForType()
          : Objects.requireNonNull(valueType(path.getLast()));
    }

    /** For instance {@code Count: filter.must}. */
    @Override
    public String toString() {
      return method.getBareMethodName()
          + ": "
          + String.join(".", path.stream().map(FieldDescriptor::getName).toList());
    }
  }

  ContractWalk() {
    for (String line : lines("samples.txt")) {
      String[] parts = line.split(" ", 2);
      samples.put(parts[0], parts.length == 1 ? "" : parts[1]);
    }
  }

  /** The lines of a resource that say something. */
  static List<String> lines(String resource) {
    try (InputStream in =
            Objects.requireNonNull(
                ContractWalk.class.getResourceAsStream("/grpc-api/" + resource), resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // Every method of these services takes and gives messages.
  static List<MethodDescriptor<Message, Message>> methods() {
    List<MethodDescriptor<Message, Message>> methods = new ArrayList<>();
    for (ServiceDescriptor service :
        List.of(
            QdrantGrpc.getServiceDescriptor(),
            CollectionsGrpc.getServiceDescriptor(),
            PointsGrpc.getServiceDescriptor(),
            SnapshotsGrpc.getServiceDescriptor())) {
      service
          .getMethods()
          .forEach(method -> methods.add((MethodDescriptor<Message, Message>) method));
    }
    return methods;
  }

  private static Message prototype(MethodDescriptor<Message, Message> method) {
    return Objects.requireNonNull(
        ((MethodDescriptor.PrototypeMarshaller<Message>) method.getRequestMarshaller())
            .getMessagePrototype());
  }

  static Message emptyRequest(MethodDescriptor<Message, Message> method) {
    return prototype(method);
  }

  boolean isBuilt(MethodDescriptor<Message, Message> method) {
    return samples.containsKey("/" + method.getFullMethodName());
  }

  /**
   * Every type that a request of a built method can carry, once per method: where it is nearest,
   * but inside what is refused only if it is nowhere else.
   */
  List<Place> places(Predicate<FieldDescriptor> isRefused) {
    List<Place> places = new ArrayList<>();
    for (MethodDescriptor<Message, Message> method : methods()) {
      if (!isBuilt(method)) {
        continue;
      }
      Deque<Place> open = new ArrayDeque<>(List.of(new Place(method, List.of(), false)));
      Deque<Place> refused = new ArrayDeque<>();
      Set<String> seen = new HashSet<>();
      while (!open.isEmpty() || !refused.isEmpty()) {
        Place place = open.isEmpty() ? refused.remove() : open.remove();
        if (!seen.add(place.type().getFullName())) {
          continue;
        }
        places.add(place);
        for (FieldDescriptor field : place.type().getFields()) {
          if (valueType(field) != null) {
            List<FieldDescriptor> path = new ArrayList<>(place.path());
            path.add(field);
            boolean isInside = place.isRefused() || isRefused.test(field);
            (isInside ? refused : open).add(new Place(method, path, isInside));
          }
        }
      }
    }
    return places;
  }

  /** The type of a field's messages; of a map those of its values; null when it carries none. */
  private static @Nullable Descriptor valueType(FieldDescriptor field) {
    FieldDescriptor value =
        field.isMapField() ? field.getMessageType().findFieldByName("value") : field;
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? value.getMessageType() : null;
  }

  /** A type as the samples and the table call it: {@code PointsUpdateOperation.SetPayload}. */
  static String nameOf(Descriptor type) {
    return type.getContainingType() == null
        ? type.getName()
        : nameOf(type.getContainingType()) + "." + type.getName();
  }

  /** The valid message for a place. */
  Message sample(Place place) {
    String key =
        place.path().isEmpty() ? "/" + place.method().getFullMethodName() : nameOf(place.type());
    Message.Builder builder = builder(place);
    merge(samples.getOrDefault(key, ""), builder);
    return builder.build();
  }

  /** The valid message for a place, with a value in a field that was not there before. */
  Message sampleWith(Place place, FieldDescriptor field) {
    Message.Builder builder = sample(place).toBuilder();
    String told = samples.get(nameOf(place.type()) + "." + field.getName());
    if (told == null) {
      builder.setField(field, value(builder, field));
    } else {
      Message.Builder carrier = builder(place);
      merge(told, carrier);
      builder.setField(field, carrier.getField(field));
    }
    return builder.build();
  }

  /** The request around a message in its place. */
  Message request(Place place, Message message) {
    Message inner = message;
    for (int depth = place.path().size() - 1; depth >= 0; depth--) {
      Place outer = new Place(place.method(), place.path().subList(0, depth), false);
      Message.Builder builder = sample(outer).toBuilder();
      put(builder, place.path().get(depth), inner);
      inner = builder.build();
    }
    return inner;
  }

  private static Message.Builder builder(Place place) {
    Message.Builder builder = prototype(place.method()).newBuilderForType();
    for (FieldDescriptor field : place.path()) {
      builder = valueBuilder(builder, field);
    }
    return builder;
  }

  /** An empty message of what the field holds. */
  private static Message.Builder valueBuilder(Message.Builder of, FieldDescriptor field) {
    Message.Builder direct = of.newBuilderForField(field);
    return field.isMapField()
        ? direct.newBuilderForField(field.getMessageType().findFieldByName("value"))
        : direct;
  }

  private static void put(Message.Builder into, FieldDescriptor field, Message value) {
    if (field.isMapField()) {
      FieldDescriptor keyField = field.getMessageType().findFieldByName("key");
      FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
      Message entry =
          into.newBuilderForField(field)
              .setField(keyField, "v")
              .setField(valueField, value)
              .build();
      into.setField(field, List.of(entry));
    } else if (field.isRepeated()) {
      into.setField(field, List.of(value));
    } else {
      into.setField(field, value);
    }
  }

  private Object value(Message.Builder of, FieldDescriptor field) {
    Descriptor type = valueType(field);
    if (type != null) {
      Message.Builder inner = valueBuilder(of, field);
      merge(samples.getOrDefault(nameOf(type), ""), inner);
      Message.Builder carrier = of.build().newBuilderForType();
      put(carrier, field, inner.build());
      return carrier.getField(field);
    }
    Object one =
        switch (field.getJavaType()) {
          case INT -> 17;
          case LONG -> 17L;
          case FLOAT -> 0.75f;
          case DOUBLE -> 0.75;
          case BOOLEAN -> true;
          case STRING -> "other";
          case ENUM -> another(field, of.getField(field));
          case BYTE_STRING, MESSAGE -> throw new AssertionError("no value for " + field);
        };
    return field.isRepeated() ? List.of(one) : one;
  }

  private static EnumValueDescriptor another(FieldDescriptor field, Object known) {
    return field.getEnumType().getValues().stream()
        .filter(value -> value.getNumber() != 0 && !value.equals(known))
        .findFirst()
        // An enum of one value: being there at all is what it says.
        .orElse(field.getEnumType().getValues().getFirst());
  }

  private static void merge(String text, Message.Builder into) {
    try {
      TextFormat.merge(text, into);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(into.getDescriptorForType().getName() + ": " + text, e);
    }
  }
}
