package dev.eddy.standalone.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.standalone.RunningEddy;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.RawHttp2;
import dev.eddy.testkit.VirtualThreads;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whatever is sent as HTTP/2, to either port: the connection ends when its client has ended it,
 * others are served all the while, and everything is given back. {@code -Dfuzz.requests} and {@code
 * -Dfuzz.seed} make it longer and different.
 */
class Http2FuzzIT {
  private static final int SHOTS = Integer.getInteger("fuzz.requests", 1_200) / 4;
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_126L);

  /** After so many shots others are asked for what they get. */
  private static final int SHOTS_PER_CHECK = 10;

  private static final int LARGE_BYTES = 140_000;
  private static final long HEAP_MORE_MAX = 64L << 20;

  /** Few places, little memory and little time, so that what is not given back is missed soon. */
  private static final Limits LIMITS =
      Limits.DEFAULT
          .with(Limit.REST_REQUESTS, 64)
          .with(Limit.GRPC_CALLS, 64)
          .with(Limit.GRPC_MESSAGE, 150_000)
          .with(Limit.GRPC_MESSAGES, 200_000)
          .with(Limit.REQUEST_TIME, 3_000)
          .with(Limit.REQUEST_PAUSE, 2_000)
          .with(Limit.ANSWER_TIME, 3_000)
          .with(Limit.CONNECTION_IDLE, 5_000);

  private static final String COUNT = "/collections/words/points/count";

  private final Random random = new Random(SEED);
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Integer> fates = new TreeMap<>();

  @Test
  @Timeout(600)
  void noFramesBreakTheServer(@TempDir Path data) throws Exception {
    System.out.printf("http2_fuzz seed=%d shots=%d%n", SEED, SHOTS);
    ListAppender<ILoggingEvent> lost = lostBuffers();
    try (RunningEddy eddy = RunningEddy.start(data, LIMITS);
        RawGrpc grpc = new RawGrpc(eddy.grpcPort())) {
      new WorldState(eddy).restore();
      Http2Shots rest = new Http2Shots(random, restRequest());
      Http2Shots calls = new Http2Shots(random, grpcRequest());
      fire(eddy, grpc, rest, calls, SHOTS / 5); // Pools are as large afterwards as they get.
      Await.until("streams end", () -> streamThreads() == 0);
      long heap = heapBytes();
      Footprint before = Footprint.now(eddy.restPort(), eddy.grpcPort());
      fire(eddy, grpc, rest, calls, SHOTS);
      Await.until("streams end", () -> streamThreads() == 0);
      Await.until(
          "threads, direct memory and connections settle",
          () -> Footprint.now(eddy.restPort(), eddy.grpcPort()).isSettled(before));
      Await.until("memory is given back", () -> heapBytes() < heap + HEAP_MORE_MAX);
      // Buffers that were lost show when others are made after a collection.
      assertThat(grpc.call("qdrant.Points/Count", countWords(), "", new Metadata()).isOk())
          .isTrue();
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    System.out.printf("http2_fuzz seed=%d fates=%s%n", SEED, fates);
    assertThat(wrong).as("seed %d", SEED).isEmpty();
    assertThat(lost.list).as("buffers that nobody has released, seed %d", SEED).isEmpty();
  }

  /** What gRPC's transport tells of buffers from now on. */
  private static ListAppender<ILoggingEvent> lostBuffers() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ListAppender<ILoggingEvent> lost = new ListAppender<>();
    lost.start();
    ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(lost);
    return lost;
  }

  private static Http2Shots.Request restRequest() {
    return new Http2Shots.Request(
        RawHttp2.block("POST", COUNT, "content-type", "application/json"),
        "{}".getBytes(US_ASCII),
        (" ".repeat(LARGE_BYTES) + "{}").getBytes(US_ASCII));
  }

  private static Http2Shots.Request grpcRequest() {
    CountPoints large = CountPoints.newBuilder().setCollectionName("w".repeat(LARGE_BYTES)).build();
    return new Http2Shots.Request(
        RawHttp2.block(
            "POST", "/qdrant.Points/Count", "content-type", "application/grpc", "te", "trailers"),
        framed(countWords()),
        framed(large.toByteArray()));
  }

  /** As it is sent: not compressed, its length, itself. */
  private static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static byte[] countWords() {
    return CountPoints.newBuilder().setCollectionName("words").build().toByteArray();
  }

  private void fire(RunningEddy eddy, RawGrpc grpc, Http2Shots rest, Http2Shots calls, int count) {
    for (int i = 0; i < count; i++) {
      boolean isRest = random.nextBoolean();
      Http2Shots.Shot shot = (isRest ? rest : calls).next();
      String fate = fire(isRest ? eddy.restPort() : eddy.grpcPort(), shot);
      fates.merge((isRest ? "rest " : "grpc ") + fate, 1, Integer::sum);
      if (fate.equals("hung")) {
        wrong.add("shot " + i + " hung: " + (isRest ? "rest " : "grpc ") + shot.kind());
      }
      if (i % SHOTS_PER_CHECK == 0) {
        // A place that is taken may be given back as late as the limits say.
        Await.until("REST answers after " + shot.kind(), () -> isCounted(eddy));
        Await.until(
            "gRPC answers after " + shot.kind(),
            () -> grpc.call("qdrant.Points/Count", countWords(), "", new Metadata()).isOk());
      }
    }
  }

  private static boolean isCounted(RunningEddy eddy) throws InterruptedException {
    try {
      RunningEddy.Answered answered = eddy.rest("POST", COUNT, "{}");
      assertThat(answered.status()).isIn(200, 429);
      return answered.status() == 200;
    } catch (IOException e) {
      return false; // The client has kept a connection for so long that it is closed.
    }
  }

  /** Sends all of it and goes, at once or when the server has closed the connection, too. */
  private String fire(int port, Http2Shots.Shot shot) {
    boolean isPatient = random.nextInt(3) > 0;
    try (RawHttp2 http = new RawHttp2(port, 0)) {
      http.write(shot.bytes());
      if (isPatient) {
        http.end();
        http.awaitClose();
      }
      return isPatient ? "closed after its end" : "left";
    } catch (SocketTimeoutException e) {
      return "hung";
    } catch (IOException e) {
      return "closed by the server";
    }
  }

  private static long streamThreads() {
    return VirtualThreads.in("Http2ServerStream.run");
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
