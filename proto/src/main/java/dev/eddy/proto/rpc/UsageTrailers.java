package dev.eddy.proto.rpc;

import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.proto.shard.UsageMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.Optional;

/**
 * Carries what a call used from the process that works to the one that asks. A caller whose request
 * does not want to know neither asks nor pays. Safe from any thread.
 */
public final class UsageTrailers {
  private static final Metadata.Key<String> WANTED =
      Metadata.Key.of("eddy-usage", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<UsageMessage> USED =
      Metadata.Key.of(
          "eddy-usage-bin", ProtoUtils.metadataMarshaller(UsageMessage.getDefaultInstance()));

  private UsageTrailers() {}

  /** For the process that asks: adds what a call used to the usage of the request it is part of. */
  public static ClientInterceptor asking() {
    return new ClientInterceptor() {
      @Override
      public <Q, A> ClientCall<Q, A> interceptCall(
          MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        Optional<HardwareUsage> usage = HardwareUsage.current();
        return usage.isEmpty() ? call : new AskingCall<>(call, usage.get());
      }
    };
  }

  /** For the process that works, whose handlers do all their work before they answer. */
  public static ServerInterceptor telling() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!headers.containsKey(WANTED)) {
          return next.startCall(call, headers);
        }
        HardwareUsage usage = new HardwareUsage();
        return new CountedListener<>(
            next.startCall(new TellingCall<>(call, usage), headers), usage);
      }
    };
  }

  private static UsageMessage message(HardwareUsage usage) {
    UsageMessage.Builder message = UsageMessage.newBuilder();
    for (HardwareUsage.Part part : HardwareUsage.Part.values()) {
      message.addSums(usage.get(part));
    }
    return message.build();
  }

  private static void add(UsageMessage message, HardwareUsage usage) {
    for (HardwareUsage.Part part : HardwareUsage.Part.values()) {
      if (part.ordinal() < message.getSumsCount()) {
        usage.plus(part, message.getSums(part.ordinal()));
      }
    }
  }

  private static final class AskingCall<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private final HardwareUsage usage;

    AskingCall(ClientCall<Q, A> call, HardwareUsage usage) {
      super(call);
      this.usage = usage;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      headers.put(WANTED, "1");
      super.start(
          new SimpleForwardingClientCallListener<A>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              UsageMessage used = trailers.get(USED);
              if (used != null) {
                add(used, usage);
              }
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }

  private static final class TellingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final HardwareUsage usage;

    TellingCall(ServerCall<Q, A> call, HardwareUsage usage) {
      super(call);
      this.usage = usage;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      trailers.put(USED, message(usage));
      super.close(status, trailers);
    }
  }

  private static final class CountedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final HardwareUsage usage;

    CountedListener(ServerCall.Listener<Q> listener, HardwareUsage usage) {
      super(listener);
      this.usage = usage;
    }

    @Override
    public void onHalfClose() {
      usage.during(() -> {
        super.onHalfClose();
        return Boolean.TRUE;
      });
    }
  }
}
