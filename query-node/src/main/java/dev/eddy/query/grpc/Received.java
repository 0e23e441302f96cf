package dev.eddy.query.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.Detachable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came: a small one is read already, by the thread of its connection; a large one
 * is left as bytes for the thread that answers it, since all calls of some connections wait
 * meanwhile. Used by one thread at a time.
 */
final class Received<Q> implements AutoCloseable {
  /** Is read in some tens of microseconds, about what it takes to wake another thread. */
  static final int SMALL_BYTES_MAX = 16 << 10;

  private final Marshaller<Q> marshaller;
  private @Nullable InputStream unread;
  private @Nullable Q message;
  private final long inflatedBytes;

  private Received(
      Marshaller<Q> marshaller,
      @Nullable InputStream unread,
      @Nullable Q message,
      long inflatedBytes) {
    this.marshaller = marshaller;
    this.unread = unread;
    this.message = message;
    this.inflatedBytes = inflatedBytes;
  }

  /** Receives what the other one reads. */
  static <Q> Marshaller<Received<Q>> marshaller(Marshaller<Q> messages) {
    return new Marshaller<>() {
      @Override
      public Received<Q> parse(InputStream stream) {
        if (stream instanceof Detachable large && isLarge(stream)) {
          return new Received<>(messages, large.detach(), null, 0);
        }
        Q message = messages.parse(stream);
        // What is compressed has no length before it is read.
        boolean isInflated = !(stream instanceof KnownLength);
        long inflated =
            isInflated && message instanceof MessageLite known ? known.getSerializedSize() : 0;
        return new Received<>(messages, null, message, inflated);
      }

      @Override
      public InputStream stream(Received<Q> received) {
        return messages.stream(received.message());
      }
    };
  }

  private static boolean isLarge(InputStream stream) {
    try {
      return stream instanceof KnownLength && stream.available() > SMALL_BYTES_MAX;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of a message that came compressed; 0 = it came as it is. */
  long inflatedBytes() {
    return inflatedBytes;
  }

  /** What it says; read now if it wasn't yet. */
  Q message() {
    InputStream bytes = unread;
    if (bytes != null) {
      message = marshaller.parse(bytes);
      close();
    }
    Q read = message;
    if (read == null) {
      throw new IllegalStateException("the request is closed");
    }
    return read;
  }

  /** Lets go of bytes that nobody has read. */
  @Override
  public void close() {
    InputStream bytes = unread;
    unread = null;
    if (bytes != null) {
      try {
        bytes.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
