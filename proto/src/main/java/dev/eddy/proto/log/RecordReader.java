package dev.eddy.proto.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import dev.eddy.model.update.Update;
import dev.eddy.proto.UnknownRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the body of a record; the stream's limit is its end. */
final class RecordReader {
  private static final ExtensionRegistryLite NONE = ExtensionRegistryLite.getEmptyRegistry();

  private RecordReader() {}

  static Update read(int kind, CodedInputStream in) throws IOException {
    return switch (kind) {
      case LogRecord.UPSERT_FIELD_NUMBER -> new Update.Upsert(bundle(in, PointReader::point));
      case LogRecord.FROM_INBOX_FIELD_NUMBER ->
          new Update.FromInbox(bundle(in, PointReader::inboxChange));
      case LogRecord.UPDATE_VECTORS_FIELD_NUMBER ->
          new Update.UpdateVectors(bundle(in, PointReader::pointVectors));
      case LogRecord.GENESIS_FIELD_NUMBER ->
          RecordMessages.genesis(GenesisRecord.parseFrom(in, NONE));
      case LogRecord.CONFIGURE_FIELD_NUMBER ->
          RecordMessages.configure(ConfigureRecord.parseFrom(in, NONE));
      case LogRecord.DELETE_FIELD_NUMBER -> RecordMessages.delete(DeleteRecord.parseFrom(in, NONE));
      case LogRecord.DELETE_VECTORS_FIELD_NUMBER ->
          RecordMessages.deleteVectors(DeleteVectorsRecord.parseFrom(in, NONE));
      case LogRecord.SET_PAYLOAD_FIELD_NUMBER ->
          RecordMessages.setPayload(SetPayloadRecord.parseFrom(in, NONE));
      case LogRecord.OVERWRITE_PAYLOAD_FIELD_NUMBER ->
          RecordMessages.overwritePayload(OverwritePayloadRecord.parseFrom(in, NONE));
      case LogRecord.DELETE_PAYLOAD_FIELD_NUMBER ->
          RecordMessages.deletePayload(DeletePayloadRecord.parseFrom(in, NONE));
      case LogRecord.CLEAR_PAYLOAD_FIELD_NUMBER ->
          RecordMessages.clearPayload(ClearPayloadRecord.parseFrom(in, NONE));
      case LogRecord.NOOP_FIELD_NUMBER -> RecordMessages.noop(NoopRecord.parseFrom(in, NONE));
      case LogRecord.CONDITIONAL_FIELD_NUMBER -> ConditionalRecords.read(in);
      default -> throw new UnknownRecordException("log record has unknown kind " + kind);
    };
  }

  /** Reads one element up to the stream's limit. */
  @FunctionalInterface
  private interface ElementReader<T> {
    T read(CodedInputStream in) throws IOException;
  }

  private static <T> List<T> bundle(CodedInputStream in, ElementReader<T> reader)
      throws IOException {
    List<T> elements = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      PointReader.expectBlock(tag, PointWire.BUNDLE);
      int limit = in.pushLimit(in.readRawVarint32());
      elements.add(reader.read(in));
      in.popLimit(limit);
    }
    return elements;
  }
}
