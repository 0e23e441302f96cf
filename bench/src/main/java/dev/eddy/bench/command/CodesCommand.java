package dev.eddy.bench.command;

import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.kernel.Normalizer;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.CodeUse;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codes}. */
@Command(
    name = "codes",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches of one graph by rows' own codes beside searches of the same graph by whole rows: recall@10",
      "and CPU time at equal beams, for each width. Clustered vectors, unit length, one thread."
    })
final class CodesCommand implements Callable<Integer> {
  private static final int K = 10;
  private static final int ROWS_PER_CLUSTER = 100;
  private static final int MAINTAINED_ROWS = 256;
  private static final int ROUNDS = 25;

  @Option(
      names = "--rows",
      defaultValue = "20000",
      description = "Rows (default: ${DEFAULT-VALUE}).")
  private int rows = 20_000;

  @Option(names = "--dimension", defaultValue = "128", description = "(default: ${DEFAULT-VALUE}).")
  private int dimension = 128;

  @Option(names = "--queries", defaultValue = "200", description = "(default: ${DEFAULT-VALUE}).")
  private int queryCount = 200;

  @Option(names = "--ef", defaultValue = "100", description = "Beam (default: ${DEFAULT-VALUE}).")
  private int ef = 100;

  @Option(names = "--seed", defaultValue = "1", description = "(default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  @Override
  public Integer call() throws Exception {
    Random random = new Random(seed);
    float[][] centres = new float[Math.max(1, rows / ROWS_PER_CLUSTER)][dimension];
    for (float[] centre : centres) {
      scatter(centre, 1, random);
    }
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "codes", dimension, Metric.COSINE, new GraphParams(16, 100), rows, rows + 1, 1_000, 0);
    try (TemporaryFolder folder = new TemporaryFolder();
        BuildPool pool = new BuildPool(1);
        VectorField field =
            VectorField.create(
                settings, new SegmentResources(pool, FusedPolicy.none(), folder.path()))) {
      for (int row = 0; row < rows; row++) {
        field.append(row, vector(centres, random));
        if (row % MAINTAINED_ROWS == 0) {
          field.maintain(slot -> true);
        }
      }
      float[][] queries = new float[queryCount][];
      for (int i = 0; i < queries.length; i++) {
        queries[i] = vector(centres, random);
      }
      compare(field, queries);
    }
    return 0;
  }

  private static void scatter(float[] vector, double deviation, Random random) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] += (float) (deviation * random.nextGaussian());
    }
  }

  private static float[] vector(float[][] centres, Random random) {
    float[] vector = centres[random.nextInt(centres.length)].clone();
    scatter(vector, 0.7, random);
    Normalizer.normalize(vector);
    return vector;
  }

  private static void settle(VectorField field) throws InterruptedException {
    do {
      field.maintain(slot -> true);
      TimeUnit.MILLISECONDS.sleep(5);
    } while (field.stats().unlinkedRows() > 0 || field.isBusy());
  }

  private void compare(VectorField field, float[][] queries) throws InterruptedException {
    SlotSearch byRows = SlotSearch.nearest(K, ef);
    SlotSearch byEstimates =
        new SlotSearch(K, ef, SlotSearch.Way.WALK, false, new CodeUse(false, false, 1));
    settle(field);
    int[][] exact = new int[queries.length][];
    var _ = nanos(field, queries, SlotSearch.exact(K), exact);
    int[][] found = new int[queries.length][];
    double whole = best(field, queries, byRows, found);
    Table table =
        new Table(
            "bits", "rows", "dimensions", "beam", "recall@10", "not rescored", "time / whole");
    table.row("whole", rows, dimension, ef, recall(exact, found), "", 1.0);
    for (CodeWidth width : CodeWidth.values()) {
      field.code(new CodeSettings(width, false));
      settle(field);
      double coded = best(field, queries, byRows, found);
      double recall = recall(exact, found);
      var _ = nanos(field, queries, byEstimates, found);
      table.row(width.bits(), rows, dimension, ef, recall, recall(exact, found), coded / whole);
    }
  }

  private double best(VectorField field, float[][] queries, SlotSearch search, int[][] found) {
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.min(best, nanos(field, queries, search, found));
    }
    return best;
  }

  private double nanos(VectorField field, float[][] queries, SlotSearch search, int[][] found) {
    VectorFieldSnapshot snapshot = field.snapshot();
    TopSlots top = new TopSlots(K);
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < queries.length; i++) {
      top.reset(K);
      snapshot.search(queries[i], search, SlotAcceptor.ALL, top);
      found[i] = new int[top.size()];
      for (int rank = 0; rank < found[i].length; rank++) {
        found[i][rank] = top.slot(rank);
      }
    }
    long nanos = threads.getCurrentThreadCpuTime() - start;
    snapshot.release();
    return nanos;
  }

  private static double recall(int[][] exact, int[][] found) {
    int hits = 0;
    for (int i = 0; i < exact.length; i++) {
      for (int slot : exact[i]) {
        for (int other : found[i]) {
          hits += slot == other ? 1 : 0;
        }
      }
    }
    return hits / (double) (exact.length * K);
  }
}
