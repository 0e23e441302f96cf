package dev.eddy.query.grpc;

import com.google.protobuf.Timestamp;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.v1.AppTelemetry;
import dev.eddy.proto.v1.ClusterTelemetry;
import dev.eddy.proto.v1.CollectionTelemetry;
import dev.eddy.proto.v1.CollectionsTelemetry;
import dev.eddy.proto.v1.EdgeTelemetry;
import dev.eddy.proto.v1.EndpointTelemetry;
import dev.eddy.proto.v1.EndpointsTelemetry;
import dev.eddy.proto.v1.MemoryTelemetry;
import dev.eddy.proto.v1.OperationDurations;
import dev.eddy.proto.v1.QuotaTelemetry;
import dev.eddy.proto.v1.RequestsTelemetry;
import dev.eddy.proto.v1.SearchPoolTelemetry;
import dev.eddy.proto.v1.ShardTelemetry;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.collection.CollectionMemory;
import dev.eddy.query.collection.CollectionSearches;
import dev.eddy.query.collection.CollectionShards;
import dev.eddy.query.metrics.ResponseCount;
import dev.eddy.query.service.ContractVersion;
import dev.eddy.query.service.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a node tells of itself, as messages. Stateless. */
final class TelemetryAnswers {
  private static final double NANOS_PER_MICRO = 1e3;

  private TelemetryAnswers() {}

  static dev.eddy.proto.v1.Telemetry telemetry(Telemetry telemetry) {
    CollectionsTelemetry.Builder collections =
        CollectionsTelemetry.newBuilder().setNumberOfCollections(telemetry.collectionCount());
    telemetry
        .collections()
        .forEach(each -> collections.addCollections(collection(each, telemetry.hasConfigs())));
    boolean perCollection = telemetry.options().isPerCollection();
    var answer =
        dev.eddy.proto.v1.Telemetry.newBuilder()
            .setId(telemetry.id().toString())
            .setApp(
                AppTelemetry.newBuilder()
                    .setName("qdrant")
                    .setVersion(ContractVersion.VERSION)
                    .setStartup(moment(telemetry.started())))
            .setCollections(collections)
            .setCluster(ClusterTelemetry.getDefaultInstance())
            .setRequests(
                RequestsTelemetry.newBuilder()
                    .setRest(edge(telemetry.responses(), ResponseCount::isRest, perCollection))
                    .setGrpc(edge(telemetry.responses(), each -> !each.isRest(), perCollection)))
            .setQuota(
                QuotaTelemetry.newBuilder()
                    .setConfig(NodeAnswers.quotas(telemetry.quotas()))
                    .setExceeded(NodeAnswers.exceeded(telemetry.exceeded())));
    if (telemetry.isDetailed()) {
      Telemetry.Memory memory = telemetry.memory();
      MemoryTelemetry.Builder told =
          MemoryTelemetry.newBuilder()
              .setActiveBytes(memory.used())
              .setAllocatedBytes(memory.used())
              .setResidentBytes(memory.resident())
              .setRetainedBytes(memory.retained());
      MemoryReport shards = telemetry.shardMemory();
      if (shards != null) {
        told.setShards(MemoryAnswers.report(shards));
      }
      answer
          .setMemory(told)
          .setSearchPool(
              SearchPoolTelemetry.newBuilder()
                  .setMode("high_cpu")
                  .setHighCpuThreads(memory.processors()));
    }
    return answer.build();
  }

  private static CollectionTelemetry collection(
      Telemetry.Collection collection, boolean hasConfig) {
    CollectionInfo info = collection.info();
    CollectionTelemetry.Builder answer = CollectionTelemetry.newBuilder();
    if (!hasConfig) {
      return answer
          .setVectors(info.points())
          .setOptimizersStatus(CollectionAnswers.optimizerStatus(info))
          .setParams(QdrantAnswers.config(info.spec()).getParams())
          .build();
    }
    answer.setId(collection.id()).setInitTimeMs(0).setConfig(QdrantAnswers.config(info.spec()));
    collection
        .shards()
        .ifPresent(shards -> addShards(answer, shards, collection.memory(), collection.searches()));
    return answer.build();
  }

  private static void addShards(
      CollectionTelemetry.Builder answer,
      CollectionShards shards,
      @Nullable CollectionMemory memory,
      @Nullable CollectionSearches searches) {
    for (int shard = 0; shard < shards.shardCount(); shard++) {
      ShardTelemetry.Builder replicas = ShardTelemetry.newBuilder().setId(shard);
      for (CollectionShards.LocalShard local : shards.local()) {
        if (local.shard() == shard) {
          replicas.putReplicateStates(shards.peerId(), CollectionAnswers.state(local.state()));
        }
      }
      for (CollectionShards.RemoteShard remote : shards.remote()) {
        if (remote.shard() == shard) {
          replicas.putReplicateStates(remote.peerId(), CollectionAnswers.state(remote.state()));
        }
      }
      if (memory != null && shard < memory.shards().size()) {
        replicas.setMemory(MemoryAnswers.use(memory.shards().get(shard)));
      }
      if (searches != null && shard < searches.shards().size()) {
        SearchesAnswers.add(replicas, searches.shards().get(shard));
      }
      answer.addShards(replicas);
    }
  }

  private static EdgeTelemetry edge(
      List<ResponseCount> all, Predicate<ResponseCount> isOfEdge, boolean perCollection) {
    Map<String, Map<String, EndpointTelemetry.Builder>> byCollection = new TreeMap<>();
    for (ResponseCount count : all) {
      if (isOfEdge.test(count)) {
        byCollection
            .computeIfAbsent(count.collection(), key -> new TreeMap<>())
            .computeIfAbsent(count.endpoint(), key -> EndpointTelemetry.newBuilder())
            .putStatuses(count.status(), durations(count));
      }
    }
    EdgeTelemetry.Builder answer = EdgeTelemetry.newBuilder();
    if (perCollection) {
      byCollection.forEach((collection, endpoints) -> {
        EndpointsTelemetry.Builder told = EndpointsTelemetry.newBuilder();
        endpoints.forEach((endpoint, statuses) -> told.putEndpoints(endpoint, statuses.build()));
        answer.putPerCollectionResponses(collection, told.build());
      });
    } else {
      byCollection
          .getOrDefault("", Map.of())
          .forEach((endpoint, statuses) -> answer.putResponses(endpoint, statuses.build()));
    }
    return answer.build();
  }

  private static OperationDurations durations(ResponseCount count) {
    return OperationDurations.newBuilder()
        .setCount(count.count())
        .setAvgDurationMicros(count.totalNanos() / NANOS_PER_MICRO / count.count())
        .setMinDurationMicros(count.minNanos() / NANOS_PER_MICRO)
        .setMaxDurationMicros(count.maxNanos() / NANOS_PER_MICRO)
        .setTotalDurationMicros((long) (count.totalNanos() / NANOS_PER_MICRO))
        .setLastResponded(moment(count.last()))
        .build();
  }

  private static Timestamp moment(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
