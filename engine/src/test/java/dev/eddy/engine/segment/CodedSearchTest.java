package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far searches by rows' own codes go, and what they compare whole. */
final class CodedSearchTest {
  private static final int DIMENSION = 64;
  private static final int ROWS = 8_000;

  private static final CodeUse WHOLE = new CodeUse(true, true, 1);

  private static final HopLimits HOPS = new HopLimits(48, 1_000, Long.MAX_VALUE);

  @TempDir Path folder;

  private VectorWorld growing(long seed, Metric metric, FusedPolicy fused) throws IOException {
    System.out.println("seed " + seed);
    return new VectorWorld(
        seed,
        VectorWorld.settings(metric, DIMENSION, 100),
        fused,
        folder.resolve(metric + "-" + seed));
  }

  private static VectorWorld coded(VectorWorld world, CodeWidth width, int rows) {
    return world.code(new CodeSettings(width, false)).append(rows).settle();
  }

  private static SlotSearch by(int k, int ef, CodeUse use) {
    return new SlotSearch(k, ef, SlotSearch.Way.WALK, false, use);
  }

  /** Slots whose rows are refused: seven of ten, and the first, which the graph starts with. */
  private static BitSet refused(VectorWorld world) {
    BitSet refused = new BitSet();
    for (int slot : world.vectors.keySet()) {
      refused.set(slot, slot < 500 || world.random.nextInt(10) >= 3);
    }
    return refused;
  }

  @Test
  void rowsThatAreNoHitsLeadToThoseThatAre() throws IOException {
    try (VectorWorld world = growing(11, Metric.COSINE, FusedPolicy.none())) {
      coded(world, CodeWidth.FOUR, ROWS);
      BitSet refused = refused(world);
      for (int slot = 5; slot < ROWS; slot += 9) {
        world.delete(slot);
      }
      SlotAcceptor some = slot -> world.live.get(slot) && !refused.get(slot);
      SlotSearch search = SlotSearch.nearest(10, 40);
      for (SlotAcceptor accept : List.of(some, world.live::get)) {
        assertThat(world.recall(50, search, accept)).isGreaterThan(0.9);
        assertThat((double) visited(world, search, accept))
            .isLessThan(1.5 * visited(world, by(10, 40, WHOLE), accept));
      }
    }
  }

  @Test
  void matchesOnDiskAreFoundByTheirCodesWithFewReads() throws IOException {
    VectorFieldSettings settings = VectorWorld.sealing(Metric.COSINE, DIMENSION, 4_000).onDisk();
    try (VectorWorld world = new VectorWorld(16, settings, folder.resolve("disk"))) {
      world.append(6_000); // A file, and rows that grow.
      for (CodeWidth width : CodeWidth.values()) {
        world.code(new CodeSettings(width, false)).settle();
        BitSet matching = new BitSet();
        world.vectors.keySet().stream()
            .filter(slot -> world.random.nextInt(10) < 3)
            .forEach(matching::set);
        assertThat(recallOfScans(world, matching)).as("%s", width).isGreaterThan(0.95);
      }
      world.code(null).settle();
      BitSet all = new BitSet();
      world.vectors.keySet().forEach(all::set);
      TopSlots top = scanned(world, world.vector(), all);
      assertThat(top.visitedRows()).as("whole where there are no codes").isEqualTo(6_000);
    }
  }

  /** The recall@10 of scans of matching slots by their own codes. */
  private static double recallOfScans(VectorWorld world, BitSet matching) {
    int found = 0;
    for (int i = 0; i < 40; i++) {
      float[] query = world.vector();
      TopSlots top = scanned(world, query, matching);
      assertThat(top.fileRows()).as("compared whole").isLessThan(matching.cardinality() / 2L);
      assertThat(top.visitedRows()).isGreaterThanOrEqualTo(matching.cardinality());
      assertThat(top.costRows()).isLessThan(top.visitedRows());
      List<Integer> exact = world.exact(query, 10, matching::get);
      found += (int) VectorWorld.slots(top).stream().filter(exact::contains).count();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (int at = 0; at < top.size(); at++) {
        assertThat(top.score(at)).isEqualTo(snapshot.score(query, top.slot(at)));
      }
      snapshot.release();
    }
    return found / 400.0;
  }

