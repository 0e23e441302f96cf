package dev.eddy.proto.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.WireFormat;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Origin;
import dev.eddy.model.update.Update.InboxChange;
import dev.eddy.proto.UnknownFields;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.PointMessages;
import dev.eddy.proto.model.MultiMessage;
import dev.eddy.proto.model.NamedVectorMessage;
import dev.eddy.proto.model.PointMessage;
import dev.eddy.proto.model.SparseMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads points straight into their arrays; every method reads up to the stream's limit. */
final class PointReader {
  private static final int BLOCK = WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int VARINT = WireFormat.WIRETYPE_VARINT;

  private static final int NUM =
      LogRecordCodec.tag(PointMessage.NUM_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64);
  private static final int UUID_TAG = LogRecordCodec.tag(PointMessage.UUID_FIELD_NUMBER, BLOCK);
  private static final int VECTORS = LogRecordCodec.tag(PointMessage.VECTORS_FIELD_NUMBER, BLOCK);
  private static final int PAYLOAD = LogRecordCodec.tag(PointMessage.PAYLOAD_FIELD_NUMBER, BLOCK);

  private static final int NAME = LogRecordCodec.tag(NamedVectorMessage.NAME_FIELD_NUMBER, BLOCK);
  private static final int DENSE = LogRecordCodec.tag(NamedVectorMessage.DENSE_FIELD_NUMBER, BLOCK);
  private static final int SPARSE =
      LogRecordCodec.tag(NamedVectorMessage.SPARSE_FIELD_NUMBER, BLOCK);
  private static final int MULTI = LogRecordCodec.tag(NamedVectorMessage.MULTI_FIELD_NUMBER, BLOCK);

  private static final int INBOX_TOPIC_ID =
      LogRecordCodec.tag(InboxChangeMessage.TOPIC_ID_FIELD_NUMBER, BLOCK);
  private static final int INBOX_PARTITION =
      LogRecordCodec.tag(InboxChangeMessage.PARTITION_FIELD_NUMBER, VARINT);
  private static final int INBOX_OFFSET =
      LogRecordCodec.tag(InboxChangeMessage.OFFSET_FIELD_NUMBER, VARINT);
  private static final int INBOX_BEFORE =
      LogRecordCodec.tag(InboxChangeMessage.BEFORE_FIELD_NUMBER, VARINT);
  private static final int INBOX_NUM =
      LogRecordCodec.tag(InboxChangeMessage.NUM_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64);
  private static final int INBOX_UUID =
      LogRecordCodec.tag(InboxChangeMessage.UUID_FIELD_NUMBER, BLOCK);
  private static final int INBOX_POINT =
      LogRecordCodec.tag(InboxChangeMessage.POINT_FIELD_NUMBER, BLOCK);

  private PointReader() {}

