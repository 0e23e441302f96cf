package dev.eddy.proto.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the unmodified Java client knows, this contract knows by the same number and type, and the
 * bytes of the one are the bytes of the other.
 */
final class UnmodifiedClientWireTest {
  private static final long SEED = 20260101L;
  private static final int DEPTH = 4;

  private static final List<FileDescriptor> THEIRS =
      List.of(
          io.qdrant.client.grpc.Points.getDescriptor(),
          io.qdrant.client.grpc.Collections.getDescriptor(),
          io.qdrant.client.grpc.SnapshotsService.getDescriptor(),
          io.qdrant.client.grpc.Common.getDescriptor(),
          io.qdrant.client.grpc.JsonWithInt.getDescriptor(),
          io.qdrant.client.grpc.QdrantOuterClass.getDescriptor());

  private static final List<FileDescriptor> OURS =
      List.of(
          PointsProto.getDescriptor(),
          CollectionsProto.getDescriptor(),
          SnapshotsServiceProto.getDescriptor(),
          QdrantCommonProto.getDescriptor(),
          JsonWithIntProto.getDescriptor(),
          QdrantProto.getDescriptor());

  @Test
  void everyFieldOfTheClientIsKnownByTheSameNumberTypeAndLabel() {
    Map<String, Descriptor> ours = messages(OURS);
    List<String> differences = new ArrayList<>();
    messages(THEIRS)
        .forEach((name, theirs) -> {
          Descriptor mine = ours.get(name);
          if (mine == null) {
            differences.add("no message " + name);
            return;
          }
          theirs.getFields().forEach(field -> compare(field, mine, differences));
        });
    assertThat(differences).isEmpty();
  }

  @Test
  void everyEnumValueOfTheClientIsKnownByTheSameNumber() {
    Map<String, EnumDescriptor> ours = enums(OURS);
    List<String> differences = new ArrayList<>();
    enums(THEIRS)
        .forEach((name, theirs) -> {
          for (EnumValueDescriptor value : theirs.getValues()) {
            EnumDescriptor mine = ours.get(name);
            EnumValueDescriptor twin = mine == null ? null : mine.findValueByName(value.getName());
            if (twin == null || twin.getNumber() != value.getNumber()) {
              differences.add(name + "." + value.getName());
            }
          }
        });
    assertThat(differences).isEmpty();
  }

  @Test
  void whatTheClientEncodesIsReadWithNothingUnknownAndWrittenBackTheSame()
      throws InvalidProtocolBufferException {
    Map<String, Descriptor> ours = messages(OURS);
    Random random = new Random(SEED);
    for (Map.Entry<String, Descriptor> entry : messages(THEIRS).entrySet()) {
      for (int round = 0; round < 10; round++) {
        DynamicMessage theirs = filled(entry.getValue(), random, DEPTH);
        Descriptor mine = ours.get(entry.getKey());
        assertThat(mine).as(entry.getKey()).isNotNull();
        DynamicMessage parsed = DynamicMessage.parseFrom(mine, theirs.toByteString());
        String what = "seed " + SEED + " round " + round + " message " + entry.getKey();
        assertThat(UnknownFieldsProbe.firstUnknown(parsed)).as(what).isNull();
        DynamicMessage back = DynamicMessage.parseFrom(entry.getValue(), parsed.toByteString());
        assertThat(back).as(what).isEqualTo(theirs);
      }
    }
  }

  private static void compare(FieldDescriptor theirs, Descriptor mine, List<String> differences) {
    FieldDescriptor field = mine.findFieldByNumber(theirs.getNumber());
    String what = theirs.getFullName();
    if (field == null) {
      differences.add("no field " + what);
      return;
    }
    boolean same =
        field.getName().equals(theirs.getName())
            && field.getType() == theirs.getType()
            && field.isRepeated() == theirs.isRepeated()
            && field.hasPresence() == theirs.hasPresence()
            && field.isMapField() == theirs.isMapField()
            && typeName(field).equals(typeName(theirs));
    if (!same) {
      differences.add("other field " + what + ": ours is " + field.toProto());
    }
  }

  private static String typeName(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> "";
    };
  }

  private static Map<String, Descriptor> messages(List<FileDescriptor> files) {
    Map<String, Descriptor> found = new TreeMap<>();
    for (FileDescriptor file : files) {
      file.getMessageTypes().forEach(message -> collect(message, found));
    }
    return found;
  }

  private static void collect(Descriptor message, Map<String, Descriptor> found) {
    found.put(message.getFullName(), message);
    message.getNestedTypes().forEach(nested -> collect(nested, found));
  }

  private static Map<String, EnumDescriptor> enums(List<FileDescriptor> files) {
    Map<String, EnumDescriptor> found = new LinkedHashMap<>();
    for (FileDescriptor file : files) {
      file.getEnumTypes().forEach(type -> found.put(type.getFullName(), type));
    }
    messages(files)
        .values()
        .forEach(m -> m.getEnumTypes().forEach(type -> found.put(type.getFullName(), type)));
    return found;
  }

  private static DynamicMessage filled(Descriptor type, Random random, int depth) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (random.nextInt(3) == 0 || (message && depth == 0)) {
        continue;
      }
      if (field.isRepeated()) {
        // One element: the order of a map's entries is nobody's promise.
        builder.addRepeatedField(field, value(field, random, depth));
      } else {
        builder.setField(field, value(field, random, depth));
      }
    }
    return builder.build();
  }

  private static Object value(FieldDescriptor field, Random random, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "text-" + random.nextInt(1000) + "-é";
      case BYTE_STRING -> com.google.protobuf.ByteString.copyFromUtf8("bytes");
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> filled(field.getMessageType(), random, depth - 1);
    };
  }
}
