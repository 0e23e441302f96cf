package dev.eddy.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.bench.data.VectorFile;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.QueryResponse;
import dev.eddy.proto.qdrant.ScoredPoint;
import dev.eddy.proto.qdrant.UpsertPoints;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final VectorFile ROWS =
      new VectorFile(FloatBuffer.wrap(new float[] {0.5f, -1f, 2f, 0.25f, 1e-7f, 3f}), 2);

  private final RestWire rest = new RestWire(1);
  private final GrpcWire grpc = new GrpcWire(1);

  @Test
  void aRestUpsertIsAWholeMessage() {
    Wire.Request request = rest.upsert("c", ROWS, 1, 3, 40, true);

    String body =
        "{\"points\":[{\"id\":40,\"vector\":[2.0,0.25]},{\"id\":41,\"vector\":[1.0E-7,3.0]}]}";
    assertThat(new String(request.bytes(), StandardCharsets.UTF_8))
        .startsWith("PUT /collections/c/points?wait=true HTTP/1.1\r\n")
        .contains("\r\nContent-Length: " + body.length() + "\r\n")
        .endsWith("\r\n\r\n" + body);
  }

  @Test
  void aGrpcUpsertHoldsTheSamePoints() throws IOException {
    UpsertPoints sent = UpsertPoints.parseFrom(grpc.upsert("c", ROWS, 1, 3, 40, false).bytes());

    assertThat(sent.getCollectionName()).isEqualTo("c");
    assertThat(sent.getWait()).isFalse();
    assertThat(sent.getPointsList())
        .extracting(point -> point.getId().getNum())
        .containsExactly(40L, 41L);
    assertThat(sent.getPoints(0).getVectors().getVector().getDense().getDataList())
        .containsExactly(2f, 0.25f);
  }

  @Test
  void idsComeInTheOrderOfTheAnswer() throws IOException {
    String answer =
        "{\"result\":{\"points\":[{\"id\":7,\"version\":3,\"score\":0.5},{\"id\":2,\"version\":9,\"score\":0.1}]},\"status\":\"ok\"}";
    QueryResponse message =
        QueryResponse.newBuilder()
            .addResult(ScoredPoint.newBuilder().setId(PointId.newBuilder().setNum(7)))
            .addResult(ScoredPoint.newBuilder().setId(PointId.newBuilder().setNum(2)))
            .build();

    assertThat(rest.ids(answer.getBytes(StandardCharsets.UTF_8))).containsExactly(7, 2);
    assertThat(grpc.ids(message.toByteArray())).containsExactly(7, 2);
  }

  @Test
  void anInboxRecordNamesItsCollectionAndIsKeyedByItsId() {
    Inbox.Envelope envelope = Inbox.envelope("c", 12, new float[] {1f, 0.5f});

    assertThat(envelope.key()).asString(StandardCharsets.UTF_8).isEqualTo("12");
    assertThat(envelope.value())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"collection_name\":\"c\",\"id\":12,\"vector\":[1.0,0.5]}");
  }
}
