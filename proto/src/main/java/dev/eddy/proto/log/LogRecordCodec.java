package dev.eddy.proto.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.update.Update;
import dev.eddy.proto.UnknownRecordException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Updates to the bytes of one log record and back; the bytes are those of {@code LogRecord} in
 * {@code eddy/log.proto}, format {@value #FORMAT}. Stateless.
 *
 * <p>Kinds that carry points are written and read by hand, straight between the update's arrays and
 * the record's bytes, because ingest and replay are bound by them; the other kinds go by their
 * messages.
 */
public final class LogRecordCodec {
  /** The format this version writes, and the only one it reads. */
  public static final int FORMAT = 1;

  private static final int FORMAT_BYTES = 2;

  private LogRecordCodec() {}

  /** Bytes that {@link #encode} will give, computed without encoding. */
  public static int encodedSize(Update update) {
    return encodedSize(RecordBody.of(update));
  }

  private static int encodedSize(RecordBody body) {
    return FORMAT_BYTES + WireWriter.sizeOfTag(body.field()) + WireWriter.sizeOfBlock(body.size());
  }

  /** Bytes that one more point adds to an {@link Update.Upsert}. */
  public static int sizeInBundle(Point point) {
    return WireWriter.sizeOfTag(PointWire.BUNDLE) + WireWriter.sizeOfBlock(PointWire.size(point));
  }

  /** Bytes that one more change adds to an {@link Update.FromInbox}. */
  public static int sizeInBundle(Update.InboxChange change) {
    return WireWriter.sizeOfTag(PointWire.BUNDLE) + WireWriter.sizeOfBlock(PointWire.size(change));
  }

  /** Bytes that one more point adds to an {@link Update.UpdateVectors}. */
  public static int sizeInBundle(PointVectors point) {
    return WireWriter.sizeOfTag(PointWire.BUNDLE) + WireWriter.sizeOfBlock(PointWire.size(point));
  }

  /**
   * The bytes of one record.
   *
   * @throws dev.eddy.model.error.EddyException a validation error when the update holds a filter
   *     that is nested too deep
   */
  public static byte[] encode(Update update) {
    RecordBody body = RecordBody.of(update);
    WireWriter out = new WireWriter(encodedSize(body));
    out.writeVarint(LogRecord.FORMAT_FIELD_NUMBER, FORMAT);
    out.writeBlockHead(body.field(), body.size());
    body.writeTo(out);
    return out.finish();
  }

  /**
   * Reads one record.
   *
   * @throws UnknownRecordException when the bytes hold anything that this version does not
   *     understand completely
   */
  public static Update decode(byte[] record) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(record);
      in.enableAliasing(true);
      return decode(in);
    } catch (IOException | RuntimeException e) {
      if (e instanceof UnknownRecordException unknown) {
        throw unknown;
      }
      throw new UnknownRecordException("log record does not parse: " + e.getMessage(), e);
    }
  }

  private static Update decode(CodedInputStream in) throws IOException {
    // The format comes first, so that nothing is read by rules of another one.
    int first = in.readTag();
    int formatTag = tag(LogRecord.FORMAT_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    int format = first == formatTag ? in.readUInt32() : 0;
    if (format != FORMAT) {
      throw new UnknownRecordException(
          "log record has format %d, this version reads %d".formatted(format, FORMAT));
    }
    @Nullable Update update = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (update != null
          || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        throw new UnknownRecordException("log record has an unexpected field, tag " + tag);
      }
      int limit = in.pushLimit(in.readRawVarint32());
      update = RecordReader.read(WireFormat.getTagFieldNumber(tag), in);
      in.checkLastTagWas(0);
      in.popLimit(limit);
    }
    if (update == null) {
      throw new UnknownRecordException("log record has no kind");
    }
    return update;
  }

  static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
