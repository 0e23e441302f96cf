package dev.eddy.bench.command;

import dev.eddy.bench.data.SparseSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sparse}. */
@Command(
    name = "sparse",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches of sparse vectors, the engine alone beside Qdrant's engine (qdrant-edge-py), one searching",
      "thread each: all rows, and those that match a filter of an indexed number. Both are exact, and",
      "their hits are compared. The two take turns; medians and the range of the rounds are shown."
    })
final class SparseCommand implements Callable<Integer> {
  /** Of two float32 sums of the same products in another order. */
  private static final double ROUNDING = 1e-5;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Vectors (default: ${DEFAULT-VALUE}).")
  private int rows = 100_000;

  @Option(
      names = "--row-entries",
      defaultValue = "100",
      description = "Non-zeros of a vector, in the mean (default: ${DEFAULT-VALUE}).")
  private int rowEntries = 100;

  @Option(
      names = "--query-entries",
      defaultValue = "30",
      description = "Non-zeros of a query, in the mean (default: ${DEFAULT-VALUE}).")
  private int queryEntries = 30;

  @Option(
      names = "--queries",
      defaultValue = "1000",
      description = "Queries (default: ${DEFAULT-VALUE}).")
  private int queries = 1_000;

  @Option(
      names = "--thousandths",
      split = ",",
      defaultValue = "1000,100,10",
      description =
          "How many rows of a thousand match; 1000 = no filter (default: ${DEFAULT-VALUE}).")
  private List<Integer> thousandths = List.of();

  @Option(names = "--seed", defaultValue = "1", description = "Of the set.")
  private long seed = 1;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds measured, after two to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Mixin private final EdgeOptions edges = new EdgeOptions();

  @Override
  public Integer call() throws Exception {
    SparseSet set = new SparseSet(rows, rowEntries, queries, queryEntries, seed);
    try (TemporaryFolder folder = new TemporaryFolder();
        SparseEngineSide eddy = new SparseEngineSide(set, folder.path())) {
      System.out.printf("build: Eddy %.1f s%n", eddy.build());
      double[] seconds = eddy.restarts(folder.path());
      System.out.printf(
          "opened and searched: %.2f s with its index, %.2f s without%n", seconds[0], seconds[1]);
      if (edges.isNone()) {
        compare(folder.path(), eddy, null);
        return 0;
      }
      set.write(folder.path());
      try (SideProcess edge = edges.start("sparse", folder.path())) {
        System.out.printf("Qdrant %s s%n%n", edge.order("build")[0]);
        compare(folder.path(), eddy, edge);
      }
    }
    return 0;
  }

  private void compare(Path folder, SparseEngineSide eddy, @Nullable SideProcess edge)
      throws IOException {
    Table table =
        new Table(
            "matching",
            "Eddy queries/CPU s",
            "range",
            "Qdrant queries/CPU s",
            "range",
            "ratio",
            "queries with the same hits");
    for (int matching : thousandths) {
      double[] ours = new double[rounds];
      double[] theirs = new double[rounds];
      String same = "";
      for (int round = -2; round < rounds; round++) {
        SparseEngineSide.Pass our = eddy.search(matching);
        double their =
            edge == null ? Double.NaN : Double.parseDouble(edge.order("search " + matching)[0]);
        if (round >= 0) {
          ours[round] = our.perSecond();
          theirs[round] = their;
        } else if (edge != null) {
          same = "%d of %d".formatted(same(folder, matching, our), queries);
        }
      }
      Arrays.sort(ours);
      Arrays.sort(theirs);
      double our = ours[rounds / 2];
      double their = theirs[rounds / 2];
      table.row(
          matching / 10.0 + " %",
          our,
          Table.range(ours),
          their,
          Table.range(theirs),
          our / their,
          same);
    }
  }

  /** Queries of which all ranks have the same row, or another one of as good as the same score. */
  private static int same(Path folder, int matching, SparseEngineSide.Pass our) throws IOException {
    ByteBuffer theirRows = read(folder.resolve(matching + ".rows.i32"));
    ByteBuffer theirScores = read(folder.resolve(matching + ".scores.f32"));
    int same = 0;
    for (int query = 0; query < our.rows().length / VectorSet.K; query++) {
      boolean isSame = true;
      for (int rank = 0; rank < VectorSet.K; rank++) {
        int at = query * VectorSet.K + rank;
        int row = theirRows.getInt(at * Integer.BYTES);
        float ourScore = our.scores()[at];
        float off = Math.abs(theirScores.getFloat(at * Float.BYTES) - ourScore);
        isSame &= (row < 0) == (our.rows()[at] < 0) && off <= Math.abs(ourScore) * ROUNDING;
      }
      same += isSame ? 1 : 0;
    }
    return same;
  }

  private static ByteBuffer read(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
