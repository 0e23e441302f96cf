package dev.eddy.query.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that can't be read to their end are the client's mistake, and answered. */
class UnreadableBodiesTest {
  private static final String COUNT = "/collections/words/points/count";

  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private HttpResponse<String> zipped(String path, byte[] body) {
    return client.exchange(
        "POST",
        path,
        BodyPublishers.ofByteArray(body),
        BodyHandlers.ofString(),
        "Content-Encoding",
        "gzip");
  }

  /** Everything that comes back for what is sent; then nothing more is. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void brokenCompressionIsWrongInput() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write("{\"exact\":false}".getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = out.toByteArray();
    byte[] damaged = whole.clone();
    damaged[12] ^= 0x55;
    for (byte[] body :
        new byte[][] {Arrays.copyOf(whole, whole.length - 12), damaged, {1, 2, 3}, {31}}) {
      HttpResponse<String> refused = zipped(COUNT, body);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
      assertThat(refused.body()).contains("{\"status\":{\"error\":\"Bad request: the body ");
    }
    assertThat(zipped("/collections/words/snapshots", new byte[] {1, 2, 3}).statusCode())
        .as("of an operation that reads no body")
        .isEqualTo(501);
    assertThat(zipped(COUNT, whole).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsBrokenOffIsWrongInput() throws IOException {
    String head = "POST " + COUNT + " HTTP/1.1\r\nHost: x\r\n";
    String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    for (String request :
        new String[] {
          chunked + "5\r\n{\"exa",
          chunked + "1\r\n{\r\nzz\r\n",
          head + "Content-Length: 9\r\n\r\n{\"exa",
          head + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n\u001f"
        }) {
      assertThat(raw(request))
          .startsWith("HTTP/1.1 400 ")
          .contains("{\"status\":{\"error\":\"Bad request: the body can't be read: ");
    }
    assertThat(services.asked).as("nothing was asked").isEmpty();
  }

  @Test
  void whatTheHttpServerRefusesHasTheEnvelopeToo() throws IOException {
    assertThat(client.send("POST", COUNT, "{}", "Content-Encoding", "br").body())
        .startsWith("{\"status\":{\"error\":\"Bad request: ");
    assertThat(raw("POST " + COUNT + " HTTP/1.1\r\nHost: x\r\nContent-Length: -1x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("{\"status\":{\"error\":\"Bad request: ");
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 4")
        .doesNotContain("HTTP/1.1 500");
  }

  @Test
  void aBodyThatWasNotWaitedForIsNotTheNextRequest() throws IOException {
    String post = "POST /collections/words/snapshots HTTP/1.1\r\nHost: x\r\n";
    String body = "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}";
    String answers = raw(post + body + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    // A body that this node did not ask for ends the connection, so that nothing is taken for
    // another.
    assertThat(answers).startsWith("HTTP/1.1 501 ").contains("Connection: close");
    assertThat(answers.split("HTTP/1.1 ", -1)).as("one answer, to the one request").hasSize(2);
  }
}
