package dev.eddy.proto.log;

import com.google.protobuf.Message;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.update.Update;
import dev.eddy.proto.UnknownFields;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.Bytes;
import dev.eddy.proto.mapping.PointMessages;
import dev.eddy.proto.mapping.SpecMessages;

/** The kinds that carry no points, as their messages. */
final class RecordMessages {
  private RecordMessages() {}

  static GenesisRecord genesis(Update.Genesis genesis) {
    return GenesisRecord.newBuilder()
        .setCollectionId(Bytes.ofUuid(genesis.collectionId()))
        .setCollectionName(genesis.collectionName())
        .setGeneration(genesis.generation())
        .setShard(genesis.shard())
        .setSpec(SpecMessages.spec(genesis.spec()))
        .setMetaNumber(genesis.metaNumber())
        .build();
  }

  static Update.Genesis genesis(GenesisRecord record) {
    return new Update.Genesis(
        Bytes.uuid(known(record).getCollectionId()),
        record.getCollectionName(),
        record.getGeneration(),
        record.getShard(),
        SpecMessages.spec(record.getSpec()),
        record.getMetaNumber());
  }

  static ConfigureRecord configure(Update.Configure configure) {
    return ConfigureRecord.newBuilder()
        .setSpec(SpecMessages.spec(configure.spec()))
        .setMetaNumber(configure.metaNumber())
        .build();
  }

  static Update.Configure configure(ConfigureRecord record) {
    return new Update.Configure(SpecMessages.spec(known(record).getSpec()), record.getMetaNumber());
  }

  static DeleteRecord delete(Update.Delete delete) {
    return DeleteRecord.newBuilder()
        .setSelection(PointMessages.selection(delete.selection()))
        .build();
  }

  static Update.Delete delete(DeleteRecord record) {
    return new Update.Delete(PointMessages.selection(known(record).getSelection()));
  }

  static DeleteVectorsRecord deleteVectors(Update.DeleteVectors delete) {
    return DeleteVectorsRecord.newBuilder()
        .setSelection(PointMessages.selection(delete.selection()))
        .addAllNames(delete.names())
        .build();
  }

  static Update.DeleteVectors deleteVectors(DeleteVectorsRecord record) {
    return new Update.DeleteVectors(
        PointMessages.selection(known(record).getSelection()), record.getNamesList());
  }

  static SetPayloadRecord setPayload(Update.SetPayload set) {
    SetPayloadRecord.Builder builder =
        SetPayloadRecord.newBuilder()
            .setSelection(PointMessages.selection(set.selection()))
            .setPayload(PointMessages.payload(set.payload()));
    KeyPath key = set.key();
    if (key != null) {
      builder.setKey(key.text());
    }
    return builder.build();
  }

  static Update.SetPayload setPayload(SetPayloadRecord record) {
    return new Update.SetPayload(
        PointMessages.selection(known(record).getSelection()),
        PointMessages.payload(record.getPayload()),
        record.hasKey() ? KeyPath.parse(record.getKey()) : null);
  }

  static OverwritePayloadRecord overwritePayload(Update.OverwritePayload overwrite) {
    return OverwritePayloadRecord.newBuilder()
        .setSelection(PointMessages.selection(overwrite.selection()))
        .setPayload(PointMessages.payload(overwrite.payload()))
        .build();
  }

  static Update.OverwritePayload overwritePayload(OverwritePayloadRecord record) {
    return new Update.OverwritePayload(
        PointMessages.selection(known(record).getSelection()),
        PointMessages.payload(record.getPayload()));
  }

  static DeletePayloadRecord deletePayload(Update.DeletePayload delete) {
    return DeletePayloadRecord.newBuilder()
        .setSelection(PointMessages.selection(delete.selection()))
        .addAllKeys(delete.keys().stream().map(KeyPath::text).toList())
        .build();
  }

  static Update.DeletePayload deletePayload(DeletePayloadRecord record) {
    return new Update.DeletePayload(
        PointMessages.selection(known(record).getSelection()),
        record.getKeysList().stream().map(KeyPath::parse).toList());
  }

  static ClearPayloadRecord clearPayload(Update.ClearPayload clear) {
    return ClearPayloadRecord.newBuilder()
        .setSelection(PointMessages.selection(clear.selection()))
        .build();
  }

  static Update.ClearPayload clearPayload(ClearPayloadRecord record) {
    return new Update.ClearPayload(PointMessages.selection(known(record).getSelection()));
  }

  static Update.Noop noop(NoopRecord record) {
    known(record);
    return new Update.Noop();
  }

  private static <T extends Message> T known(T record) {
    UnknownFields.firstIn(record)
        .ifPresent(place -> {
          throw new UnknownRecordException("log record has an unknown " + place);
        });
    return record;
  }
}
