package dev.eddy.bench.server;

import dev.eddy.proto.qdrant.CollectionsGrpc;
import dev.eddy.proto.qdrant.CreateCollection;
import dev.eddy.proto.qdrant.DeleteCollection;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Distance;
import dev.eddy.proto.qdrant.GetCollectionInfoRequest;
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
import dev.eddy.proto.qdrant.VectorParams;
import dev.eddy.proto.qdrant.Vectors;
import dev.eddy.proto.qdrant.VectorsConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Loads the 100-d word vectors into a running Eddy over gRPC, searches them, and writes single
 * points: rates, latencies, recall against exact answers, and the server's CPU time.
 *
 * <p>{@code ServerBench <grpc port> <server pid> <data folder> [rows, 0 = all]}
 */
public final class ServerBench {
  private static final String NAME = "bench";
  private static final int DIMENSION = 100;
  private static final int BATCH = 256;
  private static final int IN_FLIGHT = 16;
  private static final int K = 10;

  private final ManagedChannel channel;
  private final PointsGrpc.PointsBlockingStub points;
  private final CollectionsGrpc.CollectionsBlockingStub collections;
  private final ServerProcess server;
  private final VectorFile base;
  private final VectorFile queries;
  private final IntBuffer truth;
  private final int rows;

  private ServerBench(int port, ServerProcess server, Path data, int rows) throws IOException {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    points = PointsGrpc.newBlockingStub(channel);
    collections = CollectionsGrpc.newBlockingStub(channel);
    this.server = server;
    base = VectorFile.open(data.resolve("base.f32"), DIMENSION);
    queries = VectorFile.open(data.resolve("query.f32"), DIMENSION);
    truth = VectorFile.ints(data.resolve("gt.i32"));
    this.rows = rows == 0 ? base.rows() : rows;
  }

