package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.FilteredSearch;
import dev.eddy.engine.segment.SketchScan.How;
import dev.eddy.engine.segment.SlotSearch.Way;
import dev.eddy.model.usage.FilterPlans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches of what is indexed pass over rows that wait for a graph, whatever their plan. */
final class IndexedOnlyTest {
  private static final int LINKED = 4_000;
  private static final int WAITING = 400;
  private static final int K = 10;
  private static final int EF = 64;
  private static final long SEED = 50;

  private static final List<Way> WAYS =
      List.of(
          Way.WALK,
          new Way.TwoHop(new HopLimits(48, 1 << 14, Long.MAX_VALUE)),
          new Way.Codes(Long.MAX_VALUE),
          new Way.Exact());

  @TempDir Path folder;

  /** The rows that wait are the nearest of all to every query. */
  private VectorWorld world(FilteredSearchTest.Form form) throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", 16, Metric.DOT, new GraphParams(16, 64), 500, 1 << 20, 100, 0);
    FusedPolicy fused =
        form == FilteredSearchTest.Form.FUSED
            ? new FusedPolicy(500, new ByteBudget(1L << 30))
            : FusedPolicy.none();
    VectorWorld world = new VectorWorld(SEED, settings, fused, folder.resolve(form.name()));
    world.append(LINKED).settle();
    Segment last = world.field.segments().getLast();
    last.stop();
    assertThat(last.graph() != null && last instanceof HeapSegment).isTrue();
    for (int i = 0; i < WAITING; i++) {
      float[] row = world.vector();
      for (int d = 0; d < row.length; d++) {
        row[d] *= 10;
      }
      world.append(world.vectors.lastKey() + 1, row);
    }
    return world;
  }

  private static Set<Integer> waiting(VectorWorld world) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    Set<Integer> waiting = new TreeSet<>(world.vectors.keySet());
    waiting.removeIf(snapshot::isIndexed);
    snapshot.release();
    return waiting;
  }

  @ParameterizedTest
  @EnumSource(
      value = FilteredSearchTest.Form.class,
      names = {"PLAIN", "FUSED"})
  void everyWayDoes(FilteredSearchTest.Form form) throws IOException {
    try (VectorWorld world = world(form)) {
      Set<Integer> waiting = waiting(world);
      assertThat(waiting).hasSize(WAITING);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (Way way : WAYS) {
        float[] query = world.vector();
        TopSlots all = new TopSlots(K);
        snapshot.search(query, new SlotSearch(K, EF, way), slot -> true, all);
        assertThat(waiting).as("all, %s", way).containsAll(VectorWorld.slots(all));
        TopSlots indexed = new TopSlots(K);
        SlotSearch search = new SlotSearch(K, EF, way, true);
        boolean isDone = snapshot.search(query, search, slot -> true, indexed);
        assertThat(isDone || way instanceof Way.Codes).isTrue(); // These may not be sure.
        assertThat(VectorWorld.slots(indexed))
            .as("%s", way)
            .hasSize(K)
            .noneMatch(waiting::contains);
      }
      BitSet matching = new BitSet();
      world.vectors.keySet().forEach(matching::set);
      for (How how : new How[] {How.EXACT, How.SKETCHES}) {
        assertThat(scanned(snapshot, world.vector(), matching, how, false))
            .isSubsetOf(waiting)
            .hasSize(K);
        assertThat(scanned(snapshot, world.vector(), matching, how, true))
            .noneMatch(waiting::contains)
            .hasSize(K);
      }
      snapshot.release();
    }
  }

  private static List<Integer> scanned(
      VectorFieldSnapshot snapshot,
      float[] query,
      BitSet matching,
      How how,
      boolean isIndexedOnly) {
    How[] hows = new How[snapshot.parts()];
    Arrays.fill(hows, how);
    TopSlots top = new TopSlots(K);
    SlotSearch asked = new SlotSearch(K, EF, Way.WALK, isIndexedOnly);
    try (SketchScan scan = snapshot.sketchScan(query, hows, asked, top)) {
      int[] slots = matching.stream().toArray();
      scan.add(slots, slots.length);
      scan.finish();
    }
    return VectorWorld.slots(top);
  }

  @ParameterizedTest
  @EnumSource(
      value = FilteredSearchTest.Form.class,
      names = {"PLAIN", "FUSED"})
  void everyPlanDoes(FilteredSearchTest.Form form) throws IOException {
    Set<FilterPlans.Plan> tried = EnumSet.noneOf(FilterPlans.Plan.class);
    try (VectorWorld world = world(form)) {
      Set<Integer> waiting = waiting(world);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (double share : new double[] {0.01, 0.1, 0.3, 0.6, 0.9}) {
        BitSet matching = new BitSet();
        world.vectors.keySet().stream()
            .filter(slot -> world.random.nextDouble() < share)
            .forEach(matching::set);
        for (int i = 0; i < 10; i++) {
          float[] query = world.vector();
          TopSlots top = new TopSlots(K);
          FilteredSearch search =
              new FilteredSearch(
                  snapshot,
                  new FilteredSearchTest.Bits(matching),
                  query,
                  new SlotSearch(K, EF, Way.WALK, true));
          FilterPlans plans = new FilterPlans();
          if (plans.during(() -> search.tryPlans(top))) {
            assertThat(VectorWorld.slots(top))
                .as("%s %s %s", form, share, plans.attempts())
                .hasSize(K)
                .noneMatch(waiting::contains);
          }
          plans.attempts().forEach(attempt -> tried.add(attempt.plan()));
        }
      }
      snapshot.release();
    }
    assertThat(tried).contains(FilterPlans.Plan.SCAN_MATCHES);
  }
}
