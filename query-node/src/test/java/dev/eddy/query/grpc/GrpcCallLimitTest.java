package dev.eddy.query.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CountResponse;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.v1.LivenessRequest;
import dev.eddy.proto.v1.NodeGrpc;
import dev.eddy.query.metrics.QueryMetrics;
import dev.eddy.query.world.World;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that takes two calls at once: a place is free again only after its call has ended. */
class GrpcCallLimitTest {
  private final World world = new World(2);
  private final QueryMetrics metrics = new QueryMetrics(world.view, "1.19.0", List.of());
  private final GrpcEdge edge =
      GrpcEdge.start(
          new GrpcSettings("127.0.0.1", 0, Limits.DEFAULT.with(Limit.GRPC_CALLS, 2)),
          world.writes,
          world.reads,
          world.collections,
          metrics,
          world.node(metrics));
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", edge.port()).usePlaintext().build();

  @BeforeEach
  void create() {
    onceAccepted(() ->
        CollectionsGrpc.newBlockingStub(channel)
            .create(
                CreateCollection.newBuilder()
                    .setCollectionName("c")
                    .setShardNumber(2)
                    .setVectorsConfig(
                        VectorsConfig.newBuilder()
                            .setParams(
                                VectorParams.newBuilder().setSize(1).setDistance(Distance.Dot)))
                    .build()));
    DenseVector vector = DenseVector.newBuilder().addData(1).build();
    PointStruct point =
        PointStruct.newBuilder()
            .setId(PointId.newBuilder().setNum(1))
            .setVectors(Vectors.newBuilder().setVector(Vector.newBuilder().setDense(vector)))
            .build();
    onceAccepted(() ->
        PointsGrpc.newBlockingStub(channel)
            .upsert(
                UpsertPoints.newBuilder()
                    .setCollectionName("c")
                    .setWait(true)
                    .addPoints(point)
                    .build()));
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    edge.close();
    world.close();
  }

  @Test
  void moreCallsThanTheLimitAreRefused() throws Exception {
    world.nodes.forEach(node -> node.isHanging = true);
    int before = shardCalls();
    List<Future<Long>> held =
        List.of(
            world.threads.submit(this::countOnceAccepted),
            world.threads.submit(this::countOnceAccepted));
    // Two calls, of two shards each.
    while (shardCalls() < before + 4) {
      Thread.onSpinWait();
    }
    StatusRuntimeException refused = failure(this::count);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription())
        .isEqualTo("Overloaded: more than 2 calls at once");
    assertThat(
            NodeGrpc.newBlockingStub(channel)
                .liveness(LivenessRequest.getDefaultInstance())
                .getText())
        .as("probes answer all the same")
        .isEqualTo("healthz check passed");
    world.nodes.forEach(node -> node.isHanging = false);
    world.catchUp();
    for (Future<Long> call : held) {
      assertThat(call.get()).isEqualTo(1);
    }
  }

  @Test
  void callsThatAreTakenBackKeepTheirPlacesWhileTheyAreWorkedOn() {
    world.nodes.forEach(node -> node.isHanging = true);
    int before = shardCalls();
    CountPoints request = CountPoints.newBuilder().setCollectionName("c").build();
    List<ClientCall<CountPoints, CountResponse>> calls = new ArrayList<>();
    while (calls.size() < 2 || shardCalls() < before + 4) {
      // A place may not be free yet, so another one is tried.
      ClientCall<CountPoints, CountResponse> call =
          channel.newCall(PointsGrpc.getCountMethod(), CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<>() {}, new Metadata());
      call.sendMessage(request);
      call.halfClose();
      calls.add(call);
    }
    calls.forEach(call -> call.cancel("the client has no time", null));
    for (int i = 0; i < 20; i++) {
      assertThat(statusOfCount().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    world.nodes.forEach(node -> node.isHanging = false);
    world.catchUp();
    assertThat(countOnceAccepted()).isEqualTo(1);
  }

  private Status statusOfCount() {
    try {
      count();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private long count() {
    return PointsGrpc.newBlockingStub(channel)
        .count(CountPoints.newBuilder().setCollectionName("c").build())
        .getResult()
        .getCount();
  }

  private long countOnceAccepted() {
    return onceAccepted(this::count);
  }

  /** The server may not have noticed yet that the calls before have ended. */
  private static <T> T onceAccepted(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
          throw e;
        }
      }
    }
  }

  private int shardCalls() {
    return world.nodes.stream().mapToInt(node -> node.calls.get()).sum();
  }

  private static StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }
}