  static Point point(CodedInputStream in) throws IOException {
    @Nullable PointId id = null;
    Content content = new Content();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == NUM) {
        id = PointId.of(in.readFixed64());
      } else if (tag == UUID_TAG) {
        id = PointId.of(uuid(in));
      } else if (!content.read(tag, in)) {
        throw unknown("point", tag);
      }
    }
    return new Point(present(id), content.vectors(), content.payload);
  }

  static PointVectors pointVectors(CodedInputStream in) throws IOException {
    @Nullable PointId id = null;
    Content content = new Content();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == NUM) {
        id = PointId.of(in.readFixed64());
      } else if (tag == UUID_TAG) {
        id = PointId.of(uuid(in));
      } else if (tag == PAYLOAD || !content.read(tag, in)) {
        throw unknown("point vectors", tag);
      }
    }
    return new PointVectors(present(id), content.vectors());
  }

  static InboxChange inboxChange(CodedInputStream in) throws IOException {
    @Nullable UUID topicId = null;
    int partition = 0;
    long offset = 0;
    long before = Origin.NONE;
    @Nullable PointId id = null;
    @Nullable Content content = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == INBOX_TOPIC_ID) {
        topicId = uuid(in);
      } else if (tag == INBOX_PARTITION) {
        partition = in.readUInt32();
      } else if (tag == INBOX_OFFSET) {
        offset = in.readUInt64();
      } else if (tag == INBOX_BEFORE) {
        before = in.readUInt64();
      } else if (tag == INBOX_NUM) {
        id = PointId.of(in.readFixed64());
      } else if (tag == INBOX_UUID) {
        id = PointId.of(uuid(in));
      } else if (tag == INBOX_POINT) {
        content = Content.whole(in);
      } else {
        throw unknown("inbox change", tag);
      }
    }
    PointId known = present(id);
    return new InboxChange(
        new Origin(present(topicId), partition, offset, before),
        known,
        content == null ? null : new Point(known, content.vectors(), content.payload));
  }

  /** What a point has besides its id. */
  private static final class Content {
    private Payload payload = Payload.EMPTY;
    private @Nullable String firstName;
    private @Nullable Vector first;
    private @Nullable Map<String, Vector> more;

    static Content whole(CodedInputStream in) throws IOException {
      Content content = new Content();
      int limit = in.pushLimit(in.readRawVarint32());
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!content.read(tag, in)) {
          throw unknown("inbox point", tag);
        }
      }
      in.popLimit(limit);
      return content;
    }

    /** Reads a field if it is one of these. */
    boolean read(int tag, CodedInputStream in) throws IOException {
      if (tag == VECTORS) {
        int limit = in.pushLimit(in.readRawVarint32());
        vector(in);
        in.popLimit(limit);
        return true;
      }
      if (tag == PAYLOAD) {
        payload = new Payload(in.readByteArray());
        return true;
      }
      return false;
    }

    private void vector(CodedInputStream in) throws IOException {
      String name = Vectors.UNNAMED;
      @Nullable Vector vector = null;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == NAME) {
          name = in.readStringRequireUtf8();
        } else if (tag == DENSE) {
          vector = new Vector.Dense(floats(in.readByteBuffer()));
        } else if (tag == SPARSE) {
          vector = sparse(in);
        } else if (tag == MULTI) {
          vector = multi(in);
        } else {
          throw unknown("vector", tag);
        }
      }
      add(name, present(vector));
    }

    private void add(String name, Vector vector) {
      if (first == null) {
        firstName = name;
        first = vector;
        return;
      }
      if (more == null) {
        more = new LinkedHashMap<>();
        more.put(present(firstName), first);
      }
      if (more.put(name, vector) != null) {
        throw new UnknownRecordException("log record has vector \"%s\" twice".formatted(name));
      }
    }

    Vectors vectors() {
      if (more != null) {
        return new Vectors(more);
      }
      return first == null ? Vectors.NONE : new Vectors(Map.of(present(firstName), first));
    }
  }

  private static float[] floats(ByteBuffer bytes) {
    if (bytes.remaining() % Float.BYTES != 0) {
      throw new UnknownRecordException(
          "log record has a vector of %d bytes, no whole float32 values"
              .formatted(bytes.remaining()));
    }
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static Vector.Sparse sparse(CodedInputStream in) throws IOException {
    SparseMessage.Builder builder = SparseMessage.newBuilder();
    in.readMessage(builder, ExtensionRegistryLite.getEmptyRegistry());
    SparseMessage message = builder.build();
    UnknownFields.firstIn(message).ifPresent(PointReader::refuse);
    return PointMessages.sparse(message);
  }

  private static Vector.Multi multi(CodedInputStream in) throws IOException {
    MultiMessage.Builder builder = MultiMessage.newBuilder();
    in.readMessage(builder, ExtensionRegistryLite.getEmptyRegistry());
    MultiMessage message = builder.build();
    UnknownFields.firstIn(message).ifPresent(PointReader::refuse);
    return PointMessages.multi(message);
  }

  private static UUID uuid(CodedInputStream in) throws IOException {
    ByteBuffer bytes = in.readByteBuffer();
    if (bytes.remaining() != 16) {
      throw new UnknownRecordException(
          "log record has a uuid of %d bytes".formatted(bytes.remaining()));
    }
    bytes.order(ByteOrder.BIG_ENDIAN);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  static void expectBlock(int tag, int field) {
    if (tag != LogRecordCodec.tag(field, BLOCK)) {
      throw unknown("bundle", tag);
    }
  }

  private static UnknownRecordException unknown(String where, int tag) {
    return new UnknownRecordException(
        "log record has an unknown field in a %s: %d"
            .formatted(where, WireFormat.getTagFieldNumber(tag)));
  }

  private static void refuse(String place) {
    throw new UnknownRecordException("log record has an unknown " + place);
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new UnknownRecordException("log record lacks an id or a vector's values");
    }
    return value;
  }
}
