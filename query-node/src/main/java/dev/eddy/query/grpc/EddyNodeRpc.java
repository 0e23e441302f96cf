package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.proto.v1.ClearIssuesRequest;
import dev.eddy.proto.v1.ClearIssuesResponse;
import dev.eddy.proto.v1.GetQuotasRequest;
import dev.eddy.proto.v1.GetQuotasResponse;
import dev.eddy.proto.v1.Issues;
import dev.eddy.proto.v1.ListIssuesRequest;
import dev.eddy.proto.v1.ListIssuesResponse;
import dev.eddy.proto.v1.LivenessRequest;
import dev.eddy.proto.v1.LivenessResponse;
import dev.eddy.proto.v1.MetricsRequest;
import dev.eddy.proto.v1.MetricsResponse;
import dev.eddy.proto.v1.NodeGrpc;
import dev.eddy.proto.v1.ReadinessRequest;
import dev.eddy.proto.v1.ReadinessResponse;
import dev.eddy.proto.v1.SetQuotasRequest;
import dev.eddy.proto.v1.SetQuotasResponse;
import dev.eddy.proto.v1.StatusRequest;
import dev.eddy.proto.v1.StatusResponse;
import dev.eddy.proto.v1.TelemetryRequest;
import dev.eddy.proto.v1.TelemetryResponse;
import dev.eddy.query.collection.CollectionService;
import dev.eddy.query.service.NodeService;
import dev.eddy.query.service.TelemetryOptions;
import io.grpc.stub.StreamObserver;

/** Our own Node service, for operators and probes. */
final class EddyNodeRpc extends NodeGrpc.NodeImplBase {
  private final NodeService node;

  EddyNodeRpc(NodeService node) {
    this.node = requireNonNull(node, "node");
  }

  @Override
  public void telemetry(TelemetryRequest request, StreamObserver<TelemetryResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          checkTimeout(request.hasTimeout(), request.getTimeout());
          TelemetryOptions options =
              new TelemetryOptions(
                  (int)
                      Math.min(
                          Integer.toUnsignedLong(request.getDetailsLevel()), Integer.MAX_VALUE),
                  request.getPerCollection(),
                  request.getAnonymize());
          return TelemetryResponse.newBuilder()
              .setResult(TelemetryAnswers.telemetry(node.telemetry(options)))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  @Override
  public void metrics(MetricsRequest request, StreamObserver<MetricsResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          checkTimeout(request.hasTimeout(), request.getTimeout());
          return MetricsResponse.newBuilder()
              .setExposition(node.metrics(request.getPerCollection(), request.getAnonymize()))
              .build();
        });
  }

  private static void checkTimeout(boolean isGiven, long seconds) {
    if (isGiven && seconds == 0) {
      throw EddyException.validation("timeout: value 0 invalid, must be 1 or larger");
    }
  }

  @Override
  public void liveness(LivenessRequest request, StreamObserver<LivenessResponse> observer) {
    Unary.run(
        observer, stopwatch -> LivenessResponse.newBuilder().setText(NodeService.ALIVE).build());
  }

  @Override
  public void readiness(ReadinessRequest request, StreamObserver<ReadinessResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          if (!node.isReady()) {
            throw new EddyException(ErrorCode.UNAVAILABLE, NodeService.NOT_READY);
          }
          return ReadinessResponse.newBuilder().setText(NodeService.READY).build();
        });
  }

  @Override
  public void listIssues(ListIssuesRequest request, StreamObserver<ListIssuesResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            ListIssuesResponse.newBuilder()
                .setResult(Issues.getDefaultInstance())
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void clearIssues(
      ClearIssuesRequest request, StreamObserver<ClearIssuesResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            ClearIssuesResponse.newBuilder().setResult(true).setTime(stopwatch.seconds()).build());
  }

  @Override
  public void getQuotas(GetQuotasRequest request, StreamObserver<GetQuotasResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            GetQuotasResponse.newBuilder()
                .setResult(NodeAnswers.quotas(node.quotas()))
                .setTime(stopwatch.seconds())
                .build());
  }

  @Override
  public void setQuotas(SetQuotasRequest request, StreamObserver<SetQuotasResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          if (!request.hasConfig()) {
            throw EddyException.wrongInput("config is not set");
          }
          node.setQuotas(
              NodeAnswers.quotas(request.getConfig()), CollectionService.TIMEOUT_DEFAULT);
          return SetQuotasResponse.newBuilder()
              .setResult(true)
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
    Unary.run(
        observer,
        stopwatch ->
            StatusResponse.newBuilder().setResult(NodeAnswers.status(node.status())).build());
  }
}
