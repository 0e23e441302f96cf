package dev.eddy.bench.server;

import dev.eddy.proto.qdrant.CollectionInfo;
import dev.eddy.proto.qdrant.CollectionStatus;
import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.DeleteCollection;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.HnswConfigDiff;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.ReadConsistency;
import dev.eddy.proto.qdrant.ReadConsistencyType;
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.VectorsConfig;
import dev.eddy.proto.qdrant.WithPayloadSelector;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** Makes, drops and looks at collections, over a gRPC connection of its own. Thread-safe. */
public final class CollectionAdmin implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Polls cost the server's CPU, which is measured meanwhile. */
  private static final Duration OFTEN = Duration.ofMillis(20);

  private static final Duration SELDOM = Duration.ofMillis(200);

  private final ManagedChannel channel;
  private final CollectionsGrpc.CollectionsBlockingStub collections;
  private final PointsGrpc.PointsBlockingStub points;

  /** Connects to a server. */
  public CollectionAdmin(Server server) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    collections = CollectionsGrpc.newBlockingStub(channel);
    points = PointsGrpc.newBlockingStub(channel);
  }

  /**
   * How a collection is made.
   *
   * @param dimension floats per vector; compared by cosine
   * @param m links per node; 0 = no graph
   * @param efConstruct candidates while linking
   * @param shards partitions of the log
   */
  public record Shape(int dimension, int m, int efConstruct, int shards) {}

  /** Creates a collection. */
  public void create(String name, Shape shape) {
    VectorParams.Builder vectors =
        VectorParams.newBuilder().setSize(shape.dimension()).setDistance(Distance.Cosine);
    var unused =
        collections.create(
            CreateCollection.newBuilder()
                .setCollectionName(name)
                .setShardNumber(shape.shards())
                .setHnswConfig(
                    HnswConfigDiff.newBuilder().setM(shape.m()).setEfConstruct(shape.efConstruct()))
                .setVectorsConfig(VectorsConfig.newBuilder().setParams(vectors))
                .build());
  }

  /** Drops a collection if it is there. */
  public void drop(String name) {
    var unused = collections.delete(DeleteCollection.newBuilder().setCollectionName(name).build());
  }

  private CollectionInfo info(String name) {
    return collections
        .get(GetCollectionInfoRequest.newBuilder().setCollectionName(name).build())
        .getResult();
  }

  /** Points that searches cover. */
  public long pointCount(String name) {
    return info(name).getPointsCount();
  }

  /** Waits until this many points are searchable. */
  public void awaitSearchable(String name, long count) throws TimeoutException {
    await(count + " points searchable in " + name, OFTEN, () -> pointCount(name) >= count);
  }

  /**
   * Waits until this many points are searchable and none waits for linking. Few rows are scanned
   * and never linked.
   */
  public void awaitLinked(String name, long count) throws TimeoutException {
    await(
        count + " points linked in " + name,
        SELDOM,
        () -> {
          CollectionInfo info = info(name);
          return info.getPointsCount() >= count && info.getStatus() == CollectionStatus.Green;
        });
  }

  private static void await(String what, Duration pause, BooleanSupplier condition)
      throws TimeoutException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new TimeoutException("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /**
   * Waits until every shard has applied all that its log holds now, by reading at the log's end.
   *
   * @return the points there
   */
  public long awaitLogEnd(String name) throws TimeoutException {
    CountPoints request =
        CountPoints.newBuilder()
            .setCollectionName(name)
            .setExact(true)
            .setTimeout(PATIENCE.toSeconds())
            .setReadConsistency(ReadConsistency.newBuilder().setType(ReadConsistencyType.Majority))
            .build();
    long[] count = {0};
    await(
        "applied to the end of its log: " + name,
        OFTEN,
        () -> {
          try {
            count[0] = points.count(request).getResult().getCount();
            return true;
          } catch (StatusRuntimeException notYet) {
            return false; // A node that has just started refuses until it has caught up.
          }
        });
    return count[0];
  }

  /** Which of these points a read shows now. */
  public long[] present(String name, long[] ids) {
    GetPoints.Builder request =
        GetPoints.newBuilder()
            .setCollectionName(name)
            .setWithPayload(WithPayloadSelector.newBuilder().setEnable(false));
    LongStream.of(ids).forEach(id -> request.addIds(PointId.newBuilder().setNum(id)));
    return points.get(request.build()).getResultList().stream()
        .mapToLong(point -> point.getId().getNum())
        .toArray();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
