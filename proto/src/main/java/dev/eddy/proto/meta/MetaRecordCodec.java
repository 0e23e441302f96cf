package dev.eddy.proto.meta;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.proto.UnknownFields;
import dev.eddy.proto.UnknownRecordException;
import dev.eddy.proto.mapping.QuotaMessages;
import org.jspecify.annotations.Nullable;

/**
 * Changes of metadata to the value of one record of the metadata topic and back; the key is {@link
 * MetaChange#key()}. The bytes are those of {@code MetaRecord} in {@code eddy/meta.proto}, format
 * {@value #FORMAT}. Stateless.
 */
public final class MetaRecordCodec {
  /** The format this version writes, and the only one it reads. */
  public static final int FORMAT = 1;

  private MetaRecordCodec() {}

  /** The record's value; null for a removal. */
  public static byte @Nullable [] encode(MetaChange change) {
    MetaRecord.Builder record = MetaRecord.newBuilder().setFormat(FORMAT);
    switch (change) {
      case MetaChange.LeaderElected leader ->
          record.setLeader(
              LeaderRecord.newBuilder()
                  .setEpoch(leader.epoch())
                  .setNodeId(leader.nodeId())
                  .setIncarnation(leader.incarnation()));
      case MetaChange.GenerationSet set ->
          record.setGeneration(MetaMessages.generation(set.generation()));
      case MetaChange.CounterSet counter ->
          record.setGenerationCounter(
              GenerationCounterRecord.newBuilder().setName(counter.name()).setLast(counter.last()));
      case MetaChange.AliasSet alias ->
          record.setAlias(
              AliasRecord.newBuilder().setAlias(alias.alias()).setCollection(alias.collection()));
      case MetaChange.PlacementSet set ->
          record.setPlacement(MetaMessages.placement(set.placement()));
      case MetaChange.NoteSet note ->
          record.setNote(NoteRecord.newBuilder().setName(note.name()).setText(note.text()));
      case MetaChange.QuotasSet set ->
          record.setQuotas(QuotasRecord.newBuilder().setConfig(QuotaMessages.quotas(set.quotas())));
      case MetaChange.GenerationForgotten _,
          MetaChange.AliasRemoved _,
          MetaChange.PlacementRemoved _,
          MetaChange.NoteRemoved _ -> {
        return null;
      }
    }
    return record.build().toByteArray();
  }

  /**
   * Reads one record.
   *
   * @param value null = a removal
   * @throws UnknownRecordException when the record holds anything that this version does not
   *     understand completely, or its key is not that of what it says
   */
  public static MetaChange decode(String key, byte @Nullable [] value) {
    MetaChange change;
    try {
      change = value == null ? MetaChange.removal(key) : change(MetaRecord.parseFrom(value));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new UnknownRecordException(
          "metadata record \"%s\" does not parse: %s".formatted(key, e.getMessage()), e);
    }
    if (!change.key().equals(key)) {
      throw new UnknownRecordException(
          "metadata record \"%s\" says something of \"%s\"".formatted(key, change.key()));
    }
    return change;
  }

  private static MetaChange change(MetaRecord record) {
    if (record.getFormat() != FORMAT) {
      throw new UnknownRecordException(
          "metadata record has format %d, this version reads %d"
              .formatted(record.getFormat(), FORMAT));
    }
    UnknownFields.firstIn(record)
        .ifPresent(place -> {
          throw new UnknownRecordException("metadata record has an unknown " + place);
        });
    return switch (record.getKindCase()) {
      case LEADER -> leader(record.getLeader());
      case GENERATION ->
          new MetaChange.GenerationSet(MetaMessages.generation(record.getGeneration()));
      case GENERATION_COUNTER ->
          new MetaChange.CounterSet(
              record.getGenerationCounter().getName(), record.getGenerationCounter().getLast());
      case ALIAS ->
          new MetaChange.AliasSet(record.getAlias().getAlias(), record.getAlias().getCollection());
      case PLACEMENT -> new MetaChange.PlacementSet(MetaMessages.placement(record.getPlacement()));
      case NOTE -> new MetaChange.NoteSet(record.getNote().getName(), record.getNote().getText());
      case QUOTAS -> new MetaChange.QuotasSet(QuotaMessages.quotas(record.getQuotas().getConfig()));
      case KIND_NOT_SET -> throw new UnknownRecordException("metadata record has no known kind");
    };
  }

  private static MetaChange leader(LeaderRecord leader) {
    return new MetaChange.LeaderElected(
        leader.getEpoch(), leader.getNodeId(), leader.getIncarnation());
  }
}
