package dev.eddy.bench.command;

import dev.eddy.bench.server.CollectionAdmin;
import picocli.CommandLine.Option;

/** How the measured collection is made. */
final class ShapeOptions {
  @Option(
      names = "--m",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Links per node; 0 = no graph, to see a load alone (default: ${DEFAULT-VALUE}).")
  private int m = 16;

  @Option(
      names = "--ef-construct",
      paramLabel = "N",
      defaultValue = "100",
      description = "Candidates while linking (default: ${DEFAULT-VALUE}).")
  private int efConstruct = 100;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description = "Shards (default: ${DEFAULT-VALUE}).")
  private int shards = 1;

  int m() {
    return m;
  }

  CollectionAdmin.Shape of(int dimension) {
    return new CollectionAdmin.Shape(dimension, m, efConstruct, shards);
  }
}
