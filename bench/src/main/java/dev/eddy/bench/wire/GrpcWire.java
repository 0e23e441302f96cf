package dev.eddy.bench.wire;

import dev.eddy.bench.data.VectorFile;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.PointId;
import dev.eddy.proto.qdrant.PointStruct;
import dev.eddy.proto.qdrant.PointsGrpc;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.QueryResponse;
import dev.eddy.proto.qdrant.SearchParams;
import dev.eddy.proto.qdrant.UpsertPoints;
import dev.eddy.proto.qdrant.Vector;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.proto.qdrant.Vectors;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** gRPC; a request's bytes are its message, which no stub encodes again. */
public final class GrpcWire implements Wire {
  private static final MethodDescriptor<byte[], byte[]> UPSERT =
      PointsGrpc.getUpsertMethod().toBuilder(new Bytes(), new Bytes()).build();
  private static final MethodDescriptor<byte[], byte[]> QUERY =
      PointsGrpc.getQueryMethod().toBuilder(new Bytes(), new Bytes()).build();

  private final int port;

  /** gRPC on a port of this machine. */
  public GrpcWire(int port) {
    this.port = port;
  }

  @Override
  public String name() {
    return "gRPC";
  }

  private static DenseVector.Builder dense(float[] vector) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (float each : vector) {
      dense.addData(each);
    }
    return dense;
  }

  @Override
  public Request upsert(
      String collection, VectorFile rows, int from, int to, long firstId, boolean isWaiting) {
    UpsertPoints.Builder batch =
        UpsertPoints.newBuilder().setCollectionName(collection).setWait(isWaiting);
    for (int row = from; row < to; row++) {
      Vector.Builder vector = Vector.newBuilder().setDense(dense(rows.row(row)));
      batch.addPoints(
          PointStruct.newBuilder()
              .setId(PointId.newBuilder().setNum(firstId + row - from))
              .setVectors(Vectors.newBuilder().setVector(vector)));
    }
    return new Request(Call.UPSERT, batch.build().toByteArray());
  }

  @Override
  public Request nearest(String collection, float[] query, int k, int ef) {
    QueryPoints request =
        QueryPoints.newBuilder()
            .setCollectionName(collection)
            .setQuery(
                Query.newBuilder().setNearest(VectorInput.newBuilder().setDense(dense(query))))
            .setLimit(k)
            .setParams(SearchParams.newBuilder().setHnswEf(ef))
            .build();
    return new Request(Call.SEARCH, request.toByteArray());
  }

  @Override
  public long[] ids(byte[] answer) throws IOException {
    return QueryResponse.parseFrom(answer).getResultList().stream()
        .mapToLong(point -> point.getId().getNum())
        .toArray();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Connection connect() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .build();
    return new Connection() {
      @Override
      public byte[] call(Request request) throws IOException {
        MethodDescriptor<byte[], byte[]> method =
            switch (request.call()) {
              case UPSERT -> UPSERT;
              case SEARCH -> QUERY;
            };
        try {
          return ClientCalls.blockingUnaryCall(
              channel, method, CallOptions.DEFAULT, request.bytes());
        } catch (StatusRuntimeException e) {
          throw new IOException(e.getMessage(), e);
        }
      }

      @Override
      public void close() {
        channel.shutdownNow();
      }
    };
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
