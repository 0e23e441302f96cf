package dev.eddy.standalone.golden;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.QdrantGrpc;
import dev.eddy.proto.qdrant.SnapshotsGrpc;
import dev.eddy.standalone.golden.GoldenFile.Exchange;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * gRPC: a request is the name of a method and a message in the text form of Protocol Buffers, an
 * answer the status, the metadata and the message.
 */
public final class GrpcDoor implements Door, AutoCloseable {
  private static final Map<String, MethodDescriptor<Message, Message>> METHODS = methods();

  private final ManagedChannel channel;

  public GrpcDoor(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @SuppressWarnings("unchecked") // Every method of these services takes and gives messages.
  private static Map<String, MethodDescriptor<Message, Message>> methods() {
    Map<String, MethodDescriptor<Message, Message>> methods = new LinkedHashMap<>();
    List.of(
            QdrantGrpc.getServiceDescriptor(),
            CollectionsGrpc.getServiceDescriptor(),
            PointsGrpc.getServiceDescriptor(),
            SnapshotsGrpc.getServiceDescriptor())
        .forEach(service ->
            service
                .getMethods()
                .forEach(method ->
                    methods.put(
                        method.getFullMethodName(), (MethodDescriptor<Message, Message>) method)));
    var check = (MethodDescriptor<?, ?>) HealthGrpc.getCheckMethod();
    methods.put(check.getFullMethodName(), (MethodDescriptor<Message, Message>) check);
    return methods;
  }

  /** Every public method by its name, {@code qdrant.Points/Count}. */
  public static Map<String, MethodDescriptor<Message, Message>> published() {
    return METHODS;
  }

  /** The message that a request of the text form stands for. */
  public static Message request(MethodDescriptor<Message, Message> method, String text) {
    Message prototype =
        Objects.requireNonNull(
            ((PrototypeMarshaller<Message>) method.getRequestMarshaller()).getMessagePrototype());
    Message.Builder builder = prototype.newBuilderForType();
    try {
      TextFormat.merge(text, builder);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(method.getFullMethodName() + ": " + text, e);
    }
    return builder.build();
  }

  @Override
  public String answer(Exchange exchange) {
    MethodDescriptor<Message, Message> method =
        Objects.requireNonNull(METHODS.get(exchange.line()), exchange.line());
    AtomicReference<@Nullable Metadata> headers = new AtomicReference<>(new Metadata());
    AtomicReference<@Nullable Metadata> trailers = new AtomicReference<>(new Metadata());
    Channel watched =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    try {
      Message answer =
          ClientCalls.blockingUnaryCall(
              watched, method, CallOptions.DEFAULT, request(method, exchange.body()));
      return "-> OK"
          + told(headers.get())
          + "\n"
          + steady(TextFormat.printer().printToString(answer));
    } catch (StatusRuntimeException e) {
      return "-> "
          + e.getStatus().getCode()
          + told(e.getTrailers())
          + "\n"
          + e.getStatus().getDescription();
    }
  }

  private static String told(@Nullable Metadata sent) {
    Metadata metadata = sent == null ? new Metadata() : sent;
    Map<String, String> told = new TreeMap<>();
    for (String name : metadata.keys()) {
      if (!name.equals("content-type") && !name.startsWith("grpc-")) {
        String value = metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        told.put(
            name,
            switch (name) {
              case "eddy-token" -> "<token>";
              case "eddy-positions" -> "<positions>";
              default -> Objects.requireNonNull(value);
            });
      }
    }
    StringBuilder lines = new StringBuilder();
    told.forEach((name, value) -> lines.append('\n').append(name).append(": ").append(value));
    return lines.toString();
  }

  private static String steady(String message) {
    return message
        .replaceAll("(?m)^time: .*", "time: <time>")
        .replaceAll("(?m)^( *operation_id): .*", "$1: <offset>")
        .replaceAll("(?m)^( *version): \\d+", "$1: <offset>");
  }

  @Override
  public boolean isSuccess(String answer) {
    return answer.startsWith("-> OK");
  }

  @Override
  public boolean isOf(Exchange exchange, String operation) {
    return exchange.line().equals(operation);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
