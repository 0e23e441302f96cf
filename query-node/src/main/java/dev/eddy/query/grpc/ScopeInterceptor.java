package dev.eddy.query.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.eddy.query.metrics.RequestMetrics;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each call its {@link CallScope}, bounds how many run at once and what they hold, and
 * reports each answer. Safe from any thread.
 */
final class ScopeInterceptor implements ServerInterceptor {
  private final RequestMetrics metrics;
  private final int callsMax;
  private final long bytesMax;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  ScopeInterceptor(RequestMetrics metrics, int callsMax, long bytesMax) {
    this.metrics = metrics;
    this.callsMax = callsMax;
    this.bytesMax = bytesMax;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CallScope scope = new CallScope(headers);
    ServerCall<Q, A> scoped = new ScopedCall<>(call, scope);
    if (calls.incrementAndGet() > callsMax) {
      calls.decrementAndGet();
      refuse(scoped, "more than " + callsMax + " calls at once");
      return new ServerCall.Listener<>() {};
    }
    return new Counted<>(
        Contexts.interceptCall(scope.attach(Context.current()), scoped, headers, next), scoped);
  }

  private static void refuse(ServerCall<?, ?> call, String why) {
    call.close(Status.RESOURCE_EXHAUSTED.withDescription("Overloaded: " + why), new Metadata());
  }

  private final class ScopedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final CallScope scope;
    private final long startedNanos = System.nanoTime();

    ScopedCall(ServerCall<Q, A> call, CallScope scope) {
      super(call);
      this.scope = scope;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      headers.merge(scope.responseHeaders());
      super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      super.close(status, trailers);
      metrics.grpcAnswered(
          "/" + getMethodDescriptor().getFullMethodName(),
          scope.collection(),
          status.getCode().value(),
          System.nanoTime() - startedNanos);
    }
  }

  /** A call and its request's bytes, counted until it has ended, however it did. */
  private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private long ownBytes;
    private boolean isRefused;

    Counted(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      ownBytes = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      isRefused = true;
      if (bytes.addAndGet(ownBytes) > bytesMax) {
        refuse(call, "more than " + bytesMax + " bytes of requests at once");
      } else if (message instanceof Message known && !known.getUnknownFields().isEmpty()) {
        // Of a later contract: passing it over could do something else than what was asked for.
        int number = known.getUnknownFields().asMap().keySet().iterator().next();
        call.close(
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: unknown field in the request: %s: field %d"
                    .formatted(known.getDescriptorForType().getName(), number)),
            new Metadata());
      } else {
        isRefused = false;
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!isRefused) {
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
      if (isOpen.compareAndSet(true, false)) {
        calls.decrementAndGet();
        bytes.addAndGet(-ownBytes);
      }
    }
  }
}
