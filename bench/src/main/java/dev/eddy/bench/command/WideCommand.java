package dev.eddy.bench.command;

import dev.eddy.bench.data.ClusteredSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.server.ServerOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wide}. */
@Command(
    name = "wide",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Generate a clustered 768-d set if it is not there, load it over gRPC and search it.",
      "The other commands take its folder by --set."
    })
final class WideCommand implements Callable<Integer> {
  @Mixin private final ServerOptions servers = new ServerOptions();
  @Mixin private final ShapeOptions shape = new ShapeOptions();
  @Mixin private final SearchOptions searches = new SearchOptions();

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Rows to generate (default: ${DEFAULT-VALUE}).")
  private int rows = 100_000;

  @Option(
      names = "--dimension",
      defaultValue = "768",
      description = "Floats per row (default: ${DEFAULT-VALUE}).")
  private int dimension = 768;

  @Option(names = "--seed", defaultValue = "42", description = "Of the set.")
  private long seed = 42;

  @Option(names = "--folder", defaultValue = "bench/data", description = "Where the set is kept.")
  private Path folder = Path.of("bench/data");

  @Override
  public Integer call() throws Exception {
    Path where = folder.resolve("clustered-%dd-%d-seed-%d".formatted(dimension, rows, seed));
    new ClusteredSet(dimension, rows, 2_000, seed).writeTo(where);
    VectorSet set = VectorSet.open(where, 0);
    servers.run(server -> {
      LoadRun.Result load = SearchCommand.prepare(server, set, shape.of(dimension));
      LoadRun.print(LoadRun.table(), set, load);
      searches.run(server, set, SearchCommand.NAME, Optional.empty());
    });
    return 0;
  }
}
