package dev.eddy.bench.command;

import dev.eddy.bench.data.TenantSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.bench.measure.MappedFiles;
import dev.eddy.bench.measure.Table;
import dev.eddy.bench.server.TemporaryFolder;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.ShardLease;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenants}. */
@Command(
    name = "tenants",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Searches within one of many tenants, whose rows lie as they came or together (is_tenant), of one",
      "shard each, side by side: queries per CPU second of the searching thread, the best of the rounds;",
      "and what a search takes whose rows have been put out of memory before."
    })
final class TenantsCommand implements Callable<Integer> {
  private static final List<TenantsSide.Form> FORMS =
      List.of(
          new TenantsSide.Form("in memory, as they came", false, false),
          new TenantsSide.Form("in files, as they came", true, false),
          new TenantsSide.Form("in files, together", true, true));

  @Mixin private final SetOptions sets = new SetOptions();

  @Option(
      names = "--tenants",
      defaultValue = "1000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int tenants = 1_000;

  @Option(
      names = "--queries",
      defaultValue = "2000",
      description = "Of each size of tenants and round (default: ${DEFAULT-VALUE}).")
  private int queries = 2_000;

  @Option(
      names = "--cold-queries",
      defaultValue = "40",
      description =
          "With rows put out of memory before each; 0 = none (default: ${DEFAULT-VALUE}).")
  private int coldQueries = 40;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds measured, after one to warm up (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--fused-megabytes",
      defaultValue = "2048",
      description = "For the fast form of graphs; 0 = none (default: ${DEFAULT-VALUE}).")
  private int fusedMegabytes = 2_048;

  /** Tenants of like size. */
  private record Size(int least, int most, List<Integer> tenants) {}

  /** What the searches of one size took on one side. */
  private record Pass(double recall, double perSecond) {}

  @Override
  public Integer call() throws Exception {
    VectorSet set = sets.open();
    TenantSet filters = new TenantSet(set, tenants);
    List<Size> sizes = new ArrayList<>();
    for (int[] range : new int[][] {{10, 99}, {100, 999}, {1_000, Integer.MAX_VALUE}}) {
      List<Integer> found = filters.ofSize(range[0], range[1]);
      if (!found.isEmpty()) {
        sizes.add(new Size(filters.size(found.getLast()), filters.size(found.getFirst()), found));
      }
    }
    List<TenantsSide> sides = new ArrayList<>();
    try (TemporaryFolder folder = new TemporaryFolder();
        EngineResources resources =
            new EngineResources(
                Runtime.getRuntime().availableProcessors(),
                256L << 20,
                128L << 20,
                (long) fusedMegabytes << 20,
                MemoryBudget.unlimited())) {
      try {
        for (TenantsSide.Form form : FORMS) {
          sides.add(
              new TenantsSide(
                  form,
                  set,
                  filters.tenants(),
                  resources,
                  folder.path().resolve("side-" + sides.size())));
        }
        compare(filters, sizes, sides);
        if (coldQueries > 0) {
          compareCold(filters, sizes, sides.subList(1, sides.size()));
        }
      } finally {
        sides.forEach(TenantsSide::close);
      }
    }
    return 0;
  }

  private void compare(TenantSet filters, List<Size> sizes, List<TenantsSide> sides) {
    Table table =
        new Table("rows of the tenant", "rows lie", "recall@10", "queries/CPU s", "ratio");
    for (Size size : sizes) {
      Pass[] best = new Pass[sides.size()];
      for (int round = -1; round < rounds; round++) {
        for (int side = 0; side < best.length; side++) {
          Pass pass = pass(filters, size, sides.get(side));
          boolean isBest = best[side] == null || pass.perSecond() > best[side].perSecond();
          best[side] = round < 0 || isBest ? pass : best[side];
        }
      }
      for (int side = 0; side < best.length; side++) {
        table.row(
            "%d to %d".formatted(size.least(), size.most()),
            sides.get(side).name(),
            "%.3f".formatted(best[side].recall()),
            best[side].perSecond(),
            best[side].perSecond() / best[0].perSecond());
      }
    }
  }

  private Pass pass(TenantSet filters, Size size, TenantsSide side) {
    long[][] found = new long[queries][];
    float[][] asked = new float[queries][];
    Arrays.setAll(asked, filters::query);
    double seconds;
    try (ShardLease lease = side.lease()) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < queries; i++) {
        found[i] = TenantsSide.search(lease, asked[i], tenant(size, i));
      }
      seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
    }
    long hits = 0;
    long wanted = 0;
    for (int i = 0; i < queries; i += 10) {
      hits += filters.hits(asked[i], tenant(size, i), found[i]);
      wanted += filters.wanted(tenant(size, i));
    }
    return new Pass((double) hits / wanted, queries / seconds);
  }

  private static int tenant(Size size, int query) {
    return size.tenants().get(query % size.tenants().size());
  }

  private void compareCold(TenantSet filters, List<Size> sizes, List<TenantsSide> sides)
      throws IOException {
    MappedFiles files = new MappedFiles(".segment");
    Table table = new Table("rows of the tenant", "rows lie", "ms per search", "pages waited for");
    for (Size size : sizes) {
      for (TenantsSide side : sides) {
        long nanos = 0;
        long pages = 0;
        try (ShardLease lease = side.lease()) {
          for (int i = 0; i < coldQueries; i++) {
            files.pageOut();
            float[] query = filters.query(i);
            long pagesBefore = MappedFiles.pagesRead();
            long start = System.nanoTime();
            var _ = TenantsSide.search(lease, query, tenant(size, i));
            nanos += System.nanoTime() - start;
            pages += MappedFiles.pagesRead() - pagesBefore;
          }
        }
        table.row(
            "%d to %d".formatted(size.least(), size.most()),
            side.name(),
            nanos / 1e6 / coldQueries,
            (double) pages / coldQueries);
      }
    }
  }
}
