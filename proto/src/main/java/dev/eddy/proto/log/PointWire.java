package dev.eddy.proto.log;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.mapping.PointMessages;
import dev.eddy.proto.model.NamedVectorMessage;
import dev.eddy.proto.model.PointMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Points inside a record, sized and written without intermediate messages. */
final class PointWire {
  /** Number of the repeated field that holds the elements of every bundle. */
  static final int BUNDLE = UpsertRecord.POINTS_FIELD_NUMBER;

  private static final int UUID_BYTES = 16;

  private PointWire() {}

  static int size(Point point) {
    return sizeOfId(PointMessage.NUM_FIELD_NUMBER, point.id())
        + size(point.vectors())
        + size(point.payload());
  }

  static void write(Point point, WireWriter out) {
    writeId(PointMessage.NUM_FIELD_NUMBER, point.id(), out);
    write(point.vectors(), out);
    write(point.payload(), out);
  }

  static int size(PointVectors point) {
    return sizeOfId(PointMessage.NUM_FIELD_NUMBER, point.id()) + size(point.vectors());
  }

  static void write(PointVectors point, WireWriter out) {
    writeId(PointMessage.NUM_FIELD_NUMBER, point.id(), out);
    write(point.vectors(), out);
  }

  static int size(InboxChange change) {
    Origin origin = change.origin();
    int size =
        sizeOfUuid(InboxChangeMessage.TOPIC_ID_FIELD_NUMBER)
            + sizeUnlessZero(InboxChangeMessage.PARTITION_FIELD_NUMBER, origin.partition())
            + sizeUnlessZero(InboxChangeMessage.OFFSET_FIELD_NUMBER, origin.offset())
            + sizeOfId(InboxChangeMessage.NUM_FIELD_NUMBER, change.id());
    if (origin.before() != Origin.NONE) {
      size +=
          CodedOutputStream.computeUInt64Size(
              InboxChangeMessage.BEFORE_FIELD_NUMBER, origin.before());
    }
    Point point = change.point();
    return point == null
        ? size
        : size
            + WireWriter.sizeOfTag(InboxChangeMessage.POINT_FIELD_NUMBER)
            + WireWriter.sizeOfBlock(size(point.vectors()) + size(point.payload()));
  }

  static void write(InboxChange change, WireWriter out) {
    Origin origin = change.origin();
    out.writeUuid(InboxChangeMessage.TOPIC_ID_FIELD_NUMBER, origin.topicId());
    writeUnlessZero(InboxChangeMessage.PARTITION_FIELD_NUMBER, origin.partition(), out);
    writeUnlessZero(InboxChangeMessage.OFFSET_FIELD_NUMBER, origin.offset(), out);
    if (origin.before() != Origin.NONE) {
      out.writeVarint(InboxChangeMessage.BEFORE_FIELD_NUMBER, origin.before());
    }
    writeId(InboxChangeMessage.NUM_FIELD_NUMBER, change.id(), out);
    Point point = change.point();
    if (point != null) {
      out.writeBlockHead(
          InboxChangeMessage.POINT_FIELD_NUMBER, size(point.vectors()) + size(point.payload()));
      write(point.vectors(), out);
      write(point.payload(), out);
    }
  }

  private static int sizeOfId(int numField, PointId id) {
    return switch (id) {
      case PointId.Num ignored -> CodedOutputStream.computeFixed64Size(numField, 0);
      case PointId.Uuid ignored -> sizeOfUuid(numField + 1);
    };
  }

  private static void writeId(int numField, PointId id, WireWriter out) {
    switch (id) {
      case PointId.Num number -> out.writeFixed64(numField, number.bits());
      case PointId.Uuid uuid -> out.writeUuid(numField + 1, uuid.value());
    }
  }

  private static int sizeOfUuid(int field) {
    return WireWriter.sizeOfTag(field) + WireWriter.sizeOfBlock(UUID_BYTES);
  }

  private static int size(Payload payload) {
    return payload.isEmpty()
        ? 0
        : WireWriter.sizeOfTag(PointMessage.PAYLOAD_FIELD_NUMBER)
            + WireWriter.sizeOfBlock(payload.json().length);
  }

  private static void write(Payload payload, WireWriter out) {
    if (!payload.isEmpty()) {
      out.writeBytes(PointMessage.PAYLOAD_FIELD_NUMBER, payload.json());
    }
  }

  private static int size(Vectors vectors) {
    int size = 0;
    for (Map.Entry<String, Vector> entry : vectors.byName().entrySet()) {
      size +=
          WireWriter.sizeOfTag(PointMessage.VECTORS_FIELD_NUMBER)
              + WireWriter.sizeOfBlock(size(entry.getKey(), entry.getValue()));
    }
    return size;
  }

  private static void write(Vectors vectors, WireWriter out) {
    for (Map.Entry<String, Vector> entry : vectors.byName().entrySet()) {
      out.writeBlockHead(PointMessage.VECTORS_FIELD_NUMBER, size(entry.getKey(), entry.getValue()));
      write(entry.getKey(), entry.getValue(), out);
    }
  }

  private static int size(String name, Vector vector) {
    int size =
        name.isEmpty()
            ? 0
            : CodedOutputStream.computeStringSize(NamedVectorMessage.NAME_FIELD_NUMBER, name);
    return size
        + switch (vector) {
          case Vector.Dense dense ->
              WireWriter.sizeOfTag(NamedVectorMessage.DENSE_FIELD_NUMBER)
                  + WireWriter.sizeOfBlock(dense.values().length * Float.BYTES);
          case Vector.Sparse sparse ->
              sizeOf(NamedVectorMessage.SPARSE_FIELD_NUMBER, PointMessages.sparse(sparse));
          case Vector.Multi multi ->
              sizeOf(NamedVectorMessage.MULTI_FIELD_NUMBER, PointMessages.multi(multi));
        };
  }

  private static void write(String name, Vector vector, WireWriter out) {
    if (!name.isEmpty()) {
      out.writeBytes(NamedVectorMessage.NAME_FIELD_NUMBER, name.getBytes(StandardCharsets.UTF_8));
    }
    switch (vector) {
      case Vector.Dense dense ->
          out.writeFloats(NamedVectorMessage.DENSE_FIELD_NUMBER, dense.values());
      case Vector.Sparse sparse ->
          write(NamedVectorMessage.SPARSE_FIELD_NUMBER, PointMessages.sparse(sparse), out);
      case Vector.Multi multi ->
          write(NamedVectorMessage.MULTI_FIELD_NUMBER, PointMessages.multi(multi), out);
    }
  }

  private static int sizeOf(int field, MessageLite message) {
    return WireWriter.sizeOfTag(field) + WireWriter.sizeOfBlock(message.getSerializedSize());
  }

  private static void write(int field, MessageLite message, WireWriter out) {
    out.writeBlockHead(field, message.getSerializedSize());
    out.writeMessage(message);
  }

  private static int sizeUnlessZero(int field, long value) {
    return value == 0 ? 0 : CodedOutputStream.computeUInt64Size(field, value);
  }

  private static void writeUnlessZero(int field, long value, WireWriter out) {
    if (value != 0) {
      out.writeVarint(field, value);
    }
  }
}
