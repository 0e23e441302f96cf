package dev.eddy.bench.command;

import dev.eddy.bench.data.PayloadSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code payloads}. */
@Command(
    name = "payloads",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Counts, scrolls and facets of filters alone, over indexed payloads, beside Qdrant's engine",
      "(qdrant-edge-py); one thread each, in turns. Fails when the answers differ."
    })
final class PayloadsCommand implements Callable<Integer> {
  private static final List<String> CASES =
      List.of("city", "flag", "percent", "half", "city-and-flag", "cities", "not-half");

  @Option(names = "--points", defaultValue = "1000000", description = "How many.")
  private int points = 1_000_000;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds measured, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--edge",
      paramLabel = "FILE",
      defaultValue = "bench/qdrant-edge/run",
      description = "Script of Qdrant's side (default: ${DEFAULT-VALUE}).")
  private Path script = Path.of("bench/qdrant-edge/run");

  @Override
  public Integer call() throws Exception {
    PayloadSet set = new PayloadSet(points);
    try (TemporaryFolder folder = new TemporaryFolder();
        PayloadEngineSide eddy = new PayloadEngineSide(set, folder.path().resolve("eddy"))) {
      set.write(folder.path());
      List<String> program = List.of(script.toString(), "payloads", folder.path().toString());
      try (SideProcess edge = new SideProcess("qdrant-edge", program)) {
        System.out.printf("filled: Eddy %.1f s, ", eddy.fill());
        System.out.printf("Qdrant %s s%n%n", edge.order("fill")[0]);
        compare(eddy, edge);
      }
    }
    return 0;
  }

  private void compare(PayloadEngineSide eddy, SideProcess edge) throws IOException {
    Table table = new Table("operation", "filter", "Eddy /CPU s", "Qdrant /CPU s", "ratio");
    for (String filter : CASES) {
      row(table, "count", filter, "count " + filter, eddy, edge);
    }
    for (int limit : new int[] {10, 1_000}) {
      for (String filter : CASES) {
        String order = "scroll %s %d".formatted(filter, limit);
        row(table, "scroll " + limit, filter, order, eddy, edge);
      }
    }
    for (String filter : List.of("any", "flag", "percent")) {
      row(table, "facet", filter, "facet " + filter, eddy, edge);
    }
  }

  private void row(
      Table table,
      String operation,
      String filter,
      String order,
      PayloadEngineSide eddy,
      SideProcess edge)
      throws IOException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      PayloadEngineSide.Pass our = eddy.run(order);
      String[] their = edge.order(order);
      if (our.checksum() != Long.parseLong(their[0])) {
        throw new IllegalStateException(
            "%s: Eddy answers %d, Qdrant %s".formatted(order, our.checksum(), their[0]));
      }
      if (round >= 0) {
        ours.add(our.perSecond());
        theirs.add(Double.parseDouble(their[1]));
      }
    }
    double our = median(ours);
    double their = median(theirs);
    table.row(operation, filter, our, their, our / their);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
