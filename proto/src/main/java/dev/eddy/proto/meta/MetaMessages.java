package dev.eddy.proto.meta;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.cluster.InboxEnds;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.shard.ShardId;
import dev.eddy.proto.mapping.Bytes;
import dev.eddy.proto.mapping.SpecMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the metadata holds, as messages. A message that is not well formed fails with an {@link
 * IllegalArgumentException}.
 */
public final class MetaMessages {
  private MetaMessages() {}

  public static ShardIdMessage shardId(ShardId shard) {
    return ShardIdMessage.newBuilder()
        .setCollectionId(Bytes.ofUuid(shard.collectionId()))
        .setGeneration(shard.generation())
        .setShard(shard.shard())
        .build();
  }

  public static ShardId shardId(ShardIdMessage message) {
    return new ShardId(
        Bytes.uuid(message.getCollectionId()), message.getGeneration(), message.getShard());
  }

  static GenerationRecord generation(Generation generation) {
    GenerationRecord.Builder builder =
        GenerationRecord.newBuilder()
            .setCollectionId(Bytes.ofUuid(generation.collectionId()))
            .setName(generation.name())
            .setGeneration(generation.generation())
            .setState(state(generation.state()))
            .setSpec(SpecMessages.spec(generation.spec()))
            .setTopic(generation.topic())
            .setCreated(ends(generation.created()))
            .setConfiguring(generation.configuring());
    UUID topicId = generation.topicId();
    if (topicId != null) {
      builder.setTopicId(Bytes.ofUuid(topicId));
    }
    InboxEnds dropped = generation.dropped();
    if (dropped != null) {
      builder.setDropped(ends(dropped));
    }
    if (generation.metaNumber() != MetaChange.THIS_RECORD) {
      builder.setMetaNumber(generation.metaNumber());
    }
    return builder.build();
  }

  static Generation generation(GenerationRecord record) {
    return new Generation(
        Bytes.uuid(record.getCollectionId()),
        record.getName(),
        record.getGeneration(),
        state(record.getState()),
        SpecMessages.spec(record.getSpec()),
        record.getTopic(),
        record.hasTopicId() ? Bytes.uuid(record.getTopicId()) : null,
        ends(record.getCreated()),
        record.hasDropped() ? ends(record.getDropped()) : null,
        record.hasMetaNumber() ? record.getMetaNumber() : MetaChange.THIS_RECORD,
        record.getConfiguring());
  }

  static PlacementRecord placement(Placement placement) {
    PlacementRecord.Builder builder =
        PlacementRecord.newBuilder()
            .setCollectionId(Bytes.ofUuid(placement.collectionId()))
            .setGeneration(placement.generation());
    for (List<Placement.Replica> replicas : placement.shards()) {
      ShardReplicasMessage.Builder shard = ShardReplicasMessage.newBuilder();
      for (Placement.Replica replica : replicas) {
        shard.addReplicas(
            ReplicaMessage.newBuilder()
                .setNodeId(replica.nodeId())
                .setState(state(replica.state())));
      }
      builder.addShards(shard);
    }
    if (placement.version() != MetaChange.THIS_RECORD) {
      builder.setVersion(placement.version());
    }
    return builder.build();
  }

  static Placement placement(PlacementRecord record) {
    List<List<Placement.Replica>> shards = new ArrayList<>();
    for (ShardReplicasMessage shard : record.getShardsList()) {
      shards.add(
          shard.getReplicasList().stream()
              .map(each -> new Placement.Replica(each.getNodeId(), state(each.getState())))
              .toList());
    }
    return new Placement(
        Bytes.uuid(record.getCollectionId()),
        record.getGeneration(),
        shards,
        record.hasVersion() ? record.getVersion() : MetaChange.THIS_RECORD);
  }

  private static InboxEndsMessage ends(InboxEnds ends) {
    return InboxEndsMessage.newBuilder()
        .setTopicId(Bytes.ofUuid(ends.topicId()))
        .addAllOffsets(ends.offsets())
        .build();
  }

  private static InboxEnds ends(InboxEndsMessage message) {
    return new InboxEnds(Bytes.uuid(message.getTopicId()), message.getOffsetsList());
  }

  private static GenerationRecord.State state(Generation.State state) {
    return switch (state) {
      case CREATING -> GenerationRecord.State.CREATING;
      case ACTIVE -> GenerationRecord.State.ACTIVE;
      case DROPPED -> GenerationRecord.State.DROPPED;
    };
  }

  private static Generation.State state(GenerationRecord.State state) {
    return switch (state) {
      case CREATING -> Generation.State.CREATING;
      case ACTIVE -> Generation.State.ACTIVE;
      case DROPPED -> Generation.State.DROPPED;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown state of a generation");
    };
  }

  private static ReplicaMessage.State state(Placement.ReplicaState state) {
    return switch (state) {
      case CATCHING_UP -> ReplicaMessage.State.CATCHING_UP;
      case JOINING -> ReplicaMessage.State.JOINING;
      case READING -> ReplicaMessage.State.READING;
      case LEAVING -> ReplicaMessage.State.LEAVING;
    };
  }

  private static Placement.ReplicaState state(ReplicaMessage.State state) {
    return switch (state) {
      case CATCHING_UP -> Placement.ReplicaState.CATCHING_UP;
      case JOINING -> Placement.ReplicaState.JOINING;
      case READING -> Placement.ReplicaState.READING;
      case LEAVING -> Placement.ReplicaState.LEAVING;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown state of a replica");
    };
  }
}
