package dev.eddy.query.twins;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A client that knows nothing of a gRPC server but what its reflection tells, as tools for the
 * command line do. Used by one thread.
 */
final class ReflectedServer implements AutoCloseable {
  private final ManagedChannel channel;
  private final Map<String, ServiceDescriptor> services = new HashMap<>();

  ReflectedServer(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    ServerReflectionResponse all =
        ask(ServerReflectionRequest.newBuilder().setListServices("").build());
    all.getListServicesResponse()
        .getServiceList()
        .forEach(service -> services.put(service.getName(), described(service.getName())));
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> asked =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    asked.onNext(request);
    asked.onCompleted();
    return answer.join();
  }

  private ServiceDescriptor described(String service) {
    Map<String, FileDescriptorProto> files = new HashMap<>();
    FileDescriptorProto first = null;
    for (ByteString bytes :
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build())
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList()) {
      try {
        FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
        files.put(file.getName(), file);
        first = first == null ? file : first;
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    if (first == null) {
      throw new AssertionError("reflection tells nothing of " + service);
    }
    String bare = service.substring(service.lastIndexOf('.') + 1);
    return file(first, files).findServiceByName(bare);
  }

  private static FileDescriptor file(
      FileDescriptorProto file, Map<String, FileDescriptorProto> files) {
    List<FileDescriptor> imports = new ArrayList<>();
    for (String name : file.getDependencyList()) {
      imports.add(file(Objects.requireNonNull(files.get(name), name), files));
    }
    try {
      return FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
    } catch (DescriptorValidationException e) {
      throw new AssertionError(file.getName(), e);
    }
  }

  /** Full names of all methods: {@code qdrant.Points/Upsert}. */
  List<String> methods() {
    return services.values().stream()
        .flatMap(service -> service.getMethods().stream())
        .map(method -> method.getService().getFullName() + "/" + method.getName())
        .sorted()
        .toList();
  }

  /**
   * Calls a method that takes and gives one message.
   *
   * @param text the request in protobuf's text form
   * @throws io.grpc.StatusRuntimeException as the call fails
   */
  Message call(String method, String text) {
    int slash = method.indexOf('/');
    var described =
        Objects.requireNonNull(services.get(method.substring(0, slash)), method)
            .findMethodByName(method.substring(slash + 1));
    DynamicMessage.Builder request = DynamicMessage.newBuilder(described.getInputType());
    try {
      TextFormat.merge(text, request);
    } catch (TextFormat.ParseException e) {
      throw new AssertionError(method + ": " + text, e);
    }
    MethodDescriptor<Message, Message> descriptor =
        MethodDescriptor.<Message, Message>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method)
            .setRequestMarshaller(
                marshaller(DynamicMessage.getDefaultInstance(described.getInputType())))
            .setResponseMarshaller(
                marshaller(DynamicMessage.getDefaultInstance(described.getOutputType())))
            .build();
    return ClientCalls.blockingUnaryCall(channel, descriptor, CallOptions.DEFAULT, request.build());
  }

  private static MethodDescriptor.Marshaller<Message> marshaller(Message prototype) {
    return ProtoUtils.marshaller(prototype);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
