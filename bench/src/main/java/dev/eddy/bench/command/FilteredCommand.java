package dev.eddy.bench.command;

import dev.eddy.bench.data.FilteredSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code filtered}. */
@Command(
    name = "filtered",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Filtered searches of the engine alone beside Qdrant's engine (qdrant-edge-py), which has an"
          + " index",
      "on the filtered fields before it builds its graph; one searching thread each. Random rows"
          + " match,",
      "or a region near the queries, or one far from them. The two take turns, and the fastest beam"
          + " of",
      "each that reaches the recall counts, by the median of its rounds."
    })
final class FilteredCommand implements Callable<Integer> {
  @Mixin private final SetOptions sets = new SetOptions();

  @Mixin private final GraphOptions graph = new GraphOptions();

  @Option(
      names = "--ef",
      split = ",",
      defaultValue = "32,48,64,96,128,192,256,384,512",
      description = "Beams (default: ${DEFAULT-VALUE}).")
  private List<Integer> efs = List.of();

  @Option(
      names = "--thousandths",
      split = ",",
      defaultValue = "1,10,100,500",
      description = "How many rows of a thousand match (default: ${DEFAULT-VALUE}).")
  private List<Integer> thousandths = List.of();

  @Option(
      names = "--recall",
      defaultValue = "0.95",
      description = "Recall@10 to reach (default: ${DEFAULT-VALUE}).")
  private double recall = 0.95;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds measured, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Mixin private final FormOptions forms = new FormOptions();

  @Mixin private final EdgeOptions edges = new EdgeOptions();

  @Option(names = "--acorn", description = "Qdrant's searches use ACORN.")
  private boolean isAcorn;

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    FilteredSet filters = new FilteredSet(set);
    List<FilteredSet.Case> cases = filters.cases(thousandths);
    try (TemporaryFolder folder = new TemporaryFolder();
        FilteredEngineSide eddy =
            new FilteredEngineSide(
                set, filters, graph.params(), graph.threads(), forms.form(), folder.path())) {
      System.out.printf("build with %d threads: Eddy %.1f s%n", graph.threads(), eddy.build());
      if (edges.isNone()) {
        compare(cases, eddy, Optional.empty());
        return 0;
      }
      filters.write(folder.path(), cases);
      try (SideProcess edge = edge(folder.path(), set.dimension())) {
        System.out.printf("Qdrant %s s%n%n", edge.order("build")[0]);
        compare(cases, eddy, Optional.of(edge));
      }
    }
    return 0;
  }

  private SideProcess edge(Path folder, int dimension) throws IOException {
    GraphParams params = graph.params();
    return edges.start(folder, dimension, params.m(), params.efConstruct(), graph.threads());
  }

  /** Recall and rate of one side at one beam. */
  private record Point(int ef, GraphSide.Pass pass) {}

  private void compare(
      List<FilteredSet.Case> cases, FilteredEngineSide eddy, Optional<SideProcess> edge)
      throws Exception {
    Table table =
        new Table(
            "filter",
            "matching",
            "Eddy ef",
            "recall@10",
            "Eddy queries/CPU s",
            "plans",
            "Qdrant ef",
            "recall@10",
            "Qdrant queries/CPU s",
            "ratio");
    for (FilteredSet.Case filtered : cases) {
      List<Point> ours = new ArrayList<>();
      List<Point> theirs = new ArrayList<>();
      for (int ef : efs) {
        measure(filtered, ef, eddy, edge, ours, theirs);
      }
      Point our = chosen(ours);
      Optional<Point> their = edge.map(side -> chosen(theirs));
      table.row(
          filtered.relation(),
          filtered.thousandths() / 10.0 + " %",
          our.ef(),
          Table.recall(our.pass().recall()),
          our.pass().perSecond(),
          eddy.plans(filtered, our.ef()),
          their.map(Point::ef).map(String::valueOf).orElse(Table.NOTHING),
          Table.recall(their.map(point -> point.pass().recall()).orElse(Double.NaN)),
          their.map(point -> point.pass().perSecond()).orElse(Double.NaN),
          their.map(point -> our.pass().perSecond() / point.pass().perSecond()).orElse(Double.NaN));
    }
  }

  private void measure(
      FilteredSet.Case filtered,
      int ef,
      FilteredEngineSide eddy,
      Optional<SideProcess> edge,
      List<Point> ours,
      List<Point> theirs)
      throws Exception {
    List<GraphSide.Pass> our = new ArrayList<>();
    List<GraphSide.Pass> their = new ArrayList<>();
    for (int round = -1; round < rounds; round++) {
      GraphSide.Pass pass = eddy.search(filtered, ef);
      if (round >= 0) {
        our.add(pass);
      }
      if (edge.isPresent()) {
        pass =
            edge.get()
                .pass(
                    "search %s %s %d %b"
                        .formatted(filtered.field().label(), filtered.label(), ef, isAcorn));
        if (round >= 0) {
          their.add(pass);
        }
      }
    }
    ours.add(new Point(ef, median(our)));
    if (edge.isPresent()) {
      theirs.add(new Point(ef, median(their)));
    }
  }

  private static GraphSide.Pass median(List<GraphSide.Pass> passes) {
    return passes.stream()
        .sorted(Comparator.comparingDouble(GraphSide.Pass::perSecond))
        .skip(passes.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /** The fastest that reaches the recall, else the one with the best recall. */
  private Point chosen(List<Point> points) {
    return points.stream()
        .filter(point -> point.pass().recall() >= recall)
        .max(Comparator.comparingDouble(point -> point.pass().perSecond()))
        .or(() -> points.stream().max(Comparator.comparingDouble(point -> point.pass().recall())))
        .orElseThrow();
  }
}
