package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.proto.v1.CollectionsGrpc;
import dev.eddy.proto.v1.MemoryRequest;
import dev.eddy.proto.v1.MemoryResponse;
import dev.eddy.proto.v1.OptimizationsRequest;
import dev.eddy.proto.v1.OptimizationsResponse;
import dev.eddy.proto.v1.OptimizationsSummary;
import dev.eddy.proto.v1.ShardMemory;
import dev.eddy.query.collection.CollectionMemory;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.service.Optimizations;
import io.grpc.stub.StreamObserver;

/** Our own Collections service. */
final class EddyCollectionsRpc extends CollectionsGrpc.CollectionsImplBase {
  private final CollectionService collections;
  private final NodeService node;

  EddyCollectionsRpc(CollectionService collections, NodeService node) {
    this.collections = requireNonNull(collections, "collections");
    this.node = requireNonNull(node, "node");
  }

  @Override
  public void optimizations(
      OptimizationsRequest request, StreamObserver<OptimizationsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          Optimizations known = node.optimizations(request.getCollectionName());
          return OptimizationsResponse.newBuilder()
              .setResult(
                  dev.eddy.proto.v1.Optimizations.newBuilder()
                      .setSummary(
                          OptimizationsSummary.newBuilder()
                              .setQueuedOptimizations(known.queuedOptimizations())
                              .setQueuedSegments(known.queuedSegments())
                              .setQueuedPoints(known.queuedPoints())
                              .setIdleSegments(known.idleSegments())))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  @Override
  public void memory(MemoryRequest request, StreamObserver<MemoryResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          CollectionMemory memory = collections.memory(request.getCollectionName());
          var answer =
              dev.eddy.proto.v1.CollectionMemory.newBuilder()
                  .setTotal(MemoryAnswers.use(memory.total()));
          for (int shard = 0; shard < memory.shards().size(); shard++) {
            answer.addShards(
                ShardMemory.newBuilder()
                    .setShardId(shard)
                    .setUse(MemoryAnswers.use(memory.shards().get(shard))));
          }
          return MemoryResponse.newBuilder().setResult(answer).setTime(stopwatch.seconds()).build();
        });
  }
}
