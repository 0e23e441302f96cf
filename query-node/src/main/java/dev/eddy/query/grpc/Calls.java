package dev.eddy.query.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.query.metrics.RequestMetrics;
import dev.eddy.query.watch.TimeWatch;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The unary calls under way: gives each its {@link CallScope} and, once its request is there, a
 * thread; bounds how many there are and what they hold; reports each answer. What a client has
 * asked for and doesn't take counts as held, too, until it is taken or its connection ends.
 *
 * <p>All but the answering happens on the thread of the call's connection, and blocks nowhere: a
 * call costs one hand-over to a thread that may block, and one back. Safe from any thread.
 */
final class Calls {
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
  private final Executor threads;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong answerBytes = new AtomicLong();

  /**
   * None yet.
   *
   * @param threads where calls are answered, one thread each
   */
  Calls(
      RequestMetrics metrics,
      GrpcSettings settings,
      TimeWatch watch,
      Connections connections,
      Executor threads) {
    this.metrics = metrics;
    this.limits = settings.limits();
    this.isUsageTold = settings.isUsageTold();
    this.watch = watch;
    this.connections = connections;
    this.threads = threads;
  }

  /** The service with its calls among these. All its methods must be unary. */
  ServerServiceDefinition among(ServerServiceDefinition service) {
    return ServiceMethods.mapped(service, this::counted);
  }

