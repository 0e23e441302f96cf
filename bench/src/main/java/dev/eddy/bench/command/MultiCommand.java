package dev.eddy.bench.command;

import dev.eddy.bench.data.MultivectorFile;
import dev.eddy.bench.data.MultivectorSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code multi}. */
@Command(
    name = "multi",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches of multivectors, made of rows of the set, by max_sim: a shard alone beside"
          + " Qdrant's",
      "engine (qdrant-edge-py), same m and ef_construct, one searching thread each, against exact"
          + " ones",
      "of the shard. The two take turns at every beam of every round; medians of queries per CPU"
          + " second",
      "are compared at equal recall."
    })
final class MultiCommand implements Callable<Integer> {
  private static final double[] RECALLS = {0.80, 0.90, 0.95, 0.97, 0.99};
  private static final int WARM_UPS = 2;

  /** Of the other side where it is not asked. */
  private static final GraphSide.Pass NONE = new GraphSide.Pass(Double.NaN, Double.NaN);

  @Mixin private final SetOptions sets = new SetOptions();

  @Option(names = "--points", defaultValue = "100000", description = "Points.")
  private int points = 100_000;

  @Option(names = "--fewest", defaultValue = "2", description = "Rows of a point at least.")
  private int fewest = 2;

  @Option(names = "--most", defaultValue = "5", description = "Rows of a point at most.")
  private int most = 5;

  @Option(names = "--queries", defaultValue = "100", description = "Queries, made as points are.")
  private int queries = 100;

  @Mixin private final GraphOptions graph = new GraphOptions();

  @Option(
      names = "--ef",
      split = ",",
      defaultValue = "20,30,50,100,200,400,800",
      description = "Beams (default: ${DEFAULT-VALUE}).")
  private List<Integer> beams = List.of();

  @Option(names = "--quantized", description = "With scalar quantization, and exact scores.")
  private boolean isQuantized;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds measured, after two to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Mixin private final EdgeOptions edges = new EdgeOptions();

  /** One of the two, with the passes of each beam in the order of rounds. */
  private static final class Contestant {
    private final List<List<GraphSide.Pass>> passes = new ArrayList<>();

    /** Those that compare all. */
    private final List<GraphSide.Pass> exact = new ArrayList<>();

    private RecallCurve curve(int round) {
      RecallCurve curve = new RecallCurve();
      for (List<GraphSide.Pass> beam : passes) {
        curve.add(beam.get(round).recall(), beam.get(round).perSecond());
      }
      return curve;
    }

    private RecallCurve medians() {
      RecallCurve curve = new RecallCurve();
      for (int beam = 0; beam < passes.size(); beam++) {
        curve.add(recall(beam), median(beam));
      }
      return curve;
    }

    /** Of the first round, as of all: graphs do not change. */
    private double recall(int beam) {
      return passes.get(beam).getFirst().recall();
    }

    private double median(int beam) {
      return median(passes.get(beam));
    }

    private static double median(List<GraphSide.Pass> passes) {
      double[] sorted = sorted(passes);
      return sorted[sorted.length / 2];
    }

    private static double[] sorted(List<GraphSide.Pass> passes) {
      return passes.stream().mapToDouble(GraphSide.Pass::perSecond).sorted().toArray();
    }

    private List<Object> cells(List<GraphSide.Pass> row) {
      return List.of(
          Table.recall(row.getFirst().recall()),
          median(row),
          Table.range(sorted(row)),
          median(row) / median(exact));
    }
  }

