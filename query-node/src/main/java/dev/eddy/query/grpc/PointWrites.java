package dev.eddy.query.grpc;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.update.Update;
import dev.eddy.proto.qdrant.PointsOperationResponse;
import dev.eddy.proto.qdrant.UpdateBatchPoints;
import dev.eddy.proto.qdrant.UpdateBatchResponse;
import dev.eddy.proto.qdrant.UpdateResult;
import dev.eddy.proto.qdrant.UpdateStatus;
import dev.eddy.proto.qdrant.mapping.QdrantAnswers;
import dev.eddy.proto.qdrant.mapping.QdrantQueries;
import dev.eddy.proto.qdrant.mapping.QdrantUpdates;
import dev.eddy.proto.qdrant.mapping.RuleBook;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;

/** Writes of the Points service. Safe from any thread. */
final class PointWrites {
  private final WriteService writes;

  PointWrites(WriteService writes) {
    this.writes = requireNonNull(writes, "writes");
  }

  /** What every write says beside its update. */
  record Head(String collection, boolean awaitApplied, boolean hasTimeout, long timeoutSeconds) {
    /** What is read last of every request: all rules that it breaks are told now. */
    WriteOptions options() {
      RuleBook.check();
      return new WriteOptions(
          awaitApplied,
          QdrantQueries.timeout(hasTimeout, timeoutSeconds, WriteOptions.TIMEOUT_DEFAULT));
    }
  }

  /** One declaration; {@code declaration} reads it from the request and may fail. */
  void declare(
      StreamObserver<PointsOperationResponse> observer,
      Head head,
      Supplier<Declaration> declaration) {
    answer(
        observer, head, () -> writes.declare(head.collection(), declaration.get(), head.options()));
  }

  /** One update; {@code update} reads it from the request and may fail. */
  void write(StreamObserver<PointsOperationResponse> observer, Head head, Supplier<Update> update) {
    answer(observer, head, () -> writes.write(head.collection(), update.get(), head.options()));
  }

  private static void answer(
      StreamObserver<PointsOperationResponse> observer, Head head, Supplier<WriteResult> write) {
    Unary.run(
        observer,
        stopwatch -> {
          CallScope scope = CallScope.current();
          scope.about(head.collection());
          WriteResult result = write.get();
          scope.wrote(result);
          return PointsOperationResponse.newBuilder()
              .setResult(result(result))
              .setTime(stopwatch.seconds())
              .build();
        });
  }

  void batch(UpdateBatchPoints request, StreamObserver<UpdateBatchResponse> observer) {
    Unary.run(
        observer,
        stopwatch -> {
          CallScope scope = CallScope.current();
          Head head =
              new Head(
                  request.getCollectionName(),
                  request.getWait(),
                  request.hasTimeout(),
                  request.getTimeout());
          scope.about(head.collection());
          List<WriteResult> results =
              writes.writeBatch(head.collection(), QdrantUpdates.batch(request), head.options());
          scope.wrote(results);
          UpdateBatchResponse.Builder answer = UpdateBatchResponse.newBuilder();
          results.forEach(result -> answer.addResult(result(result)));
          return answer.setTime(stopwatch.seconds()).build();
        });
  }

  private static UpdateResult result(WriteResult result) {
    return QdrantAnswers.update(
        result.operationId(),
        switch (result.status()) {
          case ACKNOWLEDGED -> UpdateStatus.Acknowledged;
          case COMPLETED -> UpdateStatus.Completed;
          case WAIT_TIMEOUT -> UpdateStatus.WaitTimeout;
        });
  }
}
