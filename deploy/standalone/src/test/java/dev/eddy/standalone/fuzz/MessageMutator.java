package dev.eddy.standalone.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes messages of any type out of its description, and changes one at any depth. Used by one
 * thread.
 */
final class MessageMutator {
  private static final int DEPTH_MAX = 12;
  private static final int LIST_MAX = 4;
  private static final long[] LONGS = {
    0,
    1,
    -1,
    2,
    3,
    10,
    64,
    255,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffff_ffffL,
    1L << 53,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    2,
    90,
    -180,
    1e39,
    -1e300,
    Float.MAX_VALUE,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final String[] STRINGS = {
    "",
    "words",
    "mixed",
    "strict",
    "vocabulary",
    "nobody",
    "city",
    "n",
    "place",
    "at",
    "$score",
    "image",
    "parts",
    "terms",
    "rare",
    "a.b[].c",
    "a..b",
    "[0]",
    " ",
    "\0",
    "\u202e\uffff\u0301",
    "550e8400-e29b-41d4-a716-446655440000",
    "2024-01-01",
    "qdrant/bm25",
    "english",
    "x".repeat(5_000)
  };

  private final Random random;

  MessageMutator(Random random) {
    this.random = random;
  }

  /** The message with some of its fields, at whatever depth, changed. */
  Message mutated(Message message) {
    Message.Builder builder = message.toBuilder();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      change(builder, 0);
    }
    return builder.buildPartial();
  }

  private void change(Message.Builder builder, int depth) {
    List<FieldDescriptor> fields = builder.getDescriptorForType().getFields();
    if (fields.isEmpty()) {
      return;
    }
    List<FieldDescriptor> present = new ArrayList<>(builder.getAllFields().keySet());
    boolean goesDeeper = !present.isEmpty() && random.nextInt(4) > 0;
    FieldDescriptor field =
        goesDeeper
            ? present.get(random.nextInt(present.size()))
            : fields.get(random.nextInt(fields.size()));
    if (isSingleMessage(field) && builder.hasField(field) && goesDeeper) {
      Message.Builder inner = ((Message) builder.getField(field)).toBuilder();
      change(inner, depth + 1);
      builder.setField(field, inner.buildPartial());
    } else if (field.isRepeated() && builder.getRepeatedFieldCount(field) > 0 && goesDeeper) {
      changeElement(builder, field, depth);
    } else if (random.nextInt(6) == 0) {
      builder.clearField(field);
    } else {
      set(builder, field, depth);
    }
  }

  private void changeElement(Message.Builder builder, FieldDescriptor field, int depth) {
    int at = random.nextInt(builder.getRepeatedFieldCount(field));
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && random.nextInt(4) > 0) {
      Message.Builder inner = ((Message) builder.getRepeatedField(field, at)).toBuilder();
      change(inner, depth + 1);
      builder.setRepeatedField(field, at, inner.buildPartial());
    } else if (random.nextBoolean()) {
      builder.addRepeatedField(field, builder.getRepeatedField(field, at));
    } else {
      builder.setRepeatedField(field, at, value(builder, field, depth));
    }
  }

  private static boolean isSingleMessage(FieldDescriptor field) {
    return !field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  /** A message of every field or of a few, each with some value. */
  void fill(Message.Builder builder, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (random.nextInt(2 + depth) == 0) {
        set(builder, field, depth);
      }
    }
  }

  private void set(Message.Builder builder, FieldDescriptor field, int depth) {
    if (!field.isRepeated()) {
      builder.setField(field, value(builder, field, depth));
      return;
    }
    builder.clearField(field);
    int count = random.nextInt(20) == 0 ? 200 : random.nextInt(LIST_MAX);
    for (int i = 0; i < count; i++) {
      builder.addRepeatedField(field, value(builder, field, depth));
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) LONGS[random.nextInt(LONGS.length)];
      case LONG -> LONGS[random.nextInt(LONGS.length)];
      case FLOAT -> (float) DOUBLES[random.nextInt(DOUBLES.length)];
      case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
      case BOOLEAN -> random.nextBoolean();
      case STRING -> STRINGS[random.nextInt(STRINGS.length)];
      case BYTE_STRING -> ByteString.copyFromUtf8(STRINGS[random.nextInt(STRINGS.length)]);
      case ENUM -> constant(field.getEnumType());
      case MESSAGE -> {
        Message.Builder inner = builder.newBuilderForField(field);
        if (depth < DEPTH_MAX) {
          fill(inner, depth + 1);
        }
        yield inner.buildPartial();
      }
    };
  }

  /** Also one that the description doesn't know. */
  private EnumValueDescriptor constant(EnumDescriptor type) {
    int at = random.nextInt(type.getValues().size() + 1);
    return at < type.getValues().size()
        ? type.getValues().get(at)
        : type.findValueByNumberCreatingIfUnknown(77);
  }
}
