package dev.eddy.query.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.watch.TimeWatch;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each call its {@link CallScope}, bounds how many run at once and what they hold, and
 * reports each answer. What a client has asked for and doesn't take counts as held, too, until it
 * is taken or its connection ends. Safe from any thread.
 */
final class ScopeInterceptor implements ServerInterceptor {
  /** A smaller answer is not worth compressing: it fits into a few packets. */
  private static final int COMPRESSED_BYTES_MIN = 4 << 10;

  /** What tells how the node is doing must answer above all when it is overloaded. */
  private static final Set<String> UNBOUNDED =
      Set.of("eddy.v1.Node/Liveness", "eddy.v1.Node/Readiness", "eddy.v1.Node/Metrics");

  private final RequestMetrics metrics;
  private final Limits limits;
  private final boolean isUsageTold;
  private final TimeWatch watch;
  private final Connections connections;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong answerBytes = new AtomicLong();

  ScopeInterceptor(
      RequestMetrics metrics, GrpcSettings settings, TimeWatch watch, Connections connections) {
    this.metrics = metrics;
    this.limits = settings.limits();
    this.isUsageTold = settings.isUsageTold();
    this.watch = watch;
    this.connections = connections;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CallScope scope = new CallScope(headers, AnswerMeter.sharing(limits, answerBytes), isUsageTold);
    AtomicLong held = new AtomicLong();
    ScopedCall<Q, A> scoped = new ScopedCall<>(call, scope, held);
    boolean isBounded = !UNBOUNDED.contains(call.getMethodDescriptor().getFullMethodName());
    if (calls.incrementAndGet() > limits.of(Limit.GRPC_CALLS) && isBounded) {
      calls.decrementAndGet();
      refuse(
          scoped, Limit.GRPC_CALLS, "more than " + limits.of(Limit.GRPC_CALLS) + " calls at once");
      return new ServerCall.Listener<>() {};
    }
    // For clients that accept it; the others get their answers as they are.
    call.setCompression("gzip");
    return new Counted<>(
        Contexts.interceptCall(scope.attach(Context.current()), scoped, headers, next),
        scoped,
        held,
        isBounded);
  }

  private static void refuse(ScopedCall<?, ?> call, Limit limit, String why) {
    Metadata trailers = new Metadata();
    trailers.put(RpcErrors.RETRY_AFTER, "1");
    call.refuse(limit, Status.RESOURCE_EXHAUSTED.withDescription("Overloaded: " + why), trailers);
  }

  private final class ScopedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final CallScope scope;
    private final AtomicLong held;
    private final long startedNanos = System.nanoTime();
    private volatile Future<?> due = CompletableFuture.completedFuture(null);
    private volatile boolean hasEnded;

    ScopedCall(ServerCall<Q, A> call, CallScope scope, AtomicLong held) {
      super(call);
      this.scope = scope;
      this.held = held;
    }

    @Override
    public void sendMessage(A message) {
      long size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      held.addAndGet(size);
      bytes.addAndGet(size);
      setMessageCompression(size >= COMPRESSED_BYTES_MIN);
      super.sendMessage(message);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headers.merge(scope.responseHeaders());
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      // Before the client knows: what it has an answer to is counted when it looks.
      metrics.grpcAnswered(
          "/" + getMethodDescriptor().getFullMethodName(),
          scope.collection(),
          status.getCode().value(),
          System.nanoTime() - startedNanos);
      scope.exceeded().ifPresent(metrics::grpcRefused);
      due = watch.after(limits.timeOf(Limit.ANSWER_TIME), this::notTaken);
      super.close(status, trailers);
      if (hasEnded) {
        due.cancel(false);
      }
    }

    void refuse(Limit limit, Status status, Metadata trailers) {
      scope.exceeds(limit);
      close(status, trailers);
    }

    /** There is no way to end a call whose answer waits for room, but to end its connection. */
    private void notTaken() {
      if (!hasEnded) {
        metrics.grpcRefused(Limit.ANSWER_TIME);
        connections.close(getAttributes());
      }
    }

    void ended() {
      hasEnded = true;
      due.cancel(false);
    }
  }

  /** A call and the bytes of its messages, counted until it has ended, however it did. */
  private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ScopedCall<Q, ?> call;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);

    /** Whether the request is neither there nor given up. */
    private final AtomicBoolean isAwaited = new AtomicBoolean(true);

    private final AtomicLong held;
    private final Future<?> due;
    private final boolean isBounded;
    private boolean isRefused;

    Counted(
        ServerCall.Listener<Q> listener,
        ScopedCall<Q, ?> call,
        AtomicLong held,
        boolean isBounded) {
      super(listener);
      this.call = call;
      this.held = held;
      this.isBounded = isBounded;
      this.due = watch.after(limits.timeOf(Limit.REQUEST_TIME), this::late);
    }

    private void late() {
      if (isAwaited.compareAndSet(true, false)) {
        call.refuse(
            Limit.REQUEST_TIME,
            Status.DEADLINE_EXCEEDED.withDescription(
                "Timeout: the request did not arrive within %d ms"
                    .formatted(limits.of(Limit.REQUEST_TIME))),
            new Metadata());
      }
    }

    @Override
    public void onMessage(Q message) {
      long size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      held.addAndGet(size);
      isRefused = true;
      if (bytes.addAndGet(size) > limits.of(Limit.GRPC_MESSAGES) && isBounded) {
        refused(
            Limit.GRPC_MESSAGES,
            "more than " + limits.of(Limit.GRPC_MESSAGES) + " bytes of messages at once");
      } else if (TolerantMarshaller.isTooDeep(call.getMethodDescriptor(), message)) {
        refused(
            Limit.GRPC_DEPTH,
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: the request has messages nested more than %d deep (limit %s)"
                    .formatted(limits.of(Limit.GRPC_DEPTH), Limit.GRPC_DEPTH.apiName())));
      } else if (TolerantMarshaller.isUnreadable(call.getMethodDescriptor(), message)) {
        refused(TolerantMarshaller.unreadable(call.getMethodDescriptor()));
      } else if (message instanceof Message known && !known.getUnknownFields().isEmpty()) {
        // Of a later contract: passing it over could do something else than what was asked for.
        int number = known.getUnknownFields().asMap().keySet().iterator().next();
        refused(
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: unknown field in the request: %s: field %d"
                    .formatted(known.getDescriptorForType().getName(), number)));
      } else {
        isRefused = false;
        super.onMessage(message);
      }
    }

    private void refused(Limit limit, String why) {
      if (isAwaited.compareAndSet(true, false)) {
        refuse(call, limit, why);
      }
    }

    private void refused(Limit limit, Status status) {
      if (isAwaited.compareAndSet(true, false)) {
        call.refuse(limit, status, new Metadata());
      }
    }

    private void refused(Status status) {
      if (isAwaited.compareAndSet(true, false)) {
        call.close(status, new Metadata());
      }
    }

    @Override
    public void onHalfClose() {
      due.cancel(false);
      if (!isRefused && isAwaited.compareAndSet(true, false)) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      leave();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      leave();
      super.onComplete();
    }

    private void leave() {
      due.cancel(false);
      call.ended();
      if (isOpen.compareAndSet(true, false)) {
        calls.decrementAndGet();
        bytes.addAndGet(-held.getAndSet(0));
      }
    }
  }
}
