package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.point.StoredPoint;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.qdrant.mapping.QdrantPoints;
import dev.eddy.proto.v1.GetPointRequest;
import dev.eddy.proto.v1.GetPointResponse;
import dev.eddy.proto.v1.PointsGrpc;
import dev.eddy.query.read.ReadService;
import io.grpc.stub.StreamObserver;

/** Our own Points service. */
final class EddyPointsRpc extends PointsGrpc.PointsImplBase {
  private final ReadService reads;

  EddyPointsRpc(ReadService reads) {
    this.reads = requireNonNull(reads, "reads");
  }

  @Override
  public void getPoint(GetPointRequest request, StreamObserver<GetPointResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          StoredPoint point =
              PointReads.covered(
                  reads.point(
                      PointReads.about(request.getCollectionName()),
                      QdrantPoints.id(request.getId(), "id"),
                      PointReads.options(
                          request.hasReadConsistency(), request.getReadConsistency(),
                          request.hasTimeout(), request.getTimeout())));
          return GetPointResponse.newBuilder()
              .setResult(QdrantAnswers.retrieved(point))
              .setTime(stopwatch.seconds())
              .build();
        });
  }
}
