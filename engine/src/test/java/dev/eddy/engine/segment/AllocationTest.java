package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.segment.SlotSearch.Way;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A warm search allocates a constant few objects, nothing per row it visits. */
final class AllocationTest {
  /**
   * One captured lambda and its like; a boxed vector per visited row would be tens of kilobytes.
   */
  private static final long BYTES_PER_SEARCH_MAX = 512;

  @TempDir Path folder;

  @Test
  void aWarmGraphSearchAllocatesNothingPerVisitedRow() throws IOException {
    check(VectorWorld.settings(Metric.COSINE, 32, 100), SlotSearch.nearest(10, 100));
  }

  @Test
  void aWarmSearchByFusedCodesAllocatesNothingPerVisitedRow() throws IOException {
    check(
        VectorWorld.settings(Metric.COSINE, 32, 100),
        new FusedPolicy(1_000, new ByteBudget(1 << 30)),
        SlotSearch.nearest(10, 100));
  }

  @Test
  void aWarmSearchByCodesAllocatesNothingPerVisitedRow() throws IOException {
    check(
        VectorWorld.settings(Metric.COSINE, 64, 100),
        FusedPolicy.none(),
        new CodeSettings(CodeWidth.FOUR, false),
        SlotSearch.nearest(10, 100));
  }

  @Test
  void aWarmSearchByMappedCodesAllocatesNothingPerVisitedRow() throws IOException {
    check(
        VectorWorld.sealing(Metric.EUCLID, 64, 3_000),
        FusedPolicy.none(),
        new CodeSettings(CodeWidth.ONE, false),
        SlotSearch.nearest(10, 100));
  }

  @Test
  void aWarmScanAllocatesNothingPerRow() throws IOException {
    check(VectorWorld.settings(Metric.EUCLID, 32, 100), SlotSearch.exact(10));
  }

  @Test
  void aWarmSearchOfAMappedSegmentAllocatesNothingPerVisitedRow() throws IOException {
    check(VectorWorld.sealing(Metric.MANHATTAN, 32, 3_000), SlotSearch.nearest(10, 100));
  }

  /** On the heap and in files. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT16,COSINE", "FLOAT16,EUCLID", "FLOAT16,MANHATTAN",
    "UINT8,DOT", "UINT8,EUCLID", "UINT8,MANHATTAN"
  })
  void aWarmSearchOfNarrowRowsAllocatesNothingPerVisitedRow(ElementType type, Metric metric)
      throws IOException {
    check(VectorWorld.settings(metric, 40, 100).with(type), SlotSearch.nearest(10, 100));
    check(VectorWorld.sealing(metric, 40, 3_000).with(type), SlotSearch.nearest(10, 100));
  }

  @Test
  void aWarmSearchOverTwoHopsAllocatesNothingPerVisitedRow() throws IOException {
    SlotSearch params = new SlotSearch(10, 100, new Way.TwoHop(new HopLimits(48, 100, 1 << 20)));
    check(VectorWorld.settings(Metric.COSINE, 32, 100), params);
  }

  @Test
  void aWarmSearchOverTwoHopsByFusedCodesAllocatesNothingPerVisitedRow() throws IOException {
    SlotSearch params = new SlotSearch(10, 100, new Way.TwoHop(new HopLimits(48, 100, 1 << 20)));
    check(
        VectorWorld.settings(Metric.COSINE, 32, 100),
        new FusedPolicy(1_000, new ByteBudget(1 << 30)),
        params);
  }

  @Test
  void aWarmScanBySketchesAllocatesNothingPerRow() throws IOException {
    FusedPolicy fused = new FusedPolicy(1_000, new ByteBudget(1 << 30));
    VectorFieldSettings settings = VectorWorld.settings(Metric.COSINE, 32, 100);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (VectorWorld world = new VectorWorld(1, settings, fused, folder)) {
      world.append(3_000).settle();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      float[] query = world.vector();
      int[] slots = world.live.stream().toArray();
      SketchScan.How[] hows = {SketchScan.How.SKETCHES};
      TopSlots top = new TopSlots(10);
      SlotSearch asked = SlotSearch.nearest(10, 100);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 200 && least > 2 * BYTES_PER_SEARCH_MAX; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          top.reset(10);
          try (SketchScan scan = snapshot.sketchScan(query, hows, asked, top)) {
            scan.add(slots, slots.length);
            scan.finish();
          }
        }
        least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 100);
      }
      assertThat(top.visitedRows()).isBetween(100L, 2_000L);
      assertThat(least).isLessThanOrEqualTo(2 * BYTES_PER_SEARCH_MAX); // A batch of ordinals.
      snapshot.release();
    }
  }

  private void check(VectorFieldSettings settings, SlotSearch params) throws IOException {
    check(settings, FusedPolicy.none(), params);
  }

  private void check(VectorFieldSettings settings, FusedPolicy fused, SlotSearch params)
      throws IOException {
    check(settings, fused, null, params);
  }

  private void check(
      VectorFieldSettings settings,
      FusedPolicy fused,
      @Nullable CodeSettings codes,
      SlotSearch params)
      throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (VectorWorld world = new VectorWorld(1, settings, fused, folder)) {
      world.code(codes).append(3_000).settle();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      float[] query = world.vector();
      TopSlots top = new TopSlots(params.k());
      SlotAcceptor accept =
          params.way() instanceof Way.TwoHop ? slot -> slot % 10 == 0 : world.live::get;
      // Now and then HotSpot leaves some vectors boxed that are made once a search of two hops,
      // which
      // asks for some thousand rows.
      long most =
          params.way() instanceof Way.TwoHop ? 4 * BYTES_PER_SEARCH_MAX : BYTES_PER_SEARCH_MAX;
      long least = Long.MAX_VALUE;
      // Compiled code is free of boxing; how long the compiler takes is its business.
      for (int round = 0; round < 200 && least > most; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          top.reset(params.k());
          snapshot.search(query, params, accept, top);
        }
        least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 100);
      }
      assertThat(top.visitedRows()).isGreaterThan(100);
      assertThat(least).isLessThanOrEqualTo(most);
      snapshot.release();
    }
  }
}
