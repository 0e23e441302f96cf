package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CountResponse;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.query.world.FakeServices;
import dev.eddy.testkit.RawBytes;
import dev.eddy.testkit.RawHttp2;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** As over REST: clients that take their time keep nobody else waiting. */
@Timeout(60)
class SlowGrpcClientsTest {
  private final FakeServices services = new FakeServices();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private GrpcEdge start(Limits limits) {
    GrpcEdge edge = services.grpc(new GrpcSettings("127.0.0.1", 0, limits));
    opened.add(edge);
    return edge;
  }

  private ManagedChannel connect(GrpcEdge edge) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", edge.port())
            .flowControlWindow(65_535)
            .maxInboundMessageSize(64 << 20)
            // Uncompressed, so that an answer is as long as it looks.
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, true))
            .usePlaintext()
            .build();
    opened.add(channel::shutdownNow);
    return channel;
  }

  private static <Q, A> CompletableFuture<Status> begin(ClientCall<Q, A> call) {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    return ended;
  }

  private static CountResponse count(ManagedChannel channel) {
    CountPoints asked = CountPoints.newBuilder().setCollectionName("words").build();
    while (true) {
      try {
        return PointsGrpc.newBlockingStub(channel).count(asked);
      } catch (StatusRuntimeException e) {
        // A place is given back after its call has ended.
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void callsThatNeverAskAreGivenUpAndTheirPlacesAreFree() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.GRPC_CALLS, 2).with(Limit.REQUEST_TIME, 1_500));
    ManagedChannel channel = connect(edge);
    List<CompletableFuture<Status>> ended = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ClientCall<CountPoints, CountResponse> call =
          channel.newCall(PointsGrpc.getCountMethod(), CallOptions.DEFAULT);
      ended.add(begin(call));
      call.sendMessage(CountPoints.getDefaultInstance());
      // And no half-close.
    }
    for (CompletableFuture<Status> each : ended) {
      assertThat(each.get().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(each.get().getDescription())
          .isEqualTo("Timeout: the request did not arrive within 1500 ms");
    }
    assertThat(services.asked).isEmpty();
    assertThat(services.refused).containsExactly(Limit.REQUEST_TIME, Limit.REQUEST_TIME);
    assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
  }

  @Test
  void streamsWithoutDataAreGivenUpAndTheirPlacesAreFree() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.GRPC_CALLS, 2).with(Limit.REQUEST_TIME, 1_500));
    try (RawHttp2 http = RawHttp2.open(edge.port())) {
      ask(http, 1);
      ask(http, 3);
      var _ = http.ends(1, 3);
      assertThat(services.refused).containsExactly(Limit.REQUEST_TIME, Limit.REQUEST_TIME);
      assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
    }
  }

  @Test
  void messagesThatAreBegunCountAndAreGivenUp() throws Exception {
    GrpcEdge edge =
        start(
            Limits.DEFAULT
                .with(Limit.GRPC_MESSAGE, 1_000_000)
                .with(Limit.GRPC_MESSAGES, 1_000_000)
                .with(Limit.REQUEST_TIME, 1_500));
    try (RawHttp2 http = RawHttp2.open(edge.port())) {
      ask(http, 1);
      begin(http, 1, 900_000, 600_000);
      ask(http, 3);
      begin(http, 3, 900_000, 600_000);
      var _ = http.ends(3);
      assertThat(services.refused).containsExactly(Limit.GRPC_MESSAGES);
      var _ = http.ends(1);
      assertThat(services.refused).containsExactly(Limit.GRPC_MESSAGES, Limit.REQUEST_TIME);
    }
    Status.Code last = Status.Code.RESOURCE_EXHAUSTED;
    while (last == Status.Code.RESOURCE_EXHAUSTED) {
      last = raw(connect(edge), new byte[900_000]).getCode();
    }
    assertThat(last).as("it is let in, and is no message").isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void theBytesOfALargeRequestThatIsRefusedAreLetGoOf() throws Exception {
    GrpcEdge edge =
        start(
            Limits.DEFAULT
                .with(Limit.GRPC_MESSAGE, 150_000)
                .with(Limit.GRPC_MESSAGES, 150_000)
                .with(Limit.REQUEST_TIME, 30_000));
    ListAppender<ILoggingEvent> lost = new ListAppender<>();
    lost.start();
    ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(lost);
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try {
      for (int i = 0; i < 5; i++) {
        try (RawHttp2 http = RawHttp2.open(edge.port())) {
          ask(http, 1);
          begin(http, 1, 100_000, 90_000);
          ask(http, 3);
          begin(http, 3, 100_000, 100_000);
          http.data(3, RawHttp2.END_STREAM, new byte[0]);
          var _ = http.ends(3);
        }
        // What was lost shows when other buffers are made after a collection.
        System.gc();
        assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
      }
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    assertThat(services.refused).contains(Limit.GRPC_MESSAGES);
    assertThat(lost.list).isEmpty();
  }

  @Test
  void answersForWhichThereIsNoRoomEndTheirConnection() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.GRPC_CALLS, 2).with(Limit.ANSWER_TIME, 1_500));
    try (RawHttp2 http = RawHttp2.open(edge.port(), RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
      byte[] message = CountPoints.newBuilder().setCollectionName("words").build().toByteArray();
      for (int stream = 1; stream < 5; stream += 2) {
        ask(http, stream);
        begin(http, stream, message.length, 0);
        http.data(stream, RawHttp2.END_STREAM, message);
      }
      http.awaitClose();
    }
    assertThat(services.asked).hasSize(2);
    assertThat(services.refused).contains(Limit.ANSWER_TIME);
    assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
  }

  @Test
  void aCallThatIsRefusedIsNotTakenForAnAnswerThatNobodyTakes() throws Exception {
    GrpcEdge edge =
        start(
            Limits.DEFAULT
                .with(Limit.GRPC_CALLS, 1)
                .with(Limit.ANSWER_TIME, 1_000)
                .with(Limit.REQUEST_TIME, 3_000));
    ManagedChannel channel = connect(edge);
    CompletableFuture<Status> held =
        begin(channel.newCall(PointsGrpc.getCountMethod(), CallOptions.DEFAULT));
    Status refused = raw(channel, new byte[0]);
    assertThat(refused.getDescription()).isEqualTo("Overloaded: more than 1 calls at once");
    assertThat(held.get().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(services.refused).containsExactly(Limit.GRPC_CALLS, Limit.REQUEST_TIME);
    assertThat(count(channel).getResult().getCount()).isEqualTo(2);
  }

  @Test
  void connectionsThatSayNothingOrNeverEndTheirHeadersAreClosed() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.CONNECTION_IDLE, 1_500));
    try (RawHttp2 silent = new RawHttp2(edge.port(), 0);
        RawHttp2 begun = RawHttp2.open(edge.port())) {
      begun.headers(1, 0, "POST", "/qdrant.Points/Count");
      silent.awaitClose();
      begun.awaitClose();
    }
    assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
  }

  private static void ask(RawHttp2 http, int stream) throws IOException {
    http.headers(
        stream,
        RawHttp2.END_HEADERS,
        "POST",
        "/qdrant.Points/Count",
        "content-type",
        "application/grpc",
        "te",
        "trailers");
  }

  /** Sends the beginning of a message: its length, and so many bytes of it. */
  private static void begin(RawHttp2 http, int stream, int length, int sent) throws IOException {
    http.data(stream, 0, ByteBuffer.allocate(5).put((byte) 0).putInt(length).array());
    for (int rest = sent; rest > 0; rest -= 10_000) {
      http.data(stream, 0, new byte[Math.min(rest, 10_000)]);
    }
  }

  @Test
  void oneConnectionTooManyIsClosed() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.GRPC_CONNECTIONS, 1));
    assertThat(count(connect(edge)).getResult().getCount()).isEqualTo(2);
    try (Socket second = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
      second.getOutputStream().write('P');
      try (InputStream in = second.getInputStream()) {
        in.readAllBytes();
      } catch (IOException e) {
        // Reset is closed, too.
      }
    }
    assertThat(services.refused).containsExactly(Limit.GRPC_CONNECTIONS);
  }

  @Test
  void aMessageThatIsTooLargeIsCounted() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT.with(Limit.GRPC_MESSAGE, 10_000));
    Status refused = raw(connect(edge), new byte[10_001]);
    assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getDescription()).contains("maximum size 10000: 10001");
    assertThat(services.refused).containsExactly(Limit.GRPC_MESSAGE);
    assertThat(services.asked).isEmpty();
  }

  @Test
  void messagesNestedWithoutEndAreRefusedByTheirDepth() throws Exception {
    GrpcEdge edge = start(Limits.DEFAULT);
    ManagedChannel channel = connect(edge);
    // A filter (1 of CountPoints: 2) whose condition (must: 2) is a filter (4), and so on.
    Status refused = raw(channel, nested(20_000, new int[] {4, 2}, 2));
    assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getDescription())
        .isEqualTo(
            "Wrong input: the request has messages nested more than 100 deep (limit grpc-depth)");
    assertThat(services.refused).containsExactly(Limit.GRPC_DEPTH);
    assertThat(services.asked).isEmpty();
    assertThat(count(channel).getResult().getCount()).isEqualTo(2);
  }

  /** A message of nothing but length-delimited fields inside each other, written from its end. */
  private static byte[] nested(int depth, int[] fields, int outermost) {
    byte[] bytes = new byte[depth * 8 + 16];
    int from = bytes.length;
    for (int level = 0; level <= depth; level++) {
      int length = bytes.length - from;
      int field = level == depth ? outermost : fields[level % fields.length];
      int size = com.google.protobuf.CodedOutputStream.computeUInt32SizeNoTag(length);
      from -= size + 1;
      try {
        com.google.protobuf.CodedOutputStream out =
            com.google.protobuf.CodedOutputStream.newInstance(bytes, from, size + 1);
        out.writeTag(field, com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(length);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return java.util.Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static Status raw(ManagedChannel channel, byte[] message) throws Exception {
    MethodDescriptor<byte[], byte[]> method =
        PointsGrpc.getCountMethod().toBuilder(RawBytes.RAW, RawBytes.RAW).build();
    ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
    CompletableFuture<Status> ended = begin(call);
    call.request(1);
    call.sendMessage(message);
    call.halfClose();
    return ended.get();
  }
}
