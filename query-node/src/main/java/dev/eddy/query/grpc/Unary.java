package dev.eddy.query.grpc;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.error.EddyException;
import io.grpc.stub.StreamObserver;

/** Runs the handler of a unary call and answers it, with its failure if it fails. */
final class Unary {
  private Unary() {}

  /** A handler that is given nothing but a clock for the answer's {@code time}. */
  @FunctionalInterface
  interface Handler<A> {
    A answer(Stopwatch stopwatch);
  }

  /** Seconds since the handler began. */
  static final class Stopwatch {
    private final long startedNanos = System.nanoTime();

    double seconds() {
      return (System.nanoTime() - startedNanos) / 1e9;
    }
  }

  static <A> void run(StreamObserver<A> observer, Handler<A> handler) {
    CallScope scope = CallScope.current();
    try (AnswerMeter meter = scope.meter()) {
      A answer;
      try {
        answer =
            meter.metering(
                () -> scope.counted(() -> UsageField.filled(handler.answer(new Stopwatch()))));
      } catch (RuntimeException | Error e) {
        if (e instanceof EddyException known) {
          known.limit().ifPresent(scope::exceeds);
        }
        observer.onError(RpcErrors.translate(e));
        return;
      }
      observer.onNext(answer);
    }
    observer.onCompleted();
  }
}
