package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.CodeSettings;
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
      "The engine alone beside hnswlib: same rows, m and ef_construct, one searching thread each.",
      "The two take turns at every beam of every round, and queries per CPU second are compared at equal",
      "recall; the median of the rounds' ratios counts. hnswlib's rows are padded to a multiple of 16",
      "floats."
    })
final class EngineCommand implements Callable<Integer> {
  private static final double[] RECALLS = {0.85, 0.90, 0.95, 0.97, 0.98, 0.99};

  @Mixin private final SetOptions sets = new SetOptions();

  @Option(names = "--m", defaultValue = "16", description = "Links per node.")
  private int m = 16;

  @Option(names = "--ef-construct", defaultValue = "100", description = "While linking.")
  private int efConstruct = 100;

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

  @Option(names = "--threads", description = "Threads that link (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--codes",
      paramLabel = "ONE|TWO|FOUR|EIGHT",
      description = "Search by codes of so many bits a number (default: by whole rows).")
  private @Nullable CodeWidth codes;

  @Option(
      names = "--always-ram",
      description = "Codes of a sealed segment are on the heap instead of mapped.")
  private boolean isAlwaysRam;

  @Option(names = "--sealed", description = "Seal the segment: rows and links are mapped then.")
  private boolean isSealed;

  @Option(
      names = "--fused-megabytes",
      defaultValue = "8192",
      description = "Budget of the graph's speed form (default: ${DEFAULT-VALUE}).")
  private int fusedMegabytes = 8_192;

  @Option(
      names = "--hnswlib",
      paramLabel = "FILE",
      defaultValue = "bench/hnswlib/run",
      description = "Script of the hnswlib side (default: ${DEFAULT-VALUE}).")
  private Path script = Path.of("bench/hnswlib/run");

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    GraphParams params = new GraphParams(m, efConstruct);
    try (TemporaryFolder folder = new TemporaryFolder();
        GraphSide eddy = new EngineSide(set, params, threads, form(), folder.path());
        GraphSide hnswlib = new HnswlibSide(script, set, params, threads, folder.path())) {
      System.out.printf(
          "build with %d threads: Eddy %.1f s, hnswlib %.1f s%n%n",
          threads, eddy.build(), hnswlib.build());
      compare(set, eddy, hnswlib);
    }
    return 0;
  }

  private EngineField.Form form() {
    CodeWidth width = codes;
    CodeSettings settings = width == null ? null : new CodeSettings(width, isAlwaysRam);
    return new EngineField.Form(settings, isSealed, (long) fusedMegabytes << 20);
  }

  private void compare(VectorSet set, GraphSide eddy, GraphSide hnswlib) throws Exception {
    List<RecallCurve> eddyCurves = new ArrayList<>();
    List<RecallCurve> hnswlibCurves = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      RecallCurve ours = new RecallCurve();
      RecallCurve theirs = new RecallCurve();
      for (int ef : efs) {
        if (round % 2 == 0) {
          add(ours, eddy.search(ef));
          add(theirs, hnswlib.search(ef));
        } else {
          add(theirs, hnswlib.search(ef));
          add(ours, eddy.search(ef));
        }
      }
      if (round >= 0) {
        eddyCurves.add(ours);
        hnswlibCurves.add(theirs);
      }
    }
    Table table =
        new Table(
            "set", "rows", "recall@10", "Eddy queries/CPU s", "hnswlib queries/CPU s", "ratio");
    for (double recall : RECALLS) {
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        ratios.add(
            eddyCurves.get(round).perSecondAt(recall)
                / hnswlibCurves.get(round).perSecondAt(recall));
      }
      table.row(
          set.name(),
          set.rows(),
          recall,
          median(eddyCurves.stream().map(curve -> curve.perSecondAt(recall)).toList()),
          median(hnswlibCurves.stream().map(curve -> curve.perSecondAt(recall)).toList()),
          median(ratios));
    }
  }

  private static void add(RecallCurve curve, GraphSide.Pass pass) {
    curve.add(pass.recall(), pass.perSecond());
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }
}