  public static void main(String[] args) throws Exception {
    ServerBench bench =
        new ServerBench(
            Integer.parseInt(args[0]),
            new ServerProcess(Long.parseLong(args[1])),
            Path.of(args[2]),
            args.length > 3 ? Integer.parseInt(args[3]) : 0);
    try {
      bench.create();
      bench.load();
      bench.awaitLinked();
      for (int threads : new int[] {1, 4}) {
        for (int ef : new int[] {64, 128, 256, 512}) {
          bench.search(ef, threads);
        }
      }
      bench.singleWrites(2_000, 10);
      print("resident memory %d MiB", bench.server.residentMib());
    } finally {
      bench.channel.shutdownNow();
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private void create() {
    var unused = collections.delete(DeleteCollection.newBuilder().setCollectionName(NAME).build());
    unused =
        collections.create(
            CreateCollection.newBuilder()
                .setCollectionName(NAME)
                .setVectorsConfig(
                    VectorsConfig.newBuilder()
                        .setParams(
                            VectorParams.newBuilder()
                                .setSize(DIMENSION)
                                .setDistance(Distance.Cosine)))
                .build());
  }

  private PointStruct point(long id, VectorFile file, int row) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (int column = 0; column < DIMENSION; column++) {
      dense.addData(file.get(row, column));
    }
    return PointStruct.newBuilder()
        .setId(PointId.newBuilder().setNum(id))
        .setVectors(Vectors.newBuilder().setVector(Vector.newBuilder().setDense(dense)))
        .build();
  }

  private void load() throws InterruptedException {
    List<UpsertPoints> batches = new ArrayList<>();
    for (int start = 0; start < rows; start += BATCH) {
      UpsertPoints.Builder batch = UpsertPoints.newBuilder().setCollectionName(NAME);
      for (int row = start; row < Math.min(rows, start + BATCH); row++) {
        batch.addPoints(point(row, base, row));
      }
      batches.add(batch.build());
    }
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    Semaphore slots = new Semaphore(IN_FLIGHT);
    AtomicInteger failed = new AtomicInteger();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (UpsertPoints batch : batches) {
        slots.acquire();
        var unused =
            senders.submit(() -> {
              try {
                return points.upsert(batch);
              } catch (RuntimeException e) {
                failed.incrementAndGet();
                throw e;
              } finally {
                slots.release();
              }
            });
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    print(
        "load gRPC: %d points acknowledged in %.1f s = %.0f points/s, server CPU %.1f us/point, failed batches %d",
        rows, seconds, rows / seconds, (server.cpuSeconds() - cpu) * 1e6 / rows, failed.get());
  }

  private void awaitLinked() {
    double cpu = server.cpuSeconds();
    long start = System.nanoTime();
    boolean searchable = false;
    while (true) {
      var info =
          collections
              .get(GetCollectionInfoRequest.newBuilder().setCollectionName(NAME).build())
              .getResult();
      if (!searchable && info.getPointsCount() == rows) {
        searchable = true;
        print(
            "searchable %.1f s after the last acknowledgement", (System.nanoTime() - start) / 1e9);
      }
      if (searchable && info.getIndexedVectorsCount() >= rows) {
        break;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    print(
        "linked %.1f s after the last acknowledgement, %.1f s CPU",
        (System.nanoTime() - start) / 1e9, server.cpuSeconds() - cpu);
  }

  private QueryPoints query(int row, int ef) {
    DenseVector.Builder dense = DenseVector.newBuilder();
    for (int column = 0; column < DIMENSION; column++) {
      dense.addData(queries.get(row, column));
    }
    return QueryPoints.newBuilder()
        .setCollectionName(NAME)
        .setQuery(Query.newBuilder().setNearest(VectorInput.newBuilder().setDense(dense)))
        .setLimit(K)
        .setParams(SearchParams.newBuilder().setHnswEf(ef))
        .build();
  }

  private void search(int ef, int threads) throws InterruptedException, ExecutionException {
    int count = queries.rows();
    QueryPoints[] requests = new QueryPoints[count];
    for (int i = 0; i < count; i++) {
      requests[i] = query(i, ef);
    }
    // A first pass warms up; the second counts.
    long[] nanos = new long[count];
    AtomicInteger found = new AtomicInteger();
    double cpu = 0;
    double seconds = 0;
    for (int pass = 0; pass < 2; pass++) {
      found.set(0);
      cpu = server.cpuSeconds();
      long start = System.nanoTime();
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> done = new ArrayList<>();
      try (ExecutorService clients = Executors.newFixedThreadPool(threads)) {
        for (int t = 0; t < threads; t++) {
          done.add(
              clients.submit(() -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                  long sent = System.nanoTime();
                  QueryResponse answer = points.query(requests[i]);
                  nanos[i] = System.nanoTime() - sent;
                  found.addAndGet(hits(answer, i));
                }
              }));
        }
        for (Future<?> each : done) {
          var unused = each.get();
        }
      }
      seconds = (System.nanoTime() - start) / 1e9;
      cpu = server.cpuSeconds() - cpu;
    }
    print(
        "search gRPC, %d connections, ef %d: recall@10 %s, %.0f QPS, server CPU %.2f ms/query, %s",
        threads,
        ef,
        rows == base.rows()
            ? String.format(Locale.ROOT, "%.3f", found.get() / (double) (count * K))
            : "n/a",
        count / seconds,
        cpu * 1e3 / count,
        new Latencies(nanos));
  }

  private int hits(QueryResponse answer, int query) {
    int hits = 0;
    for (var point : answer.getResultList()) {
      for (int i = 0; i < K; i++) {
        if (truth.get(query * K + i) == point.getId().getNum()) {
          hits++;
        }
      }
    }
    return hits;
  }

  /** Open loop: single points with wait=true at a fixed rate. */
  private void singleWrites(int perSecond, int seconds) throws InterruptedException {
    int count = perSecond * seconds;
    long[] nanos = new long[count];
    long start = System.nanoTime();
    double cpu = server.cpuSeconds();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long due = start + i * 1_000_000_000L / perSecond;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        int index = i;
        var unused =
            senders.submit(() -> {
              var answer =
                  points.upsert(
                      UpsertPoints.newBuilder()
                          .setCollectionName(NAME)
                          .setWait(true)
                          .addPoints(point(index % rows, base, index % rows))
                          .build());
              nanos[index] = System.nanoTime() - due;
              return answer;
            });
      }
    }
    print(
        "single points, wait=true, %d/s for %d s: %s, server CPU %.0f us/write",
        perSecond, seconds, new Latencies(nanos), (server.cpuSeconds() - cpu) * 1e6 / count);
  }
}
