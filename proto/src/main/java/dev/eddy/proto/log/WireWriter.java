package dev.eddy.proto.log;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Writes protobuf's wire format into an array whose size was computed before. */
final class WireWriter {
  private final ByteBuffer out;

  WireWriter(int size) {
    out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  static int sizeOfTag(int field) {
    return CodedOutputStream.computeTagSize(field);
  }

  /** Bytes of a length and of so many bytes behind it. */
  static int sizeOfBlock(int length) {
    return Math.addExact(CodedOutputStream.computeUInt32SizeNoTag(length), length);
  }

  void writeVarint(int field, long value) {
    tag(field, WireFormat.WIRETYPE_VARINT);
    varint(value);
  }

  void writeFixed64(int field, long value) {
    tag(field, WireFormat.WIRETYPE_FIXED64);
    out.putLong(value);
  }

  /** The tag and length of a block; its bytes follow. */
  void writeBlockHead(int field, int length) {
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    varint(length);
  }

  void writeUuid(int field, UUID uuid) {
    writeBlockHead(field, 16);
    out.putLong(Long.reverseBytes(uuid.getMostSignificantBits()));
    out.putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
  }

  void writeBytes(int field, byte[] bytes) {
    writeBlockHead(field, bytes.length);
    out.put(bytes);
  }

  void writeFloats(int field, float[] values) {
    int length = values.length * Float.BYTES;
    writeBlockHead(field, length);
    out.asFloatBuffer().put(values);
    out.position(out.position() + length);
  }

  void writeMessage(MessageLite message) {
    try {
      int length = message.getSerializedSize();
      CodedOutputStream coded = CodedOutputStream.newInstance(out.slice(out.position(), length));
      message.writeTo(coded);
      coded.flush();
      out.position(out.position() + length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tag(int field, int wireType) {
    varint(LogRecordCodec.tag(field, wireType));
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  /** The array, which must be full. */
  byte[] finish() {
    if (out.hasRemaining()) {
      throw new IllegalStateException(
          "record of %d bytes was sized %d".formatted(out.position(), out.capacity()));
    }
    return out.array();
  }
}
