package dev.eddy.proto.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.WireFormat;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.update.Update;
import dev.eddy.model.update.UpdateMode;
import dev.eddy.proto.UnknownFields;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.FilterMessages;
import dev.eddy.proto.model.FilterMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** When an update counts, in front of the update itself. */
final class ConditionalRecords {
  private static final int MODE =
      LogRecordCodec.tag(ConditionalRecord.MODE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
  private static final int FILTER =
      LogRecordCodec.tag(
          ConditionalRecord.FILTER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  private ConditionalRecords() {}

  /** Everything but the update. */
  static ConditionalRecord head(Update.Conditional conditional) {
    ConditionalRecord.Builder builder =
        ConditionalRecord.newBuilder().setMode(mode(conditional.mode()));
    Filter filter = conditional.filter();
    if (filter != null) {
      builder.setFilter(FilterMessages.filter(filter));
    }
    return builder.build();
  }

  /** Reads up to the stream's limit. */
  static Update.Conditional read(CodedInputStream in) throws IOException {
    UpdateMode mode = null;
    Filter filter = null;
    Update update = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == MODE) {
        mode = mode(UpdateModeRecord.forNumber(in.readEnum()));
      } else if (tag == FILTER) {
        filter = filter(in);
      } else {
        if (update != null) {
          throw new UnknownRecordException("log record with a condition has two updates");
        }
        update = update(tag, in);
      }
    }
    if (mode == null || update == null) {
      throw new UnknownRecordException("log record with a condition lacks its mode or its update");
    }
    return new Update.Conditional(update, mode, filter);
  }

  private static Filter filter(CodedInputStream in) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    FilterMessage message = FilterMessage.parseFrom(in, ExtensionRegistryLite.getEmptyRegistry());
    in.popLimit(limit);
    UnknownFields.firstIn(message)
        .ifPresent(place -> {
          throw new UnknownRecordException("log record has an unknown " + place);
        });
    return FilterMessages.filter(message);
  }

  private static Update update(int tag, CodedInputStream in) throws IOException {
    int kind = WireFormat.getTagFieldNumber(tag);
    boolean isKnown =
        kind == ConditionalRecord.UPSERT_FIELD_NUMBER
            || kind == ConditionalRecord.UPDATE_VECTORS_FIELD_NUMBER;
    if (!isKnown || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      throw new UnknownRecordException(
          "log record with a condition has an unexpected field, tag " + tag);
    }
    int limit = in.pushLimit(in.readRawVarint32());
    Update update = RecordReader.read(kind, in);
    in.popLimit(limit);
    return update;
  }

  private static UpdateModeRecord mode(UpdateMode mode) {
    return switch (mode) {
      case UPSERT -> UpdateModeRecord.UPDATE_MODE_UPSERT;
      case INSERT_ONLY -> UpdateModeRecord.UPDATE_MODE_INSERT_ONLY;
      case UPDATE_ONLY -> UpdateModeRecord.UPDATE_MODE_UPDATE_ONLY;
    };
  }

  private static UpdateMode mode(@Nullable UpdateModeRecord record) {
    return switch (record) {
      case UPDATE_MODE_UPSERT -> UpdateMode.UPSERT;
      case UPDATE_MODE_INSERT_ONLY -> UpdateMode.INSERT_ONLY;
      case UPDATE_MODE_UPDATE_ONLY -> UpdateMode.UPDATE_ONLY;
      case UPDATE_MODE_UNSPECIFIED, UNRECOGNIZED ->
          throw new UnknownRecordException("log record with a condition has no mode");
      case null ->
          throw new UnknownRecordException("log record with a condition has an unknown mode");
    };
  }
}
