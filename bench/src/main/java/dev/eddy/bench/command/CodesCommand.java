package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.CodeUse;
import dev.eddy.engine.segment.SlotSearch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code codes}. */
@Command(
    name = "codes",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches of one graph by rows' own codes beside searches of the same graph by whole rows: recall@10",
      "and CPU time at equal beams, for each width; one thread searches."
    })
final class CodesCommand implements Callable<Integer> {
  @Mixin private final SetOptions sets = new SetOptions();

  @Option(names = "--ef", defaultValue = "100", description = "Beam (default: ${DEFAULT-VALUE}).")
  private int ef = 100;

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "Rounds of which the fastest counts (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    EngineField.Form plain = new EngineField.Form(null, false, 0);
    int threads = Runtime.getRuntime().availableProcessors();
    try (TemporaryFolder folder = new TemporaryFolder();
        EngineSide engine =
            new EngineSide(set, new GraphParams(16, 100), threads, plain, folder.path())) {
      engine.build();
      compare(set, engine);
    }
    return 0;
  }

  private void compare(VectorSet set, EngineSide engine) throws InterruptedException {
    SlotSearch byRows = SlotSearch.nearest(VectorSet.K, ef);
    SlotSearch byEstimates =
        new SlotSearch(VectorSet.K, ef, SlotSearch.Way.WALK, false, new CodeUse(false, false, 1));
    Table table =
        new Table("set", "rows", "bits", "beam", "recall@10", "not rescored", "time / whole");
    GraphSide.Pass whole = fastest(engine, byRows);
    table.row(set.name(), set.rows(), "whole", ef, whole.recall(), "", 1.0);
    for (CodeWidth width : CodeWidth.values()) {
      engine.code(new CodeSettings(width, false));
      GraphSide.Pass coded = fastest(engine, byRows);
      double estimated = engine.search(byEstimates).recall();
      double time = whole.perSecond() / coded.perSecond();
      table.row(set.name(), set.rows(), width.bits(), ef, coded.recall(), estimated, time);
    }
  }

  private GraphSide.Pass fastest(EngineSide engine, SlotSearch search) {
    GraphSide.Pass fastest = engine.search(search);
    for (int round = 1; round < rounds; round++) {
      GraphSide.Pass pass = engine.search(search);
      fastest = pass.perSecond() > fastest.perSecond() ? pass : fastest;
    }
    return fastest;
  }
}
