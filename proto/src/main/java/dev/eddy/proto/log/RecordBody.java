package dev.eddy.proto.log;

import com.google.protobuf.MessageLite;
import dev.eddy.model.update.Update;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;

/** What a record says besides its format: one kind, with its size known. */
sealed interface RecordBody {
  /** Number of the kind's field. */
  int field();

  int size();

  void writeTo(WireWriter out);

  static RecordBody of(Update update) {
    return switch (update) {
      case Update.Upsert upsert ->
          Bundle.of(
              LogRecord.UPSERT_FIELD_NUMBER, upsert.points(), PointWire::size, PointWire::write);
      case Update.FromInbox inbox ->
          Bundle.of(
              LogRecord.FROM_INBOX_FIELD_NUMBER,
              inbox.changes(),
              PointWire::size,
              PointWire::write);
      case Update.UpdateVectors vectors ->
          Bundle.of(
              LogRecord.UPDATE_VECTORS_FIELD_NUMBER,
              vectors.points(),
              PointWire::size,
              PointWire::write);
      case Update.Genesis genesis ->
          new Whole(LogRecord.GENESIS_FIELD_NUMBER, RecordMessages.genesis(genesis));
      case Update.Configure configure ->
          new Whole(LogRecord.CONFIGURE_FIELD_NUMBER, RecordMessages.configure(configure));
      case Update.Delete delete ->
          new Whole(LogRecord.DELETE_FIELD_NUMBER, RecordMessages.delete(delete));
      case Update.DeleteVectors delete ->
          new Whole(LogRecord.DELETE_VECTORS_FIELD_NUMBER, RecordMessages.deleteVectors(delete));
      case Update.SetPayload set ->
          new Whole(LogRecord.SET_PAYLOAD_FIELD_NUMBER, RecordMessages.setPayload(set));
      case Update.OverwritePayload overwrite ->
          new Whole(
              LogRecord.OVERWRITE_PAYLOAD_FIELD_NUMBER, RecordMessages.overwritePayload(overwrite));
      case Update.DeletePayload delete ->
          new Whole(LogRecord.DELETE_PAYLOAD_FIELD_NUMBER, RecordMessages.deletePayload(delete));
      case Update.ClearPayload clear ->
          new Whole(LogRecord.CLEAR_PAYLOAD_FIELD_NUMBER, RecordMessages.clearPayload(clear));
      case Update.Noop ignored ->
          new Whole(LogRecord.NOOP_FIELD_NUMBER, NoopRecord.getDefaultInstance());
      case Update.Conditional conditional ->
          new Guarded(ConditionalRecords.head(conditional), of(conditional.update()));
    };
  }

  /** A kind written by its message. */
  record Whole(int field, MessageLite message) implements RecordBody {
    @Override
    public int size() {
      return message.getSerializedSize();
    }

    @Override
    public void writeTo(WireWriter out) {
      out.writeMessage(message);
    }
  }

  /** Another kind behind what says when it counts. */
  record Guarded(MessageLite head, RecordBody guarded) implements RecordBody {
    @Override
    public int field() {
      return LogRecord.CONDITIONAL_FIELD_NUMBER;
    }

    @Override
    public int size() {
      return head.getSerializedSize()
          + WireWriter.sizeOfTag(guarded.field())
          + WireWriter.sizeOfBlock(guarded.size());
    }

    @Override
    public void writeTo(WireWriter out) {
      out.writeMessage(head);
      out.writeBlockHead(guarded.field(), guarded.size());
      guarded.writeTo(out);
    }
  }

  /** Elements written one by one. */
  record Bundle<T>(
      int field,
      List<T> elements,
      int size,
      ToIntFunction<T> sizeOf,
      BiConsumer<T, WireWriter> write)
      implements RecordBody {
    static <T> Bundle<T> of(
        int field, List<T> elements, ToIntFunction<T> sizeOf, BiConsumer<T, WireWriter> write) {
      int size = 0;
      int tagBytes = WireWriter.sizeOfTag(PointWire.BUNDLE);
      for (T element : elements) {
        int block = WireWriter.sizeOfBlock(sizeOf.applyAsInt(element));
        size = Math.addExact(size, tagBytes + block);
      }
      return new Bundle<>(field, elements, size, sizeOf, write);
    }

    @Override
    public void writeTo(WireWriter out) {
      for (T element : elements) {
        out.writeBlockHead(PointWire.BUNDLE, sizeOf.applyAsInt(element));
        write.accept(element, out);
      }
    }
  }
}
