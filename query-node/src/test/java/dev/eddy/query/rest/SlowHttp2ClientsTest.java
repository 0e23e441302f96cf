package dev.eddy.query.rest;

import static dev.eddy.testkit.RawHttp2.CONTINUATION;
import static dev.eddy.testkit.RawHttp2.DATA;
import static dev.eddy.testkit.RawHttp2.END_HEADERS;
import static dev.eddy.testkit.RawHttp2.END_STREAM;
import static dev.eddy.testkit.RawHttp2.HEADERS;
import static dev.eddy.testkit.RawHttp2.INITIAL_WINDOW_SIZE;
import static dev.eddy.testkit.RawHttp2.PING;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.RawHttp2;
import dev.eddy.testkit.RawHttp2.Frame;
import dev.eddy.testkit.VirtualThreads;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As over HTTP/1: streams that take their time end, and keep nobody else waiting. */
@Timeout(60)
class SlowHttp2ClientsTest extends SlowClientsCase {
  private static final String[] JSON = {"content-type", "application/json"};

  private RawHttp2 connect(RestEdge edge, int... settings) throws IOException {
    RawHttp2 http = RawHttp2.open(edge.port(), settings);
    opened.add(http);
    return http;
  }

  @Test
  void bodiesThatNeverEndAreGivenUpAndTheirPlacesAreFree() throws Exception {
    RestEdge edge =
        start(Limits.DEFAULT.with(Limit.REST_REQUESTS, 2).with(Limit.REQUEST_PAUSE, 1_500));
    RawHttp2 http = connect(edge);
    http.headers(1, END_HEADERS, "POST", COUNT, JSON);
    http.headers(3, END_HEADERS, "POST", COUNT, JSON);
    // What is there would be a whole request, had it been said that it is all.
    http.data(3, 0, "{}".getBytes(US_ASCII));
    var _ = http.ends(1, 3);
    assertThat(services.refused).containsExactly(Limit.REQUEST_PAUSE, Limit.REQUEST_PAUSE);
    assertThat(services.asked).isEmpty();
    othersGoOn(edge);
  }

  @Test
  void aBodyThatDripsIsGivenUp() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_TIME, 1_500));
    RawHttp2 http = connect(edge);
    http.headers(1, END_HEADERS, "POST", COUNT, JSON);
    while (services.refused.isEmpty()) {
      http.data(1, 0, " ".getBytes(US_ASCII));
      Thread.sleep(20);
    }
    assertThat(services.refused).containsExactly(Limit.REQUEST_TIME);
    assertThat(services.asked).isEmpty();
    othersGoOn(edge);
  }

  @Test
  void theEndOfABodyThatNobodyReadsIsNotWaitedFor() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_PAUSE, 1_500));
    RawHttp2 http = connect(edge);
    long before = streamThreads();
    for (int stream = 1; stream < 20; stream += 2) {
      http.headers(stream, END_HEADERS, "GET", "/collections");
    }
    assertThat(http.ends(1, 3, 5, 7, 9, 11, 13, 15, 17, 19)).containsOnly(DATA);
    Await.until("their threads end", () -> streamThreads() <= before);
    othersGoOn(edge);
  }

  @Test
  void streamsOfAConnectionThatIsGoneEnd() throws Exception {
    RestEdge edge =
        start(Limits.DEFAULT.with(Limit.REST_REQUESTS, 2).with(Limit.REQUEST_PAUSE, 1_500));
    try (RawHttp2 http = RawHttp2.open(edge.port())) {
      http.headers(1, END_HEADERS, "POST", COUNT, JSON);
      http.headers(3, END_HEADERS, "POST", COUNT, JSON);
      http.headers(5, END_HEADERS, "GET", "/collections");
      var _ = http.ends(5);
    }
    othersGoOn(edge);
  }

  @Test
  void headersThatNeverEndAreGivenUp() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.REQUEST_TIME, 1_500));
    RawHttp2 http = connect(edge);
    http.headers(1, 0, "GET", "/collections");
    http.awaitClose();
    assertThat(services.refused).containsExactly(Limit.REQUEST_TIME);
    othersGoOn(edge);
  }

  @Test
  void headersInPartsWithoutEndAreNotKept() throws Exception {
    RestEdge edge = start(Limits.DEFAULT);
    RawHttp2 http = connect(edge);
    http.headers(1, 0, "GET", "/collections");
    drip(http, new Frame(CONTINUATION, 0, 1, new byte[0]));
    othersGoOn(edge);
  }

  @Test
  void aConnectionThatOnlySaysThatItIsThereIsClosed() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.CONNECTION_IDLE, 1_500));
    drip(connect(edge), new Frame(PING, 0, 0, new byte[8]));
    RawHttp2 silent = connect(edge);
    silent.headers(1, END_HEADERS | END_STREAM, "GET", "/collections");
    assertThat(silent.read(1).type()).isEqualTo(HEADERS);
    silent.awaitClose();
    othersGoOn(edge);
  }

  /** Sends the same again and again until the server has had enough of it. */
  private static void drip(RawHttp2 http, Frame frame) throws InterruptedException {
    try {
      while (true) {
        http.write(frame);
        Thread.sleep(20);
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Test
  void answersForWhichThereIsNoRoomAreDropped() throws Exception {
    RestEdge edge = start(Limits.DEFAULT.with(Limit.ANSWER_TIME, 1_500));
    RawHttp2 http = connect(edge, INITIAL_WINDOW_SIZE, 0);
    long before = streamThreads();
    for (int stream = 1; stream < 6; stream += 2) {
      http.headers(stream, END_HEADERS | END_STREAM, "GET", "/collections");
    }
    // Of these the server would read on after it has failed to answer.
    http.headers(7, END_HEADERS, "GET", "/collections");
    http.headers(9, END_HEADERS, "GET", "/collections");
    Await.until("all are given up", () -> services.refused.size() == 5);
    assertThat(services.refused).containsOnly(Limit.ANSWER_TIME);
    Await.until("their threads end", () -> streamThreads() <= before);
    othersGoOn(edge);
  }

  @Test
  void aStreamThatWaitsHoldsUpNoOther() throws Exception {
    RestEdge edge = start(Limits.DEFAULT);
    RawHttp2 http = connect(edge);
    http.headers(1, END_HEADERS, "POST", COUNT, JSON);
    http.headers(3, END_HEADERS | END_STREAM, "GET", "/collections");
    assertThat(http.ends(3)).containsExactly(DATA);
    http.data(1, END_STREAM, "{}".getBytes(US_ASCII));
    assertThat(http.ends(1)).containsExactly(DATA);
    assertThat(services.asked).hasSize(1);
  }

  private static long streamThreads() {
    return VirtualThreads.in("Http2ServerStream.run");
  }
}
