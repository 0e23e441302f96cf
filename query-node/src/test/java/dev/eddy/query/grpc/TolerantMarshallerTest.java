package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.HealthCheckRequest;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.QdrantGrpc;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.world.World;
import dev.eddy.testkit.RawBytes;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that no client library would send, against the whole edge. */
class TolerantMarshallerTest {
  private final World world = new World(1);
  private final GrpcEdge edge =
      GrpcEdge.start(
          new GrpcSettings(
              "127.0.0.1",
              0,
              Limits.DEFAULT
                  .with(Limit.GRPC_CALLS, 2)
                  .with(Limit.GRPC_MESSAGE, 1 << 20)
                  .with(Limit.GRPC_MESSAGES, 1 << 20)),
          world.writes,
          world.reads,
          world.collections,
          new QueryMetrics(world.view, "1.19.0", List.of()),
          world.node(new QueryMetrics(world.view, "1.19.0", List.of())));
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();

  @AfterEach
  void close() {
    channel.shutdownNow();
    edge.close();
    world.close();
  }

  @Test
  void whatIsNoMessageIsRefusedAsWrongInput() {
    MethodDescriptor<byte[], byte[]> raw =
        PointsGrpc.getQueryMethod().toBuilder(RawBytes.RAW, RawBytes.RAW).build();
    byte[] sent =
        QueryPoints.newBuilder().setCollectionName("places").setLimit(3).build().toByteArray();
    for (byte[] bytes : List.of(Arrays.copyOf(sent, sent.length - 1), new byte[] {7, 7, 7})) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> ClientCalls.blockingUnaryCall(channel, raw, CallOptions.DEFAULT, bytes));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.getStatus().getDescription())
          .contains("can't be read", "qdrant.Points/Query");
    }
    StatusRuntimeException health =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    HealthGrpc.getCheckMethod().toBuilder(RawBytes.RAW, RawBytes.RAW).build(),
                    CallOptions.DEFAULT,
                    new byte[] {7, 7, 7}));
    assertThat(health.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(
            QdrantGrpc.newBlockingStub(channel)
                .healthCheck(HealthCheckRequest.getDefaultInstance()))
        .as("an empty message can be read")
        .isNotNull();
  }
}
