package dev.eddy.query.grpc;

import dev.eddy.proto.qdrant.HealthCheckReply;
import dev.eddy.proto.qdrant.HealthCheckRequest;
import dev.eddy.proto.qdrant.QdrantGrpc;
import dev.eddy.query.service.ContractVersion;
import io.grpc.stub.StreamObserver;

/** Says who answers; most clients call it first. */
final class QdrantRpc extends QdrantGrpc.QdrantImplBase {
  @Override
  public void healthCheck(HealthCheckRequest request, StreamObserver<HealthCheckReply> observer) {
    Unary.run(
        observer,
        stopwatch ->
            HealthCheckReply.newBuilder()
                .setTitle(ContractVersion.TITLE)
                .setVersion(ContractVersion.VERSION)
                .setCommit(ContractVersion.COMMIT)
                .build());
  }
}
