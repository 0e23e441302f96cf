package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.Server;
import dev.eddy.bench.wire.Transport;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which searches, and the table of their results. */
final class SearchOptions {
  @Mixin private final ClientOptions clients = new ClientOptions();

  @Option(
      names = "--ef",
      split = ",",
      defaultValue = "64,128,256,512",
      description = "Values of hnsw_ef (default: ${DEFAULT-VALUE}).")
  private List<Integer> efs = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description =
          "Per row; every query is asked at least once (default: ${DEFAULT-VALUE}). A fifth of it"
              + " warms up each row.")
  private double seconds = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "Searches before the first row of a transport (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds = 15;

  private static Table table() {
    return new Table(
        "set",
        "over",
        "connections",
        "`hnsw_ef`",
        "recall@10",
        "QPS",
        "p50 ms",
        "p99 ms",
        "server CPU ms/query",
        "client CPU ms/query");
  }

  /** Searches the server, then the graph beside it if there is one. */
  void run(Server server, VectorSet set, String collection, Optional<GraphSide> beside)
      throws Exception {
    // What the server still does after a load is no cost of a search.
    server.usage().awaitRest();
    Table table = table();
    for (Transport transport : clients.transports()) {
      var wire = transport.to(server);
      SearchRun warmUp = new SearchRun(wire, collection, set, efs.getFirst());
      var unused = warmUp.run(4, warmUpSeconds, server.usage());
      for (int connections : clients.clients()) {
        for (int ef : efs) {
          SearchRun run = new SearchRun(wire, collection, set, ef);
          unused = run.run(connections, seconds / 5, server.usage());
          SearchRun.Result result = run.run(connections, seconds, server.usage());
          table.row(
              set.name(),
              wire.name(),
              connections,
              ef,
              String.format(Locale.ROOT, "%.3f", result.recall()),
              result.perSecond(),
              result.latencies().millis(0.5),
              result.latencies().millis(0.99),
              result.serverMillis(),
              result.clientMillis());
        }
      }
    }
    if (beside.isPresent()) {
      searchBeside(beside.get(), set, table);
    }
  }

  /**
   * One thread that asks all queries, twice for each beam: what a search costs without a server.
   */
  private void searchBeside(GraphSide graph, VectorSet set, Table table) throws Exception {
    for (int ef : efs) {
      var warmUp = graph.search(ef);
      GraphSide.Pass pass = graph.search(ef);
      table.row(
          set.name(),
          "the other in its process",
          1,
          ef,
          String.format(Locale.ROOT, "%.3f", pass.recall()),
          pass.perSecond(),
          "",
          "",
          1_000 / pass.perSecond(),
          "");
    }
  }
}
