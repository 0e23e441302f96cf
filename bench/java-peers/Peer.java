import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A Java library to compare with, behind one order per line: "build" answers seconds, "search EF"
 * answers recall@10 and queries per CPU second of the one thread that asks.
 *
 * <p>Arguments: folder of base.f32, query.f32 and gt.i32; dimension; m; ef_construct; threads that
 * link.
 */
abstract class Peer {
  static final int K = 10;

  final Path folder;
  final int dimension;
  final int m;
  final int efConstruct;
  final int threads;

  Peer(String[] arguments) {
    folder = Path.of(arguments[0]);
    dimension = Integer.parseInt(arguments[1]);
    m = Integer.parseInt(arguments[2]);
    efConstruct = Integer.parseInt(arguments[3]);
    threads = Integer.parseInt(arguments[4]);
  }

  /** Adds and links all rows, whose numbers are their ids. */
  abstract void build(float[][] rows) throws Exception;

  /** The K nearest rows. */
  abstract int[] search(float[] query, int ef) throws Exception;

  final void serve() throws Exception {
    float[][] queries = vectors(folder.resolve("query.f32"));
    int[] truth = new int[queries.length * K];
    ByteBuffer.wrap(Files.readAllBytes(folder.resolve("gt.i32")))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(truth);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] order = line.split(" ");
      if (order[0].equals("build")) {
        float[][] rows = vectors(folder.resolve("base.f32"));
        long start = System.nanoTime();
        build(rows);
        System.out.println((System.nanoTime() - start) / 1e9);
      } else {
        System.out.println(pass(queries, truth, Integer.parseInt(order[1])));
      }
    }
  }

  private String pass(float[][] queries, int[] truth, int ef) throws Exception {
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    int[][] found = new int[queries.length][];
    long start = thread.getCurrentThreadCpuTime();
    for (int i = 0; i < queries.length; i++) {
      found[i] = search(queries[i], ef);
    }
    double seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
    int hits = 0;
    for (int i = 0; i < queries.length; i++) {
      Set<Integer> wanted = new HashSet<>();
      for (int rank = 0; rank < K; rank++) {
        wanted.add(truth[i * K + rank]);
      }
      for (int row : found[i]) {
        hits += wanted.contains(row) ? 1 : 0;
      }
    }
    return hits / (double) truth.length + " " + queries.length / seconds;
  }

  private float[][] vectors(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      int rows = (int) (channel.size() / Float.BYTES / dimension);
      ByteBuffer bytes =
          ByteBuffer.allocate(dimension * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      float[][] all = new float[rows][dimension];
      for (float[] row : all) {
        bytes.clear();
        while (bytes.hasRemaining()) {
          channel.read(bytes);
        }
        bytes.flip();
        bytes.asFloatBuffer().get(row);
      }
      return all;
    }
  }
}
