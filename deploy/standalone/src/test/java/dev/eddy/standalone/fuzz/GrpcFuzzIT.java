package dev.eddy.standalone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.eddy.standalone.RunningEddy;
import dev.eddy.standalone.golden.GoldenAnswersIT;
import dev.eddy.standalone.golden.GoldenFile;
import dev.eddy.standalone.golden.GrpcDoor;
import dev.eddy.testkit.Await;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent over gRPC: the server answers, never with a failure of its own, says why it
 * refuses, changes nothing when it does, and gives back what it took. {@code -Dfuzz.requests} and
 * {@code -Dfuzz.seed} make it longer and different.
 */
class GrpcFuzzIT {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1_200);
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_126L);
  private static final int LISTED_MAX = 20;

  private static final String[] TOKENS = {"x", "AAAA", "eyJhIjoxfQ", "%00", "a".repeat(2_000)};

  /** Of these only one in so many is checked for changes, to have time for more of them. */
  private static final int READS_CHECKED = 10;

  private static final Pattern READS =
      Pattern.compile(
          ".*/(Get|List|Scroll|Count|Query|Search|Recommend|Discover|Facet|Health|Check|Collection).*");
  private static final int SHOWN_BYTES_MAX = 3_000;

  private final Random random = new Random(SEED);
  private final ByteMutator bytes = new ByteMutator(random);
  private final MessageMutator messages = new MessageMutator(random);
  private final List<String> wrong = new ArrayList<>();
  private final Map<Status.Code, Integer> codes = new TreeMap<>();

  /** A valid request of a method. */
  private record Sample(MethodDescriptor<Message, Message> method, Message message) {}

  /** What is sent. */
  @SuppressWarnings("ArrayRecordComponent") // Made for one call, compared by nobody.
  private record Call(String method, byte[] bytes, String compression, String token) {
    Metadata headers() {
      Metadata headers = new Metadata();
      if (!token.isEmpty()) {
        headers.put(Metadata.Key.of("eddy-token", Metadata.ASCII_STRING_MARSHALLER), token);
      }
      return headers;
    }

    @Override
    public String toString() {
      int shown = Math.min(bytes.length, SHOWN_BYTES_MAX);
      return method
          + " "
          + compression
          + " ("
          + bytes.length
          + " bytes) "
          + HexFormat.of().formatHex(bytes, 0, shown);
    }
  }

  @Test
  void noCallBreaksTheServer(@TempDir Path data) throws Exception {
    System.out.printf("grpc_fuzz seed=%d requests=%d%n", SEED, REQUESTS);
    try (RunningEddy eddy = RunningEddy.start(data);
        RawGrpc grpc = new RawGrpc(eddy.grpcPort())) {
      WorldState world = new WorldState(eddy);
      world.restore();
      List<List<Sample>> samples = samples();
      fire(grpc, world, samples, REQUESTS / 10); // Pools are as large afterwards as they get.
      Footprint before = Footprint.now(eddy.grpcPort());
      fire(grpc, world, samples, REQUESTS);
      Await.until(
          "threads, direct memory and connections settle",
          () -> Footprint.now(eddy.grpcPort()).isSettled(before));
      System.out.printf("grpc_fuzz seed=%d codes=%s%n", SEED, codes);
      assertThat(grpc.call("qdrant.Qdrant/HealthCheck", new byte[0], "", new Metadata()).isOk())
          .isTrue();
    }
    assertThat(wrong).as("seed %d", SEED).isEmpty();
    assertThat(codes)
        .as("calls of every fate")
        .containsKeys(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
  }

  private static List<List<Sample>> samples() throws IOException {
    List<List<Sample>> byMethod = new ArrayList<>();
    for (Path file : GoldenAnswersIT.files(".grpc")) {
      List<Sample> samples = new ArrayList<>();
      for (GoldenFile.Exchange exchange : GoldenFile.read(file).exchanges()) {
        MethodDescriptor<Message, Message> method =
            Objects.requireNonNull(GrpcDoor.published().get(exchange.line()), exchange.line());
        samples.add(new Sample(method, GrpcDoor.request(method, exchange.body())));
      }
      byMethod.add(samples);
    }
    return byMethod;
  }

  private void fire(RawGrpc grpc, WorldState world, List<List<Sample>> samples, int count) {
    String before = world.told();
    for (int i = 0; i < count && wrong.size() < LISTED_MAX; i++) {
      Call call = call(oneOf(oneOf(samples)));
      Status status = grpc.call(call.method, call.bytes, call.compression, call.headers());
      codes.merge(status.getCode(), 1, Integer::sum);
      check(call, status);
      if (READS.matcher(call.method).matches() && random.nextInt(READS_CHECKED) > 0) {
        continue;
      }
      String after = world.told();
      if (!after.equals(before) && !status.isOk() && !mayChangeWhenRefused(call, status)) {
        wrong.add(
            "refused with "
                + status
                + ", and yet changed: "
                + call
                + "\n  "
                + before
                + "\n  "
                + after);
      }
      if (!after.equals(before)) {
        world.restore();
        before = world.told();
      }
    }
  }

  private Call call(Sample sample) {
    Message message =
        switch (random.nextInt(8)) {
          case 0 -> filled(sample.message);
          case 1 -> sample.message;
          default -> messages.mutated(sample.message);
        };
    byte[] sent = isSlow(message) ? sample.message.toByteArray() : message.toByteArray();
    if (random.nextInt(6) == 0) {
      sent = bytes.mutate(sent);
    }
    String compression =
        switch (random.nextInt(20)) {
          case 0, 1 -> "gzip";
          case 2 -> "deflate";
          default -> "";
        };
    String token = random.nextInt(20) == 0 ? TOKENS[random.nextInt(TOKENS.length)] : "";
    return new Call(sample.method.getFullMethodName(), sent, compression, token);
  }

  private Message filled(Message like) {
    Message.Builder builder = like.newBuilderForType();
    messages.fill(builder, 0);
    return builder.buildPartial();
  }

  /** Making hundreds of shards is no test of a reader. */
  private static boolean isSlow(Message message) {
    return message.getAllFields().entrySet().stream()
        .anyMatch(entry ->
            entry.getKey().getName().equals("shard_number")
                && (int) entry.getValue() > 3
                && (int) entry.getValue() <= 1_024);
  }

  /** Lists of operations stop at the first that fails; a write of unknown points is in the log. */
  private static boolean mayChangeWhenRefused(Call call, Status status) {
    return call.method.endsWith("/UpdateBatch")
        || call.method.endsWith("/UpdateAliases")
        || status.getCode() == Status.Code.NOT_FOUND;
  }

  private void check(Call call, Status status) {
    String text = status.getDescription() == null ? "" : status.getDescription();
    boolean isFine =
        switch (status.getCode()) {
          case OK -> true;
          case INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS -> !text.isBlank();
          case UNIMPLEMENTED ->
              text.startsWith("Not implemented: ")
                  || text.equals("Qdrant is running in standalone mode")
                  || (call.method.startsWith("qdrant.Snapshots/")
                      && text.endsWith(" is unimplemented"))
                  || (call.compression.equals("deflate") && text.contains("deflate"));
          case RESOURCE_EXHAUSTED -> text.contains("exceed") || text.startsWith("Rate limiting");
          default -> false;
        };
    if (!isFine) {
      wrong.add(status + " to " + call);
    }
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