  private <Q, A> ServerMethodDefinition<Received<Q>, A> counted(
      ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    Answering<Q, A> answering =
        new Answering<>(
            descriptor,
            method.getServerCallHandler(),
            "/" + descriptor.getFullMethodName(),
            !UNBOUNDED.contains(descriptor.getFullMethodName()));
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                Received.marshaller(descriptor.getRequestMarshaller()),
                descriptor.getResponseMarshaller())
            .build(),
        (call, headers) -> begin(call, headers, answering));
  }

  /**
   * A method.
   *
   * @param endpoint as it is counted
   * @param isBounded whether it is refused when the node has too much to do
   */
  private record Answering<Q, A>(
      MethodDescriptor<Q, A> descriptor,
      ServerCallHandler<Q, A> handler,
      String endpoint,
      boolean isBounded) {}

  private <Q, A> ServerCall.Listener<Received<Q>> begin(
      ServerCall<Received<Q>, A> transport, Metadata headers, Answering<Q, A> answering) {
    CallScope scope = new CallScope(headers, AnswerMeter.sharing(limits, answerBytes), isUsageTold);
    Call<Q, A> call = new Call<>(transport, scope, answering);
    return call.begin(headers);
  }

  /**
   * One of them.
   *
   * <p>Until the request is there, things happen on the connection's thread, or the watch ends it;
   * then on the thread that answers; and the connection's thread tells the end at any time.
   */
  private final class Call<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final CallScope scope;
    private final Answering<Q, A> answering;
    private final long startedNanos = System.nanoTime();
    private final AtomicLong held = new AtomicLong();

    /** Whether the request is neither there nor given up. */
    private final AtomicBoolean isAwaited = new AtomicBoolean(true);

    private ServerCall.Listener<Q> handler = new ServerCall.Listener<>() {};
    private @Nullable Received<Q> request;
    private @Nullable Metadata responseHeaders;
    private TimeWatch.Due due;
    private volatile boolean isClosed;

    // Under the lock of this object.
    private boolean isAnswering;
    private boolean hasEnded;
    private boolean hasLeft;

    @SuppressWarnings("unchecked") // Of the type of requests only the descriptor is told, below.
    Call(ServerCall<Received<Q>, A> transport, CallScope scope, Answering<Q, A> answering) {
      super((ServerCall<Q, A>) (ServerCall<?, A>) transport);
      this.scope = scope;
      this.answering = answering;
      this.due = watch.after(limits.timeOf(Limit.REQUEST_TIME), this::timeIsUp);
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
      return answering.descriptor();
    }

    ServerCall.Listener<Received<Q>> begin(Metadata headers) {
      if (calls.incrementAndGet() > limits.of(Limit.GRPC_CALLS) && answering.isBounded()) {
        leave();
        refuseOverload(
            Limit.GRPC_CALLS, "more than " + limits.of(Limit.GRPC_CALLS) + " calls at once");
      } else {
        Inflow.tell(this::takesIn);
        handler = answering.handler().startCall(this, headers);
      }
      return new Events<>(this);
    }

    private void timeIsUp() {
      if (isClosed) {
        // There is no way to end a call whose answer waits for room, but to end its connection.
        metrics.grpcRefused(Limit.ANSWER_TIME);
        connections.close(getAttributes());
      } else {
        refuse(
            Limit.REQUEST_TIME,
            Status.DEADLINE_EXCEEDED.withDescription(
                "Timeout: the request did not arrive within %d ms"
                    .formatted(limits.of(Limit.REQUEST_TIME))),
            new Metadata());
      }
    }

    /** So much more of the request came in. */
    private void takesIn(long more) {
      if (holds(more) > limits.of(Limit.GRPC_MESSAGES) && answering.isBounded()) {
        refuseOverload(
            Limit.GRPC_MESSAGES,
            "more than " + limits.of(Limit.GRPC_MESSAGES) + " bytes of messages at once");
      }
    }

    private long holds(long more) {
      held.addAndGet(more);
      return bytes.addAndGet(more);
    }

    /** There is one of each call, and it comes together with the end of the request. */
    void requested(Received<Q> message) {
      if (isAwaited.get()) {
        request = message;
        takesIn(message.inflatedBytes());
      } else {
        message.close();
      }
    }

    /** The request is complete: from here on it has a thread. */
    void complete() {
      if (!isAwaited.compareAndSet(true, false)) {
        return;
      }
      due.suspend();
      synchronized (this) {
        if (hasEnded) {
          return;
        }
        isAnswering = true;
      }
      if (Thread.currentThread().isVirtual()) {
        answer();
      } else {
        try {
          threads.execute(this::answer);
        } catch (RejectedExecutionException e) {
          close(Status.UNAVAILABLE.withDescription("Unavailable: this node stops"), new Metadata());
        }
      }
    }

    private void answer() {
      try (Received<Q> received = request) {
        request = null;
        if (received != null) {
          Q message = received.message();
          if (isRefused(message)) {
            return;
          }
          handler.onMessage(message);
        }
        scope.during(handler::onHalfClose);
      } catch (RuntimeException | Error e) {
        if (!isClosed) {
          close(RpcErrors.translate(e).getStatus(), new Metadata());
        }
      } finally {
        answered();
      }
    }

    private boolean isRefused(Q message) {
      if (TolerantMarshaller.isTooDeep(answering.descriptor(), message)) {
        scope.exceeds(Limit.GRPC_DEPTH);
        close(
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: the request has messages nested more than %d deep (limit %s)"
                    .formatted(limits.of(Limit.GRPC_DEPTH), Limit.GRPC_DEPTH.apiName())),
            new Metadata());
      } else if (TolerantMarshaller.isUnreadable(answering.descriptor(), message)) {
        close(TolerantMarshaller.unreadable(answering.descriptor()), new Metadata());
      } else if (message instanceof Message known && !known.getUnknownFields().isEmpty()) {
        // Of a later contract: passing it over could do something else than what was asked for.
        int number = known.getUnknownFields().asMap().keySet().iterator().next();
        close(
            Status.INVALID_ARGUMENT.withDescription(
                "Wrong input: unknown field in the request: %s: field %d"
                    .formatted(known.getDescriptorForType().getName(), number)),
            new Metadata());
      }
      return isClosed;
    }

    private void refuseOverload(Limit limit, String why) {
      Metadata trailers = new Metadata();
      trailers.put(RpcErrors.RETRY_AFTER, "1");
      refuse(limit, Status.RESOURCE_EXHAUSTED.withDescription("Overloaded: " + why), trailers);
    }

    /** Ends it before its request is there, if nobody else did. */
    private void refuse(@Nullable Limit limit, Status status, Metadata trailers) {
      if (isAwaited.compareAndSet(true, false)) {
        if (limit != null) {
          scope.exceeds(limit);
        }
        close(status, trailers);
      }
    }

    /** Waits for the message, whose size says whether it is compressed. */
    @Override
    public void sendHeaders(Metadata headers) {
      headers.merge(scope.responseHeaders());
      responseHeaders = headers;
    }

    @Override
    public void sendMessage(A message) {
      long size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
      holds(size);
      if (size >= COMPRESSED_BYTES_MIN) {
        // For clients that accept it; the others get their answers as they are.
        setCompression("gzip");
      }
      super.sendHeaders(responseHeaders == null ? scope.responseHeaders() : responseHeaders);
      super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      // Before the client knows: what it has an answer to is counted when it looks.
      metrics.grpcAnswered(
          answering.endpoint(),
          scope.collection(),
          status.getCode().value(),
          System.nanoTime() - startedNanos);
      scope.exceeded().ifPresent(metrics::grpcRefused);
      isClosed = true;
      synchronized (this) {
        // Another one, since a time that was up can't begin again.
        due.cancel();
        due = watch.after(limits.timeOf(Limit.ANSWER_TIME), this::timeIsUp);
      }
      super.close(status, trailers);
      answered();
    }

    /** Nobody works for it any more. */
    private synchronized void answered() {
      isAnswering = false;
      leaveIfOver();
    }

    /** Its stream is no more, however that came. */
    synchronized void ended() {
      hasEnded = true;
      isAwaited.set(false);
      leaveIfOver();
    }

    /** Gives back what it held, when neither its client nor a thread needs it any more. */
    private void leaveIfOver() {
      if (hasEnded && !isAnswering) {
        due.cancel();
        if (request != null) {
          request.close();
          request = null;
        }
        leave();
        bytes.addAndGet(-held.getAndSet(0));
      }
    }

    private synchronized void leave() {
      if (!hasLeft) {
        hasLeft = true;
        calls.decrementAndGet();
      }
    }
  }

  /** What the connection tells of a call. */
  private static final class Events<Q> extends ServerCall.Listener<Received<Q>> {
    private final Calls.Call<Q, ?> call;

    Events(Calls.Call<Q, ?> call) {
      this.call = call;
    }

    @Override
    public void onMessage(Received<Q> message) {
      call.requested(message);
    }

    @Override
    public void onHalfClose() {
      call.complete();
    }

    @Override
    public void onCancel() {
      call.ended();
    }

    @Override
    public void onComplete() {
      call.ended();
    }
  }
}
