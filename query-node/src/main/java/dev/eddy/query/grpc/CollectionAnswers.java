package dev.eddy.query.grpc;

import dev.eddy.model.cluster.Placement;
import dev.eddy.proto.qdrant.CollectionClusterInfoResponse;
import dev.eddy.proto.qdrant.CollectionStatus;
import dev.eddy.proto.qdrant.CollectionWarning;
import dev.eddy.proto.qdrant.LocalShardInfo;
import dev.eddy.proto.qdrant.OptimizerStatus;
import dev.eddy.proto.qdrant.RemoteShardInfo;
import dev.eddy.proto.qdrant.ReplicaState;
import dev.eddy.proto.qdrant.UpdateQueueInfo;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.qdrant.mapping.QdrantSchema;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionShards;

/** Collections as clients get them. Stateless. */
final class CollectionAnswers {
  private CollectionAnswers() {}

  static dev.eddy.proto.qdrant.CollectionInfo info(CollectionInfo info) {
    dev.eddy.proto.qdrant.CollectionInfo.Builder answer =
        dev.eddy.proto.qdrant.CollectionInfo.newBuilder()
            .setStatus(
                switch (info.status()) {
                  case GREEN -> CollectionStatus.Green;
                  case YELLOW -> CollectionStatus.Yellow;
                  case GREY -> CollectionStatus.Grey;
                  case RED -> CollectionStatus.Red;
                })
            .setOptimizerStatus(optimizerStatus(info))
            .setSegmentsCount(info.segments())
            .setConfig(QdrantAnswers.config(info.spec()))
            .setPointsCount(info.points())
            .setIndexedVectorsCount(info.indexedVectors())
            .setUpdateQueue(UpdateQueueInfo.newBuilder().setLength(info.updateQueueLength()));
    for (String warning : info.warnings()) {
      answer.addWarnings(CollectionWarning.newBuilder().setMessage(warning));
    }
    info.spec()
        .payloadIndexes()
        .forEach((field, index) ->
            answer.putPayloadSchema(
                field, QdrantSchema.info(index, info.fieldPoints().getOrDefault(field, 0L))));
    return answer.build();
  }

  static OptimizerStatus optimizerStatus(CollectionInfo info) {
    OptimizerStatus.Builder status =
        OptimizerStatus.newBuilder().setOk(info.optimizerError() == null);
    if (info.optimizerError() != null) {
      status.setError(info.optimizerError());
    }
    return status.build();
  }

  static CollectionClusterInfoResponse.Builder shards(CollectionShards shards) {
    CollectionClusterInfoResponse.Builder answer =
        CollectionClusterInfoResponse.newBuilder()
            .setPeerId(shards.peerId())
            .setShardCount(shards.shardCount());
    for (CollectionShards.LocalShard shard : shards.local()) {
      answer.addLocalShards(
          LocalShardInfo.newBuilder()
              .setShardId(shard.shard())
              .setPointsCount(shard.points())
              .setState(state(shard.state())));
    }
    for (CollectionShards.RemoteShard shard : shards.remote()) {
      answer.addRemoteShards(
          RemoteShardInfo.newBuilder()
              .setShardId(shard.shard())
              .setPeerId(shard.peerId())
              .setState(state(shard.state())));
    }
    return answer;
  }

  static ReplicaState state(Placement.ReplicaState state) {
    return switch (state) {
      case CATCHING_UP, JOINING -> ReplicaState.Partial;
      case READING -> ReplicaState.Active;
      case LEAVING -> ReplicaState.Dead;
    };
  }
}
