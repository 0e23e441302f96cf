package dev.eddy.standalone.fuzz;

import dev.eddy.testkit.RawBytes;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** Calls gRPC methods with whatever bytes it is given as the message. */
final class RawGrpc implements AutoCloseable {
  /** Finds hangs; nothing is measured by it. */
  private static final int HANG_SECONDS = 90;

  private final ManagedChannel channel;

  RawGrpc(int port) {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(Codec.Identity.NONE);
    compressors.register(new Codec.Gzip());
    compressors.register(new Mislabelled("deflate"));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .compressorRegistry(compressors)
            .maxInboundMessageSize(256 << 20)
            .build();
  }

  /** Says that it has compressed, and hasn't. */
  private record Mislabelled(String encoding) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return encoding;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }

  /** The status of a call, and what it says. */
  Status call(String method, byte[] message, String compression, Metadata headers) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.newBuilder(RawBytes.RAW, RawBytes.RAW)
            .setType(MethodType.UNARY)
            .setFullMethodName(method)
            .build();
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(HANG_SECONDS, TimeUnit.SECONDS);
    if (!compression.isEmpty()) {
      options = options.withCompression(compression);
    }
    try {
      ClientCalls.blockingUnaryCall(
          ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
          descriptor,
          options,
          message);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
