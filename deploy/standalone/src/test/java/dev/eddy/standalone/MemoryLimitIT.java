package dev.eddy.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.standalone.RunningEddy.Answered;
import dev.eddy.testkit.Await;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose shards may hold little: what it refuses when that is full, and what goes on. */
class MemoryLimitIT {
  private static final int DIMENSION = 256;
  private static final int BATCH = 250;
  private static final int POINTS_MAX = 40_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String POINTS = "/collections/words/points";
  private static final String REFUSAL = "Memory limit exceeded: the shards of node ";

  private static String vector(int seed) {
    return IntStream.range(0, DIMENSION)
        .mapToObj(at -> Integer.toString((seed + at) % 7 + 1))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String points(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(id -> "{\"id\":%d,\"vector\":%s}".formatted(id, vector(id)))
        .collect(Collectors.joining(",", "{\"points\":[", "]}"));
  }

  private static void ok(Answered answered) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }

  private static void refused(Answered answered) {
    assertThat(answered.status()).as(answered.body()).isEqualTo(507);
    assertThat(answered.body())
        .contains(REFUSAL, "vectors ", "the limit --shard-memory is 8.0 MiB");
  }

  @Test
  void writesThatAddDataWaitForRoomAndAllElseGoesOn(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.withShardMemory(folder, 8 << 20)) {
      ok(
          eddy.rest(
              "PUT",
              "/collections/words",
              "{\"vectors\":{\"size\":%d,\"distance\":\"Euclid\"}}".formatted(DIMENSION)));
      int written = fill(eddy);
      refusesWhatAddsData(eddy);
      refusesOverGrpc(eddy);
      goesOn(eddy);
      produce(eddy, POINTS_MAX + 1);
      Await.until(
          "the inbox waits",
          () ->
              eddy.rest("GET", "/eddy/status", "")
                  .body()
                  .contains("\"lag_records\":1,\"log_bytes\""));
      makesRoom(eddy, written);
      Await.until(
          "writes are taken again",
          PATIENCE,
          () -> eddy.rest("PUT", POINTS + "?wait=true", points(0, 1)).status() == 200);
      Await.until(
          "the inbox's point has come",
          PATIENCE,
          () -> eddy.rest("GET", POINTS + "/" + (POINTS_MAX + 1), "").status() == 200);
      assertThat(eddy.rest("GET", "/metrics", "").body()).contains("eddy_index_memory_full 0.0");
    }
  }

  /** Until it is refused; how many points were sent. */
  private static int fill(RunningEddy eddy) throws Exception {
    for (int from = 0; from < POINTS_MAX; from += BATCH) {
      Answered answered = eddy.rest("PUT", POINTS + "?wait=true", points(from, BATCH));
      if (answered.status() != 200) {
        refused(answered);
        return from;
      }
    }
    throw new AssertionError("nothing was refused");
  }

  private static void refusesWhatAddsData(RunningEddy eddy) throws Exception {
    String vectors = "{\"points\":[{\"id\":1,\"vector\":%s}]}".formatted(vector(3));
    refused(eddy.rest("PUT", POINTS + "/vectors", vectors));
    refused(eddy.rest("POST", POINTS + "/payload", "{\"payload\":{\"a\":1},\"points\":[1]}"));
    refused(
        eddy.rest(
            "PUT",
            "/collections/words/index",
            "{\"field_name\":\"a\",\"field_schema\":\"integer\"}"));
    refused(
        eddy.rest("PUT", "/collections/more", "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}"));
  }

  private static void refusesOverGrpc(RunningEddy eddy) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", eddy.grpcPort()).usePlaintext().build();
    try {
      UpsertPoints upsert =
          UpsertPoints.newBuilder()
              .setCollectionName("words")
              .addPoints(
                  PointStruct.newBuilder()
                      .setId(PointId.newBuilder().setNum(1))
                      .setVectors(
                          Vectors.newBuilder()
                              .setVector(
                                  Vector.newBuilder()
                                      .addAllData(Collections.nCopies(DIMENSION, 1f)))))
              .build();
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> PointsGrpc.newBlockingStub(channel).upsert(upsert));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getStatus().getDescription()).contains(REFUSAL);
    } finally {
      channel.shutdownNow();
    }
  }

  private static void goesOn(RunningEddy eddy) throws Exception {
    String query = "{\"query\":%s,\"limit\":3}".formatted(vector(1));
    ok(eddy.rest("POST", POINTS + "/query", query));
    ok(eddy.rest("POST", POINTS + "/payload/clear?wait=true", "{\"points\":[1]}"));
    ok(eddy.rest("POST", POINTS + "/delete?wait=true", "{\"points\":[1]}"));
    assertThat(eddy.rest("GET", "/eddy/status", "").body()).contains("\"full\":true");
    assertThat(eddy.rest("GET", "/metrics", "").body()).contains("eddy_index_memory_full 1.0");
    // What is held by what is added up now and then.
    tells(eddy, "/metrics", "eddy_index_memory_bytes{component=\"vectors\",place=\"memory\"}");
    String telemetry = "/telemetry?details_level=3";
    tells(eddy, telemetry, "\"shards\":{\"held_bytes\":");
    tells(eddy, telemetry, "\"components\":{\"vectors\":{\"disk_bytes\":");
  }

  private static void tells(RunningEddy eddy, String path, String text) throws Exception {
    Await.until(path, () -> eddy.rest("GET", path, "").body().contains(text));
  }

  private static void makesRoom(RunningEddy eddy, int written) throws Exception {
    String ids =
        IntStream.range(10, written).mapToObj(Integer::toString).collect(Collectors.joining(","));
    ok(eddy.rest("POST", POINTS + "/delete?wait=true", "{\"points\":[" + ids + "]}"));
  }

  private static void produce(RunningEddy eddy, int id) throws Exception {
    String point =
        "{\"collection_name\":\"words\",\"id\":%d,\"vector\":%s}".formatted(id, vector(id));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", eddy.kafka(), "enable.metrics.push", "false"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  "eddy.points", Integer.toString(id).getBytes(UTF_8), point.getBytes(UTF_8)))
          .get();
    }
  }
}
