package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.MappedFiles;
import dev.eddy.bench.measure.ProcessUsage;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.graph.GraphParams;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code memory}. */
@Command(
    name = "memory",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "What a linked field of vectors holds in memory, in bytes a vector: on the heap after a garbage",
      "collection, outside of it, and pages of its files that a fixed set of queries has touched, less",
      "what the process held when it had linked and dropped some rows before."
    })
final class MemoryCommand implements Callable<Integer> {
  private static final int WARM_ROWS = 2_000;

  @Mixin private final SetOptions sets = new SetOptions();

  @Option(names = "--m", defaultValue = "16", description = "Links per node.")
  private int m = 16;

  @Option(
      names = "--ef",
      split = ",",
      defaultValue = "128",
      description = "Beams; all queries are asked with each (default: ${DEFAULT-VALUE}).")
  private List<Integer> efs = List.of();

  @Mixin private final FormOptions forms = new FormOptions();

  /** Memory at one moment, bytes. */
  private record Memory(long heap, long outside, long files) {
    static Memory now(MappedFiles mapped) throws IOException {
      System.gc();
      System.gc();
      MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
      long anonymous = ProcessUsage.ofThisProcess().anonymousBytes();
      return new Memory(heap.getUsed(), anonymous - heap.getCommitted(), mapped.residentBytes());
    }
  }

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    Table table =
        new Table(
            "set", "rows", "beam", "recall@10", "heap", "outside of it", "file pages", "together");
    try (TemporaryFolder warm = new TemporaryFolder();
        TemporaryFolder folder = new TemporaryFolder()) {
      try (EngineSide side = side(set.first(WARM_ROWS), warm)) {
        side.build();
        side.search(efs.getFirst());
      }
      MappedFiles mapped = new MappedFiles(folder.path().toString());
      Memory idle = Memory.now(mapped);
      try (EngineSide side = side(set, folder)) {
        side.build();
        mapped.pageOut();
        for (int ef : efs) {
          double recall = side.search(ef).recall();
          row(table, set, ef, recall, idle, Memory.now(mapped));
        }
      }
    }
    return 0;
  }

  private EngineSide side(VectorSet set, TemporaryFolder folder) {
    int threads = Runtime.getRuntime().availableProcessors();
    return new EngineSide(set, new GraphParams(m, 100), threads, forms.form(), folder.path());
  }

  private static void row(
      Table table, VectorSet set, int ef, double recall, Memory idle, Memory now) {
    double heap = (now.heap() - idle.heap()) / (double) set.rows();
    double outside = (now.outside() - idle.outside()) / (double) set.rows();
    double files = (now.files() - idle.files()) / (double) set.rows();
    table.row(set.name(), set.rows(), ef, recall, heap, outside, files, heap + outside + files);
  }
}
