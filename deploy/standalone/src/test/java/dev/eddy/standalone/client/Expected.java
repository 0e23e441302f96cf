package dev.eddy.standalone.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Points.RetrievedPoint;
import io.qdrant.client.grpc.Points.ScoredPoint;
import io.qdrant.client.grpc.Points.UpdateResult;
import io.qdrant.client.grpc.Points.UpdateStatus;
import java.util.List;

/** What the steps of the walk expect of answers. */
final class Expected {
  /** A point that was found, and how near. */
  record Scored(PointId id, float score) {}

  private Expected() {}

  static <T> T answer(ListenableFuture<T> future) {
    return requireNonNull(Futures.getUnchecked(future), "answer");
  }

  static void completed(ListenableFuture<UpdateResult> write) {
    assertThat(answer(write).getStatus()).isEqualTo(UpdateStatus.Completed);
  }

  static void refused(ListenableFuture<?> call, Status.Code code, String text) {
    assertThatThrownBy(() -> Futures.getUnchecked(call))
        .rootCause()
        .satisfies(cause -> assertThat(Status.fromThrowable(cause).getCode()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  static List<Scored> scored(List<ScoredPoint> points) {
    return points.stream().map(point -> new Scored(point.getId(), point.getScore())).toList();
  }

  static List<PointId> ids(List<RetrievedPoint> points) {
    return points.stream().map(RetrievedPoint::getId).toList();
  }

  static Filter has(Condition condition) {
    return Filter.newBuilder().addMust(condition).build();
  }
}
