package dev.eddy.bench.edge;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.limit.Limits;
import dev.eddy.model.point.Vectors;
import dev.eddy.query.QueryNode;
import dev.eddy.query.grpc.GrpcSettings;
import dev.eddy.query.quota.ProcessResources;
import dev.eddy.query.rest.RestSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The process: a whole query node, with both edges open, whose shard answers at once and whose log
 * forgets. What it uses is what the server costs beside engine and Kafka.
 */
public final class EdgeHost {
  /** What is searched and written. */
  public static final String COLLECTION = "bench-edge";

  static final String READY = "edges at ";
  private static final String HOST = "127.0.0.1";

  private EdgeHost() {}

  /**
   * Opens the edges, tells their ports in one line, and serves until its standard input ends.
   *
   * @param args dimension of the vectors, hits per search
   */
  public static void main(String[] args) throws Exception {
    VectorParams params = VectorParams.of(Integer.parseInt(args[0]), Distance.COSINE);
    StillCluster cluster =
        new StillCluster(COLLECTION, CollectionSpec.of(Map.of(Vectors.UNNAMED, params)));
    DroppingLog log = new DroppingLog();
    QueryNode.Parts parts =
        new QueryNode.Parts(
            StillCluster.NODE,
            cluster,
            cluster,
            new IdleShards(Integer.parseInt(args[1])),
            log,
            partition -> CompletableFuture.completedFuture(log.end()),
            new ProcessResources(Path.of(System.getProperty("java.io.tmpdir"))),
            () -> {
              throw new UnsupportedOperationException("this benchmark tells no status");
            },
            List.of(),
            Limits.DEFAULT);
    try (QueryNode node = new QueryNode(parts)) {
      int rest = node.openRest(RestSettings.of(HOST, 0)).port();
      int grpc = node.openGrpc(GrpcSettings.of(HOST, 0)).port();
      System.out.println(READY + rest + " " + grpc);
      while (System.in.read() >= 0) {
        // Whoever started this closes it at the end.
      }
    }
  }
}
