package dev.eddy.query.grpc;

import dev.eddy.proto.v1.ClusterGrpc;
import dev.eddy.proto.v1.ClusterInfo;
import dev.eddy.proto.v1.ClusterInfoRequest;
import dev.eddy.proto.v1.ClusterInfoResponse;
import dev.eddy.proto.v1.ClusterTelemetryRequest;
import dev.eddy.proto.v1.ClusterTelemetryResponse;
import dev.eddy.proto.v1.DeleteMetadataKeyRequest;
import dev.eddy.proto.v1.DeleteMetadataKeyResponse;
import dev.eddy.proto.v1.GetMetadataKeyRequest;
import dev.eddy.proto.v1.GetMetadataKeyResponse;
import dev.eddy.proto.v1.ListMetadataKeysRequest;
import dev.eddy.proto.v1.ListMetadataKeysResponse;
import dev.eddy.proto.v1.PutMetadataKeyRequest;
import dev.eddy.proto.v1.PutMetadataKeyResponse;
import dev.eddy.proto.v1.RecoverPeerRequest;
import dev.eddy.proto.v1.RecoverPeerResponse;
import dev.eddy.proto.v1.RemovePeerRequest;
import dev.eddy.proto.v1.RemovePeerResponse;
import dev.eddy.query.service.Standalone;
import io.grpc.stub.StreamObserver;

/** Our own Cluster service: what a single node has to say of one. */
final class EddyClusterRpc extends ClusterGrpc.ClusterImplBase {
  @Override
  public void info(ClusterInfoRequest request, StreamObserver<ClusterInfoResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            ClusterInfoResponse.newBuilder()
                .setResult(ClusterInfo.newBuilder().setStatus(Standalone.CLUSTER_STATUS))
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void telemetry(
      ClusterTelemetryRequest request, StreamObserver<ClusterTelemetryResponse> observer) {
    refuse(observer);
  }

  @Override
  public void recover(RecoverPeerRequest request, StreamObserver<RecoverPeerResponse> observer) {
    refuse(observer);
  }

  @Override
  public void removePeer(RemovePeerRequest request, StreamObserver<RemovePeerResponse> observer) {
    refuse(observer);
  }

  @Override
  public void listMetadataKeys(
      ListMetadataKeysRequest request, StreamObserver<ListMetadataKeysResponse> observer) {
    refuse(observer);
  }

  @Override
  public void getMetadataKey(
      GetMetadataKeyRequest request, StreamObserver<GetMetadataKeyResponse> observer) {
    refuse(observer);
  }

  @Override
  public void putMetadataKey(
      PutMetadataKeyRequest request, StreamObserver<PutMetadataKeyResponse> observer) {
    refuse(observer);
  }

  @Override
  public void deleteMetadataKey(
      DeleteMetadataKeyRequest request, StreamObserver<DeleteMetadataKeyResponse> observer) {
    refuse(observer);
  }

  private static void refuse(StreamObserver<?> observer) {
    observer.onError(RpcErrors.translate(Standalone.refusal()));
  }
}
