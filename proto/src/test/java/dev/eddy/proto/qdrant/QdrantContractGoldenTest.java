package dev.eddy.proto.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The compiled contract has exactly the messages, numbers, types and methods of version 1.19. */
final class QdrantContractGoldenTest {
  private static final String GOLDEN = "/golden/qdrant-grpc-1.19/contract.txt";

  private static final List<FileDescriptor> FILES =
      List.of(
          PointsProto.getDescriptor(),
          PointsServiceProto.getDescriptor(),
          CollectionsProto.getDescriptor(),
          CollectionsServiceProto.getDescriptor(),
          SnapshotsServiceProto.getDescriptor(),
          QdrantCommonProto.getDescriptor(),
          JsonWithIntProto.getDescriptor(),
          QdrantProto.getDescriptor());

  @Test
  void everyNameNumberAndTypeIsThatOfTheContract() throws IOException {
    List<String> lines = new ArrayList<>();
    for (FileDescriptor file : FILES) {
      file.getMessageTypes().forEach(message -> describe(message, lines));
      file.getEnumTypes().forEach(type -> describe(type, lines));
      file.getServices().forEach(service -> describe(service, lines));
    }
    assertThat(lines).containsExactlyInAnyOrderElementsOf(golden());
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = QdrantContractGoldenTest.class.getResourceAsStream(GOLDEN)) {
      assertThat(in).as(GOLDEN).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static void describe(Descriptor message, List<String> lines) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    String name = shortName(message.getFullName());
    lines.add("message " + name);
    message.getFields().forEach(field -> lines.add("field " + name + " " + describe(field)));
    message.toProto().getReservedRangeList().stream()
        .flatMapToInt(range -> IntStream.range(range.getStart(), range.getEnd()))
        .forEach(number -> lines.add("reserved " + name + " " + number));
    message.getNestedTypes().forEach(nested -> describe(nested, lines));
    message.getEnumTypes().forEach(nested -> describe(nested, lines));
  }

  private static String describe(FieldDescriptor field) {
    StringBuilder line = new StringBuilder();
    line.append(field.getNumber()).append(' ').append(field.getName()).append(' ');
    line.append(typeOf(field));
    if (field.isRepeated() && !field.isMapField()) {
      line.append(" repeated");
    }
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof != null) {
      line.append(" oneof=").append(oneof.getName());
    } else if (field.toProto().getProto3Optional()) {
      line.append(" optional");
    }
    if (field.getOptions().getDeprecated()) {
      line.append(" deprecated");
    }
    return line.toString();
  }

  private static String typeOf(FieldDescriptor field) {
    if (field.isMapField()) {
      Descriptor entry = field.getMessageType();
      return "map<%s,%s>"
          .formatted(typeOf(entry.findFieldByName("key")), typeOf(entry.findFieldByName("value")));
    }
    return switch (field.getJavaType()) {
      case MESSAGE ->
          localName(
              field,
              field.getMessageType().getFullName(),
              field.getMessageType().getContainingType());
      case ENUM ->
          localName(
              field, field.getEnumType().getFullName(), field.getEnumType().getContainingType());
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  /** A nested type is written by its own name where its message uses it, as the contract does. */
  private static String localName(
      FieldDescriptor field, String fullName, @Nullable Descriptor container) {
    return field.getContainingType().equals(container)
        ? fullName.substring(fullName.lastIndexOf('.') + 1)
        : shortName(fullName);
  }

  private static void describe(EnumDescriptor type, List<String> lines) {
    type.getValues()
        .forEach(value ->
            lines.add(
                "enum %s %d %s"
                    .formatted(shortName(type.getFullName()), value.getNumber(), value.getName())));
  }

  private static void describe(ServiceDescriptor service, List<String> lines) {
    for (MethodDescriptor method : service.getMethods()) {
      assertThat(method.isClientStreaming() || method.isServerStreaming()).isFalse();
      lines.add(
          "method %s %s %s %s%s"
              .formatted(
                  service.getName(),
                  method.getName(),
                  shortName(method.getInputType().getFullName()),
                  shortName(method.getOutputType().getFullName()),
                  method.getOptions().getDeprecated() ? " deprecated" : ""));
    }
  }

  private static String shortName(String fullName) {
    return fullName.startsWith("qdrant.") ? fullName.substring("qdrant.".length()) : fullName;
  }
}
