package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that take their time lose their connection, and keep nobody else waiting. What is waited
 * for here comes or the test's own time is up; how soon is not asked.
 */
@Timeout(60)
class SlowRestClientsTest extends SlowClientsCase {
  private Socket connect(RestEdge edge, int receiveBytes) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    // A server that never closes fails a test instead of holding it up.
    socket.setSoTimeout(30_000);
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private static String post(String path, int length, String beginning) {
    return lines(
        "POST " + path + " HTTP/1.1",
        "Host: localhost",
        "Content-Length: " + length,
        "",
        beginning);
  }

  /** Sends byte after byte until the server has had enough of it. */
  private static void drip(Socket socket) throws InterruptedException {
    try {
      OutputStream out = socket.getOutputStream();
      while (true) {
        out.write('x');
        out.flush();
        Thread.sleep(20);
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private static String everything(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void headersThatDripAreGivenUp() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_TIME, 1_500));
    Socket slow = connect(edge, 0);
    send(slow, lines("POST " + COUNT + " HTTP/1.1", "Host: localhost", "X-Slow: "));
    drip(slow);
    assertThat(services.refused).containsExactly(Limit.REQUEST_TIME);
    assertThat(services.asked).isEmpty();
    othersGoOn(edge);
  }

  @Test
  void aBodyThatDripsIsA408() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_TIME, 1_500));
    Socket slow = connect(edge, 0);
    send(slow, post(COUNT, 100_000, "{\"filter\":\""));
    Thread dripping =
        Thread.startVirtualThread(() -> {
          try {
            drip(slow);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    byte[] answer = new byte[400];
    int read = slow.getInputStream().readNBytes(answer, 0, 150);
    assertThat(new String(answer, 0, read, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 408 ");
    dripping.join();
    assertThat(services.refused).containsExactly(Limit.REQUEST_TIME);
    assertThat(services.asked).isEmpty();
    othersGoOn(edge);
  }

  @Test
  void aBodyThatStopsIsGivenUp() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_PAUSE, 1_500));
    Socket slow = connect(edge, 0);
    send(slow, post(COUNT, 100, "{\"exact\":"));
    assertThat(everything(slow)).as("it is just closed").isEmpty();
    // The client knows before this node has counted it.
    Await.until("it is counted", () -> !services.refused.isEmpty());
    assertThat(services.refused).containsExactly(Limit.REQUEST_PAUSE);
    assertThat(services.asked).isEmpty();
    othersGoOn(edge);
  }

  @Test
  void aBodyThatNobodyReadsIsNotWaitedForEither() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_TIME, 1_500));
    Socket slow = connect(edge, 0);
    send(slow, post("/nothing/here", 100_000, "{"));
    drip(slow);
    othersGoOn(edge);
  }

  @Test
  void placesOfSlowRequestsAreFreeAgain() throws Exception {
    RestEdge edge =
        start(Limits.DEFAULT.with(Limit.REST_REQUESTS, 2).with(Limit.REQUEST_PAUSE, 1_500));
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Socket each = connect(edge, 0);
      send(each, post(COUNT, 100, "{"));
      slow.add(each);
    }
    for (Socket each : slow) {
      assertThat(everything(each)).isEmpty();
    }
    othersGoOn(edge);
  }

  @Test
  void aSilentConnectionIsClosed() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.CONNECTION_IDLE, 1_500));
    Socket silent = connect(edge, 0);
    send(silent, lines("GET /collections HTTP/1.1", "Host: localhost", "", ""));
    assertThat(everything(silent)).startsWith("HTTP/1.1 200 ");
    othersGoOn(edge);
  }

  @Test
  void aConnectionThatNeverSpeaksIsClosed() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.CONNECTION_IDLE, 1_500));
    assertThat(everything(connect(edge, 0))).doesNotContain("200 OK");
    othersGoOn(edge);
  }

  @Test
  void anAnswerThatIsNotTakenIsDropped() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.ANSWER_TIME, 1_500));
    String body = "{\"searches\":[" + "{\"with_payload\":true},".repeat(60_000) + "{}]}";
    Socket deaf = connect(edge, 4_096);
    send(deaf, post("/collections/words/points/query/batch", body.length(), body));
    Await.until("it is given up", () -> !services.refused.isEmpty());
    assertThat(services.refused).containsExactly(Limit.ANSWER_TIME);
    othersGoOn(edge);
  }

  @Test
  void answersToUnknownPathsThatAreNotTakenAreDroppedToo() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.ANSWER_TIME, 1_500));
    Socket deaf = connect(edge, 4_096);
    String many = "GET /nothing/here HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000);
    try {
      while (true) {
        send(deaf, many);
      }
    } catch (IOException e) {
      // It is closed.
    }
    assertThat(services.refused).containsExactly(Limit.ANSWER_TIME);
    othersGoOn(edge);
  }

  @Test
  void manyObjectsWeighMoreThanTheirText() {
    RestEdge edge =
        start(Limits.DEFAULT.with(Limit.REST_BODY, 20_000).with(Limit.REST_BODIES, 40_000));
    try (RestClient client = new RestClient(edge)) {
      HttpResponse<String> refused =
          client.send(
              "POST",
              "/collections/words/points/query/batch",
              "{\"searches\":[" + "{},".repeat(1_000) + "{}]}");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("request bodies in flight exceed 40000 bytes");
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(services.refused).containsExactly(Limit.REST_BODIES);
    }
    othersGoOn(edge);
  }

  @Test
  void jsonThatIsDeeperThanTheLimitIsRefusedByItsDepth() {
    RestEdge edge = start(Limits.DEFAULT);
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    String filters = "{\"must\":".repeat(100_000) + "{}" + "}".repeat(100_000);
    String sums = "{\"sum\":[".repeat(100_000) + "1" + "]}".repeat(100_000);
    try (RestClient client = new RestClient(edge)) {
      for (String[] each :
          new String[][] {
            {
              "PUT",
              "/collections/words/points",
              "{\"points\":[{\"id\":1,\"vector\":{},\"payload\":{\"a\":" + deep + "}}]}"
            },
            {"POST", COUNT, "{\"filter\":" + filters + "}"},
            {"POST", COUNT, "{\"unknown\":" + deep + "}"},
            {
              "POST",
              "/collections/words/points/query",
              "{\"prefetch\":{},\"query\":{\"formula\":" + sums + "}}"
            },
            {"PUT", "/collections/new", "{\"metadata\":{\"a\":" + deep + "}}"},
          }) {
        services.reset();
        HttpResponse<String> refused = client.send(each[0], each[1], each[2]);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("(129) exceeds the maximum allowed (128");
        assertThat(services.refused).as(each[1]).containsExactly(Limit.JSON_DEPTH);
        assertThat(services.asked).isEmpty();
      }
    }
  }
}
