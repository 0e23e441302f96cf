package dev.eddy.query.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests, and gives one and the same message in place of any that can't be read, so that an
 * interceptor can refuse it. Without it grpc-java answers UNKNOWN, as if the server had failed.
 * Immutable, thread-safe.
 */
final class TolerantMarshaller<T> implements PrototypeMarshaller<T> {
  private final PrototypeMarshaller<T> marshaller;
  private final T unreadable;
  private final T tooDeep;

  private TolerantMarshaller(PrototypeMarshaller<T> marshaller, T unreadable, T tooDeep) {
    this.marshaller = marshaller;
    this.unreadable = unreadable;
    this.tooDeep = tooDeep;
  }

  /** The service with tolerant marshallers for the requests of all its methods. */
  static ServerServiceDefinition of(ServerServiceDefinition service) {
    return ServiceMethods.mapped(service, TolerantMarshaller::tolerant);
  }

  private static <Q, A> ServerMethodDefinition<Q, A> tolerant(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> given = method.getMethodDescriptor();
    if (given.getRequestMarshaller() instanceof PrototypeMarshaller<Q> marshaller
        && marshaller.getMessagePrototype() instanceof Message prototype) {
      // Another object than the default instance, which is what an empty request is read as.
      Q unreadable =
          marshaller.getMessageClass().cast(prototype.newBuilderForType().buildPartial());
      Q tooDeep = marshaller.getMessageClass().cast(prototype.newBuilderForType().buildPartial());
      return ServerMethodDefinition.create(
          given.toBuilder()
              .setRequestMarshaller(new TolerantMarshaller<>(marshaller, unreadable, tooDeep))
              .build(),
          method.getServerCallHandler());
    }
    return method;
  }

  /** Whether the message stands for one that could not be read. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isUnreadable(MethodDescriptor<?, ?> method, Object message) {
    return method.getRequestMarshaller() instanceof TolerantMarshaller<?> tolerant
        && tolerant.unreadable == message;
  }

  /** What a call with such a message ends with. */
  static Status unreadable(MethodDescriptor<?, ?> method) {
    return Status.INVALID_ARGUMENT.withDescription(
        "Wrong input: the request can't be read: it is no message of "
            + method.getFullMethodName());
  }

  /** Whether the message stands for one that is nested deeper than protobuf reads. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isTooDeep(MethodDescriptor<?, ?> method, Object message) {
    return method.getRequestMarshaller() instanceof TolerantMarshaller<?> tolerant
        && tolerant.tooDeep == message;
  }

  /** Protobuf has no type of its own for it. */
  private static boolean isNesting(Throwable failure) {
    String text = failure.getMessage();
    return text != null && text.contains("too many levels of nesting");
  }

  @Override
  public T parse(InputStream stream) {
    try {
      return marshaller.parse(stream);
    } catch (StatusRuntimeException failure) {
      if (failure.getCause() instanceof InvalidProtocolBufferException) {
        return isNesting(failure.getCause()) ? tooDeep : unreadable;
      }
      throw failure; // Too large, for instance.
    }
  }

  @Override
  public InputStream stream(T value) {
    return marshaller.stream(value);
  }

  @Override
  public Class<T> getMessageClass() {
    return marshaller.getMessageClass();
  }

  @Override
  public @Nullable T getMessagePrototype() {
    return marshaller.getMessagePrototype();
  }
}
