package dev.eddy.query.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.grpc.Detachable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class ReceivedTest {
  private int read;
  private int closed;

  private final Marshaller<String> texts =
      new Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          read++;
          try {
            return new String(stream.readAllBytes(), UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  /** Bytes as gRPC gives them: they are its own until they are detached. */
  private final class Bytes extends ByteArrayInputStream implements KnownLength, Detachable {
    Bytes(int length) {
      super("x".repeat(length).getBytes(UTF_8));
    }

    @Override
    public InputStream detach() {
      Bytes detached = new Bytes(available());
      count = 0;
      return detached;
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @Test
  void whatIsSmallIsReadAtOnce() {
    Received<String> received =
        Received.marshaller(texts).parse(new Bytes(Received.SMALL_BYTES_MAX));
    assertThat(read).isEqualTo(1);
    assertThat(received.message()).hasSize(Received.SMALL_BYTES_MAX);
    assertThat(read).isEqualTo(1);
  }

  @Test
  void whatIsLargeIsReadWhenItIsAskedFor() {
    Received<String> received =
        Received.marshaller(texts).parse(new Bytes(Received.SMALL_BYTES_MAX + 1));
    assertThat(read).isZero();
    assertThat(received.message()).hasSize(Received.SMALL_BYTES_MAX + 1);
    assertThat(received.message()).hasSize(Received.SMALL_BYTES_MAX + 1);
    received.close();
    assertThat(read).isEqualTo(1);
    assertThat(closed).isEqualTo(1);
  }

  @Test
  void bytesThatNobodyReadsAreLetGoOf() {
    Received<String> received =
        Received.marshaller(texts).parse(new Bytes(Received.SMALL_BYTES_MAX + 1));
    received.close();
    received.close();
    assertThat(closed).isEqualTo(1);
    assertThatIllegalStateException().isThrownBy(received::message);
    assertThat(read).isZero();
  }
}
