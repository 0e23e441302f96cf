package dev.eddy.bench.command;

import dev.eddy.engine.graph.GraphParams;
import picocli.CommandLine.Option;

/** How graphs are made that are measured side by side. */
final class GraphOptions {
  @Option(names = "--m", defaultValue = "16", description = "Links per node.")
  private int m = 16;

  @Option(names = "--ef-construct", defaultValue = "100", description = "While linking.")
  private int efConstruct = 100;

  @Option(names = "--threads", description = "Threads that link (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  GraphParams params() {
    return new GraphParams(m, efConstruct);
  }

  int threads() {
    return threads;
  }
}
