package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.RecallPlot;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code engine}. */
@Command(
    name = "engine",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "The engine alone beside other libraries: same rows, m and ef_construct, one searching thread each.",
      "All take turns at every beam of every round, and queries per CPU second are compared at equal",
      "recall; the median of the rounds' ratios counts. hnswlib's rows are padded to a multiple of 16",
      "floats."
    })
final class EngineCommand implements Callable<Integer> {
  private static final double[] RECALLS = {0.85, 0.90, 0.95, 0.97, 0.98, 0.99};

  /** One of those that take turns, with a curve of each round. */
  private record Contestant(String name, GraphSide side, List<RecallCurve> curves) {
    Contestant(String name, GraphSide side) {
      this(name, side, new ArrayList<>());
    }
  }

  @Mixin private final SetOptions sets = new SetOptions();

  @Mixin private final GraphOptions graph = new GraphOptions();

  @Option(
      names = "--ef",
      split = ",",
      defaultValue = "24,40,64,96,128,192,256,384,512,768",
      description = "Beams (default: ${DEFAULT-VALUE}).")
  private List<Integer> efs = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds measured, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Mixin private final FormOptions forms = new FormOptions();

  @Option(
      names = "--warm-up-rows",
      defaultValue = "40000",
      description = {
        "Rows that Eddy links, searches and drops before, so that its code is compiled, as that of a",
        "server that runs for some minutes (default: ${DEFAULT-VALUE})."
      })
  private int warmUpRows = 40_000;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "HNSWLIB",
      description = "Peers: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private List<Peer> peers = List.of();

  @Option(
      names = "--plot",
      paramLabel = "FILE.svg",
      description = "Draw queries per CPU second over recall into this file.")
  private @Nullable Path plot;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    GraphParams params = graph.params();
    List<Contestant> contestants = new ArrayList<>();
    try (TemporaryFolder folder = new TemporaryFolder()) {
      try {
        warmUp(set, params, folder.path());
        contestants.add(
            new Contestant(
                "Eddy", new EngineSide(set, params, graph.threads(), forms.form(), folder.path())));
        for (Peer peer : peers) {
          Path own = Files.createDirectory(folder.path().resolve(peer.name()));
          contestants.add(
              new Contestant(peer.name(), new PeerSide(peer, set, params, graph.threads(), own)));
        }
        build(contestants);
        measure(contestants);
        print(set, contestants.getFirst(), contestants.subList(1, contestants.size()));
        draw(set, contestants);
      } finally {
        for (Contestant contestant : contestants) {
          contestant.side().close();
        }
      }
    }
    return 0;
  }

  private void warmUp(VectorSet set, GraphParams params, Path folder)
      throws IOException, InterruptedException {
    if (warmUpRows == 0) {
      return;
    }
    Path own = Files.createDirectory(folder.resolve("warm-up"));
    try (EngineSide side =
        new EngineSide(set.first(warmUpRows), params, graph.threads(), forms.form(), own)) {
      side.build();
      for (int ef : efs) {
        side.search(ef);
      }
    }
  }

  private void build(List<Contestant> contestants) throws Exception {
    Table table = new Table("built with %d threads".formatted(graph.threads()), "seconds", "ratio");
    double first = 0;
    for (Contestant contestant : contestants) {
      double seconds = contestant.side().build();
      first = first == 0 ? seconds : first;
      table.row(contestant.name(), seconds, first / seconds);
    }
    System.out.println();
  }

  private void measure(List<Contestant> contestants) throws Exception {
    List<Contestant> turns = contestants;
    for (int round = -1; round < rounds; round++) {
      for (Contestant contestant : turns) {
        contestant.curves().add(new RecallCurve());
      }
      for (int ef : efs) {
        for (Contestant contestant : turns) {
          GraphSide.Pass pass = contestant.side().search(ef);
          contestant.curves().getLast().add(pass.recall(), pass.perSecond());
        }
      }
      if (round < 0) {
        contestants.forEach(contestant -> contestant.curves().clear());
      }
      turns = turns.reversed();
    }
  }

  private void draw(VectorSet set, List<Contestant> contestants) throws IOException {
    if (plot != null) {
      RecallPlot drawing = new RecallPlot("%s, %,d rows".formatted(set.name(), set.rows()));
      for (Contestant contestant : contestants) {
        drawing.add(contestant.name(), RecallCurve.medians(contestant.curves()));
      }
      drawing.write(plot);
    }
  }

  private void print(VectorSet set, Contestant eddy, List<Contestant> others) {
    Table table =
        new Table(
            "set",
            "rows",
            "beside",
            "recall@10",
            "Eddy queries/CPU s",
            "its queries/CPU s",
            "ratio",
            "lowest to highest");
    List<RecallCurve> ours = eddy.curves();
    for (Contestant other : others) {
      List<RecallCurve> theirs = other.curves();
      for (double recall : RECALLS) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          ratios.add(ours.get(round).perSecondAt(recall) / theirs.get(round).perSecondAt(recall));
        }
        ratios.sort(null);
        table.row(
            set.name(),
            set.rows(),
            other.name(),
            recall,
            RecallCurve.median(ours, recall),
            RecallCurve.median(theirs, recall),
            ratios.get(rounds / 2),
            Table.text(ratios.getFirst()) + " to " + Table.text(ratios.getLast()));
      }
    }
  }
}
