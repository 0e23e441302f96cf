package dev.eddy.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aBodyEndsAtItsLength() throws IOException {
    InputStream in =
        stream("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 404 Not Found\r\n\r\n");

    HttpConnection.Answer first = HttpConnection.read(in);
    HttpConnection.Answer second = HttpConnection.read(in);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).asString(StandardCharsets.UTF_8).isEqualTo("first");
    assertThat(second.status()).isEqualTo(404);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void chunksAreJoined() throws IOException {
    InputStream in =
        stream(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

    assertThat(HttpConnection.read(in).body()).asString(StandardCharsets.UTF_8).isEqualTo("abcde");
  }

  @Test
  void aClosedConnectionIsAnError() {
    assertThatThrownBy(
            () -> HttpConnection.read(stream("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfir")))
        .isInstanceOf(EOFException.class);
  }
}