  @Override
  public Integer call() throws Exception {
    VectorSet rows = sets.open();
    MultivectorSet set = new MultivectorSet(rows.base(), fewest, most);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      int dimension = rows.dimension();
      MultivectorFile base = MultivectorFile.of(set, points, dimension, folder.path(), "base");
      MultivectorFile asked = MultivectorFile.of(set, queries, dimension, folder.path(), "query");
      Path own = Files.createDirectory(folder.path().resolve("eddy"));
      try (MultiEngineSide eddy =
          new MultiEngineSide(base, asked, graph.params(), graph.threads(), isQuantized, own)) {
        double seconds = eddy.build();
        System.out.printf(
            "%,d points of %d to %d rows, %,d in all; build with %d threads: Eddy %.1f s, %,d"
                + " MiB%n",
            points, fewest, most, base.rows().rows(), graph.threads(), seconds, eddy.mebibytes());
        if (edges.isNone()) {
          compare(eddy, null, folder.path());
          return 0;
        }
        try (SideProcess edge = edge(folder.path(), dimension)) {
          System.out.printf("Qdrant %s s%n", edge.order("build")[0]);
          compare(eddy, edge, folder.path());
        }
      }
    }
    return 0;
  }

  private SideProcess edge(Path folder, int dimension) throws IOException {
    GraphParams params = graph.params();
    String codes = isQuantized ? "scalar" : "none";
    return edges.start(
        "multi", folder, dimension, params.m(), params.efConstruct(), graph.threads(), codes);
  }

  private void compare(MultiEngineSide eddy, @Nullable SideProcess edge, Path folder)
      throws IOException {
    var _ = eddy.exact();
    writeNearest(eddy, folder);
    Contestant ours = new Contestant();
    Contestant theirs = new Contestant();
    for (int _ : beams) {
      ours.passes.add(new ArrayList<>());
      theirs.passes.add(new ArrayList<>());
    }
    for (int round = -WARM_UPS; round < rounds; round++) {
      for (int beam = 0; beam < beams.size(); beam++) {
        GraphSide.Pass our = eddy.search(beams.get(beam));
        GraphSide.Pass their = edge == null ? NONE : edge.pass("search " + beams.get(beam));
        if (round >= 0) {
          ours.passes.get(beam).add(our);
          theirs.passes.get(beam).add(their);
        }
      }
      GraphSide.Pass our = eddy.exact();
      GraphSide.Pass their = edge == null ? NONE : edge.pass("exact");
      if (round >= 0) {
        ours.exact.add(our);
        theirs.exact.add(their);
      }
    }
    printBeams(ours, theirs);
    if (edge != null) {
      printRatios(ours, theirs);
    }
  }

  private void printBeams(Contestant ours, Contestant theirs) {
    System.out.println();
    Table table =
        new Table(
            "ef",
            "recall@10",
            "Eddy queries/CPU s",
            "range",
            "times exact",
            "recall@10",
            "Qdrant queries/CPU s",
            "range",
            "times exact");
    for (int beam = 0; beam < beams.size(); beam++) {
      addRow(table, beams.get(beam), ours, ours.passes.get(beam), theirs, theirs.passes.get(beam));
    }
    addRow(table, "exact", ours, ours.exact, theirs, theirs.exact);
  }

  private static void addRow(
      Table table,
      Object label,
      Contestant ours,
      List<GraphSide.Pass> our,
      Contestant theirs,
      List<GraphSide.Pass> their) {
    List<Object> cells = new ArrayList<>(List.of(label));
    cells.addAll(ours.cells(our));
    cells.addAll(theirs.cells(their));
    table.row(cells.toArray());
  }

  private void printRatios(Contestant ours, Contestant theirs) {
    System.out.println();
    Table table =
        new Table(
            "recall@10",
            "Eddy queries/CPU s",
            "Qdrant queries/CPU s",
            "ratio",
            "lowest to highest of the rounds");
    RecallCurve our = ours.medians();
    RecallCurve their = theirs.medians();
    for (double recall : RECALLS) {
      double[] ratios =
          IntStream.range(0, rounds)
              .mapToDouble(round ->
                  ours.curve(round).perSecondAt(recall) / theirs.curve(round).perSecondAt(recall))
              .sorted()
              .toArray();
      table.row(
          recall,
          our.perSecondAt(recall),
          their.perSecondAt(recall),
          our.perSecondAt(recall) / their.perSecondAt(recall),
          Table.text(ratios[0]) + " to " + Table.text(ratios[rounds - 1]));
    }
  }

  private void writeNearest(MultiEngineSide eddy, Path folder) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(queries * VectorSet.K * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int query = 0; query < queries; query++) {
      int[] nearest = eddy.nearest(query);
      for (int rank = 0; rank < VectorSet.K; rank++) {
        bytes.putInt(rank < nearest.length ? nearest[rank] : -1);
      }
    }
    Files.write(folder.resolve("nearest.i32"), bytes.array());
  }
}
