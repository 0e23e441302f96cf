package dev.eddy.query.grpc;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.error.EddyException;
import dev.eddy.proto.qdrant.mapping.RuleBook;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

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
    Optional<Throwable> failure = answer(observer, handler, scope);
    // Its memory is given back by now: who is refused may come again at once.
    if (failure.isPresent()) {
      if (failure.get() instanceof EddyException known) {
        known.limit().ifPresent(scope::exceeds);
      }
      observer.onError(RpcErrors.translate(failure.get()));
    } else {
      observer.onCompleted();
    }
  }

  /** Sends the answer, or says why there is none. */
  private static <A> Optional<Throwable> answer(
      StreamObserver<A> observer, Handler<A> handler, CallScope scope) {
    try (AnswerMeter meter = scope.meter()) {
      A answer;
      try {
        answer =
            meter.metering(() ->
                RuleBook.collecting(
                    () -> scope.counted(() -> UsageField.filled(handler.answer(new Stopwatch())))));
      } catch (RuntimeException | Error e) {
        return Optional.of(e);
      }
      observer.onNext(answer);
      return Optional.empty();
    }
  }
}