  private static TopSlots scanned(VectorWorld world, float[] query, BitSet matching) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    SketchScan.How[] hows = new SketchScan.How[snapshot.parts()];
    Arrays.fill(hows, SketchScan.How.OWN_CODES);
    TopSlots top = new TopSlots(10);
    try (SketchScan scan = snapshot.sketchScan(query, hows, SlotSearch.nearest(10, 100), top)) {
      int[] slots = matching.stream().toArray();
      scan.add(slots, slots.length);
      scan.finish();
    }
    top.sort();
    snapshot.release();
    return top;
  }

  /** As walks do, also of rows in a file. */
  @Test
  void twoHopsGoByCodesAndCompareTheBestWhole() throws IOException {
    VectorFieldSettings settings = VectorWorld.sealing(Metric.COSINE, DIMENSION, 4_000);
    try (VectorWorld world = new VectorWorld(17, settings, folder.resolve("hops"))) {
      world.append(6_000); // A file, and rows that grow.
      BitSet refused = refused(world);
      SlotAcceptor some = slot -> world.live.get(slot) && !refused.get(slot);
      for (CodeWidth width : CodeWidth.values()) {
        world.code(new CodeSettings(width, false)).settle();
        int ef = width == CodeWidth.ONE ? 200 : 80;
        assertThat(world.recall(40, hops(ef, CodeUse.DEFAULT), some))
            .as("%s", width)
            .isGreaterThan(0.9);
        TopSlots top = found(world, hops(ef, CodeUse.DEFAULT), some);
        assertThat(top.fileRows()).isPositive().isLessThan(top.visitedRows() / 2);
        assertThat(top.costRows()).isLessThan(top.visitedRows());
        TopSlots whole = found(world, hops(ef, WHOLE), some);
        assertThat(whole.costRows()).isEqualTo(whole.visitedRows());
        assertThat(whole.fileRows()).isGreaterThan(top.fileRows());
      }
    }
  }

  private static SlotSearch hops(int ef, CodeUse use) {
    return new SlotSearch(10, ef, new SlotSearch.Way.TwoHop(HOPS), false, use);
  }

  private static TopSlots found(VectorWorld world, SlotSearch search, SlotAcceptor accept) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    TopSlots top = new TopSlots(search.k());
    assertThat(snapshot.search(world.vector(), search, accept, top)).isTrue();
    snapshot.release();
    return top;
  }

  @Test
  void twoHopsHonourWhetherAndHowManyAreComparedWhole() throws IOException {
    try (VectorWorld world = growing(18, Metric.COSINE, FusedPolicy.none())) {
      coded(world, CodeWidth.TWO, 4_000);
      SlotAcceptor some = slot -> slot % 3 == 0;
      float[] query = world.vector();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      assertThat(exactScores(snapshot, query, CodeUse.DEFAULT, some)).isEqualTo(10);
      assertThat(exactScores(snapshot, query, WHOLE, some)).isEqualTo(10);
      assertThat(exactScores(snapshot, query, new CodeUse(false, false, 1), some)).isLessThan(5);
      snapshot.release();
      TopSlots few = found(world, hops(10, CodeUse.DEFAULT), some);
      TopSlots many = found(world, hops(10, new CodeUse(false, true, 30)), some);
      assertThat(many.costRows()).isGreaterThan(few.costRows() + 200);
    }
  }

  private static int exactScores(
      VectorFieldSnapshot snapshot, float[] query, CodeUse use, SlotAcceptor accept) {
    TopSlots top = new TopSlots(10);
    assertThat(snapshot.search(query, hops(80, use), accept, top)).isTrue();
    int exact = 0;
    for (int i = 0; i < top.size(); i++) {
      exact += top.score(i) == snapshot.score(query, top.slot(i)) ? 1 : 0;
    }
    return exact;
  }

  /** Rows that a search visits, on average. */
  private static long visited(VectorWorld world, SlotSearch search, SlotAcceptor accept) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    long visited = 0;
    for (int i = 0; i < 20; i++) {
      TopSlots top = new TopSlots(search.k());
      assertThat(snapshot.search(world.vector(), search, accept, top)).isTrue();
      visited += top.visitedRows();
    }
    snapshot.release();
    return visited / 20;
  }

  @Test
  void beamsHoldAsManyRowsAsAreComparedWhole() throws IOException {
    try (VectorWorld world = growing(12, Metric.COSINE, FusedPolicy.none())) {
      world.append(4_000);
      for (CodeWidth width : CodeWidth.values()) {
        world.code(new CodeSettings(width, false)).settle();
        // By the estimates alone the hundredth place is missed often.
        assertThat(world.recall(20, by(100, 100, CodeUse.DEFAULT), world.live::get))
            .as("%s", width)
            .isGreaterThan(0.95);
      }
    }
  }

  @Test
  void oversamplingWidensOnlyBeamsThatHoldEstimates() throws IOException {
    CodeUse much = new CodeUse(false, true, 30);
    try (VectorWorld world = growing(13, Metric.COSINE, FusedPolicy.none())) {
      coded(world, CodeWidth.EIGHT, 4_000);
      long few = visited(world, by(10, 50, CodeUse.DEFAULT), world.live::get);
      assertThat(visited(world, by(10, 50, much), world.live::get)).isGreaterThan(2 * few);
      CodeUse ignored = new CodeUse(true, true, 30);
      assertThat(visited(world, by(10, 50, ignored), world.live::get)).isLessThan(2 * few);
    }
  }

  @Test
  void whoIgnoresCodesComparesWholeRowsInTheSpeedFormToo() throws IOException {
    FusedPolicy fused = new FusedPolicy(1_000, new ByteBudget(1L << 30));
    try (VectorWorld world = growing(14, Metric.EUCLID, fused)) {
      world.append(4_000).settle();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      SegmentView view = SegmentView.of(world.field.segments().getFirst());
      assertThat(view.isFused(CodeUse.DEFAULT)).isTrue();
      assertThat(view.isFused(WHOLE)).isFalse();
      snapshot.release();
      SlotSearch ignoring = by(10, 100, WHOLE);
      long whole = visited(world, ignoring, world.live::get);
      world.field.segments().getFirst().stop();
      try (VectorWorld plain = growing(14, Metric.EUCLID, FusedPolicy.none())) {
        plain.append(4_000).settle();
        assertThat((double) whole / visited(plain, SlotSearch.nearest(10, 100), plain.live::get))
            .isBetween(0.7, 1.4);
      }
      assertThat(world.recall(40, ignoring, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void estimatesAreNoSimilaritiesThatCannotBe() throws IOException {
    CodeUse estimated = new CodeUse(false, false, 1);
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.EUCLID}) {
      try (VectorWorld world = growing(15, metric, FusedPolicy.none())) {
        coded(world, CodeWidth.ONE, 2_000);
        VectorFieldSnapshot snapshot = world.field.snapshot();
        for (int slot : world.vectors.keySet()) {
          TopSlots top = new TopSlots(3);
          snapshot.search(world.vectorOf(slot), by(3, 20, estimated), world.live::get, top);
          for (int i = 0; i < top.size(); i++) {
            assertThat(top.score(i)).isLessThanOrEqualTo(metric == Metric.COSINE ? 1 : 0);
          }
        }
        snapshot.release();
      }
    }
  }

  @Test
  void onlyRowsThatAreComparedWholeCountAsReadFromFiles() throws IOException {
    for (int minRows : new int[] {1_000, Integer.MAX_VALUE}) {
      FusedPolicy fused = new FusedPolicy(minRows, new ByteBudget(1L << 30));
      try (VectorWorld world =
          new VectorWorld(
              16,
              VectorWorld.sealing(Metric.DOT, DIMENSION, 3_000),
              fused,
              folder.resolve("files-" + minRows))) {
        coded(world, CodeWidth.EIGHT, 3_000);
        VectorFieldSnapshot snapshot = world.field.snapshot();
        TopSlots top = new TopSlots(10);
        snapshot.search(world.vector(), by(10, 50, CodeUse.DEFAULT), world.live::get, top);
        assertThat(top.fileRows()).isPositive().isLessThan(top.visitedRows() / 2);
        if (minRows == Integer.MAX_VALUE) {
          assertThat(top.costRows()).isBetween(top.fileRows(), top.visitedRows() * 2 / 3);
        }
        top.reset(10);
        snapshot.search(world.vector(), by(10, 50, WHOLE), world.live::get, top);
        assertThat(top.fileRows()).isEqualTo(top.visitedRows());
        assertThat(top.costRows()).isEqualTo(top.visitedRows());
        snapshot.release();
      }
    }
  }
}
