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
 * reports each answer. What a client has asked for and doesn't take counts as held, too, until it
 * is taken or its connection ends. Safe from any thread.
 */
final class ScopeInterceptor implements ServerInterceptor {
  /** A smaller answer is not worth compressing: it fits into a few packets. */
  private static final int COMPRESSED_BYTES_MIN = 4 << 10;

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
    AtomicLong held = new AtomicLong();
    ServerCall<Q, A> scoped = new ScopedCall<>(call, scope, held);
    if (calls.incrementAndGet() > callsMax) {
      calls.decrementAndGet();
      refuse(scoped, "more than " + callsMax + " calls at once");
      return new ServerCall.Listener<>() {};
    }
    // For clients that accept it; the others get their answers as they are.
    call.setCompression("gzip");
    return new Counted<>(
        Contexts.interceptCall(scope.attach(Context.current()), scoped, headers, next),
        scoped,
        held);
  }

  private static void refuse(ServerCall<?, ?> call, String why) {
    call.close(Status.RESOURCE_EXHAUSTED.withDescription("Overloaded: " + why), new Metadata());
  }

  private final class ScopedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final CallScope scope;
    private final AtomicLong held;
    private final long startedNanos = System.nanoTime();

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
      super.close(status, trailers);
    }
  }

  /** A call and the bytes of its messages, counted until it has ended, however it did. */
  private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private final AtomicLong held;
    private boolean isRefused;

    Counted(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call, AtomicLong held) {
      super(listener);
      this.call = call;
      this.held = held;
    }

    @Override
    public void onMessage(Q message) {
      long size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      held.addAndGet(size);
      isRefused = true;
      if (bytes.addAndGet(size) > bytesMax) {
        refuse(call, "more than " + bytesMax + " bytes of messages at once");
      } else if (TolerantMarshaller.isUnreadable(call.getMethodDescriptor(), message)) {
        call.close(TolerantMarshaller.unreadable(call.getMethodDescriptor()), new Metadata());
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
        bytes.addAndGet(-held.getAndSet(0));
      }
    }
  }
}
