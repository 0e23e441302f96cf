package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.CodeWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field whose rows have codes of their own, against the exact answers. */
final class SegmentCodesTest {
  private static final SlotSearch SEARCH = SlotSearch.nearest(10, 100);
  private static final int DIMENSION = 48;

  @TempDir Path folder;

  private VectorWorld growing(Metric metric) throws IOException {
    return new VectorWorld(
        5, VectorWorld.settings(metric, DIMENSION, 100), folder.resolve(metric.name()));
  }

  private VectorWorld sealing(String name) throws IOException {
    return new VectorWorld(
        5, VectorWorld.sealing(Metric.COSINE, DIMENSION, 1_000), folder.resolve(name));
  }

  private static SlotSearch search(CodeUse use) {
    return new SlotSearch(10, 100, SlotSearch.Way.WALK, false, use);
  }

  private static CodeSettings codes(CodeWidth width) {
    return new CodeSettings(width, false);
  }

  /** Codes of the rows that a snapshot's segments have. */
  private static List<Integer> widths(VectorWorld world) {
    List<Integer> widths = new ArrayList<>();
    for (Segment segment : world.field.segments()) {
      if (segment.graph() != null) {
        widths.add(
            segment.codeTable() == null ? 0 : segment.codeTable().quantizer().width().bits());
      }
    }
    return widths;
  }

  @Test
  void everyWidthFindsTheNearestByEveryMetricThatHasEstimates() throws IOException {
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
      try (VectorWorld world = growing(metric)) {
        world.append(2_500);
        for (CodeWidth width : CodeWidth.values()) {
          world.code(codes(width)).settle();
          assertThat(widths(world)).containsExactly(width.bits());
          double least = width == CodeWidth.ONE ? 0.75 : 0.9;
          assertThat(world.recall(60, SEARCH, world.live::get))
              .as("%s, %s", metric, width)
              .isGreaterThan(least);
        }
      }
    }
  }

  @Test
  void theMetricWithoutEstimatesAndShortVectorsAreSearchedWhole() throws IOException {
    try (VectorWorld world = growing(Metric.MANHATTAN)) {
      world.code(codes(CodeWidth.FOUR)).append(2_000).settle();
      assertThat(widths(world)).containsExactly(0);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
    try (VectorWorld world =
        new VectorWorld(3, VectorWorld.settings(Metric.DOT, 16, 100), folder.resolve("short"))) {
      world.code(codes(CodeWidth.FOUR)).append(2_000).settle();
      assertThat(widths(world)).containsExactly(0);
    }
  }

  @Test
  void comparedRowsHaveExactSimilaritiesAndOthersEstimates() throws IOException {
    try (VectorWorld world = growing(Metric.EUCLID)) {
      world.code(codes(CodeWidth.TWO)).append(2_000).settle();
      float[] query = world.vector();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      assertThat(wrongScores(snapshot, query, CodeUse.DEFAULT)).isZero();
      assertThat(wrongScores(snapshot, query, new CodeUse(true, true, 1))).isZero();
      assertThat(wrongScores(snapshot, query, new CodeUse(true, false, 1))).isZero();
      assertThat(wrongScores(snapshot, query, new CodeUse(false, false, 1))).isGreaterThan(5);
      snapshot.release();
    }
  }

  private static int wrongScores(VectorFieldSnapshot snapshot, float[] query, CodeUse use) {
    TopSlots top = new TopSlots(10);
    assertThat(snapshot.search(query, search(use), SlotAcceptor.ALL, top)).isTrue();
    assertThat(top.size()).isEqualTo(10);
    int wrong = 0;
    for (int i = 0; i < top.size(); i++) {
      wrong += top.score(i) == snapshot.score(query, top.slot(i)) ? 0 : 1;
    }
    return wrong;
  }

  @Test
  void oversamplingMakesUpForShortCodes() throws IOException {
    try (VectorWorld world = growing(Metric.COSINE)) {
      world.code(codes(CodeWidth.ONE)).append(3_000).settle();
      SlotSearch few = SlotSearch.nearest(10, 400);
      SlotSearch many =
          new SlotSearch(10, 400, SlotSearch.Way.WALK, false, new CodeUse(false, true, 40));
      assertThat(world.recall(60, many, world.live::get))
          .isGreaterThanOrEqualTo(world.recall(60, few, world.live::get))
          .isGreaterThan(0.95);
    }
  }

  @Test
  void rowsThatComeLaterHaveCodesAtOnceAndDeadOnesAreNotFound() throws IOException {
    try (VectorWorld world = growing(Metric.COSINE)) {
      world.code(codes(CodeWidth.FOUR)).append(1_000).settle();
      for (int round = 0; round < 10; round++) {
        world.append(100);
        Segment segment = world.field.segments().getFirst();
        assertThat(Objects.requireNonNull(segment.codeTable()).count())
            .isEqualTo(segment.rowCount());
        for (int i = 0; i < 30; i++) {
          world.delete(5 + world.random.nextInt(1_000 + 100 * round));
        }
        world.settle();
        assertThat(world.recall(20, SEARCH, world.live::get)).isGreaterThan(0.9);
      }
      SlotAcceptor some = slot -> world.live.get(slot) && slot % 7 == 0;
      assertThat(world.recall(40, SEARCH, some)).isGreaterThan(0.9);
    }
  }

  @Test
  void aRowThatCannotBeEncodedCostsTheCodesAlone() throws IOException {
    try (VectorWorld world = growing(Metric.COSINE)) {
      world.code(codes(CodeWidth.FOUR)).append(2_000).settle();
      ((HeapSegment) world.field.segments().getLast()).codes().append(2_000, new float[1]);
      assertThat(widths(world)).containsExactly(0);
      world.append(500).settle();
      assertThat(widths(world)).containsExactly(0);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
      world.code(codes(CodeWidth.TWO)).settle();
      assertThat(widths(world)).as("asked for anew").containsExactly(2);
    }
  }

  @Test
  void sealedSegmentsHaveThemInFilesOrInMemory() throws IOException {
    for (boolean inMemory : new boolean[] {false, true}) {
      try (VectorWorld world = sealing("sealed-" + inMemory)) {
        world.code(new CodeSettings(CodeWidth.FOUR, inMemory)).append(3_300).settle();
        List<Segment> sealed =
            world.field.segments().stream().filter(SealedSegment.class::isInstance).toList();
        assertThat(sealed).isNotEmpty();
        for (Segment segment : sealed) {
          assertThat(segment.codeTable() instanceof MappedCodes).isEqualTo(!inMemory);
        }
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
        world.restart();
        world.settle();
        assertThat(widths(world)).doesNotContain(0);
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
      }
    }
  }

  @Test
  void aSealedSegmentGoesOnWithTheCodesThatItHadWhileItGrew() throws IOException {
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
      try (VectorWorld world =
          new VectorWorld(
              7, VectorWorld.sealing(metric, DIMENSION, 1_000), folder.resolve("seal-" + metric))) {
        world.code(new CodeSettings(CodeWidth.FOUR, true)).append(900).settle();
        CodeTable grown =
            Objects.requireNonNull(world.field.segments().getFirst().codeTable(), "codes");
        world.append(100).settle();
        Segment sealed = world.field.segments().getFirst();
        assertThat(sealed).isInstanceOf(SealedSegment.class);
        assertThat(sealed.codeTable()).isSameAs(grown);
        assertThat(grown.count()).isEqualTo(sealed.rowCount());
        assertThat(world.recall(40, SEARCH, world.live::get)).as("%s", metric).isGreaterThan(0.9);
        world.code(codes(CodeWidth.FOUR)).settle();
        assertThat(sealed.codeTable()).isInstanceOf(MappedCodes.class);
        assertThat(world.recall(40, SEARCH, world.live::get)).as("%s", metric).isGreaterThan(0.9);
      }
    }
  }

  @Test
  void mergedAndCompactedSegmentsHaveCodesFromTheirFirstSearchOn() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", DIMENSION, Metric.COSINE, new GraphParams(8, 64), 1 << 20, 9_000, 50, 0);
    try (VectorWorld world = new VectorWorld(6, settings, folder.resolve("compacted"))) {
      world.code(codes(CodeWidth.FOUR)).append(8_500).settle();
      HeapSegment grown = (HeapSegment) world.field.segments().getFirst();
      for (int slot = 0; slot < 6_000; slot++) {
        world.delete(slot);
      }
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return !world.field.segments().contains(grown);
      });
      assertThat(widths(world)).containsExactly(4);
    }
    try (VectorWorld world = sealing("merged")) {
      world.code(codes(CodeWidth.FOUR));
      for (int i = 0; i < 3; i++) {
        world.append(1_000).settle();
      }
      world.append(1_000);
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return world.field.segments().getFirst().rowCount() > 1_500;
      });
      assertThat(world.field.segments().getFirst().codeTable()).isNotNull();
    }
  }

  /** Wide rows, of which some thousand are much to scan. */
  private static final int WIDE = 640;

  private static VectorFieldSettings scanned(int sealRows, int fullScanRows) {
    return new VectorFieldSettings(
        "text", WIDE, Metric.EUCLID, new GraphParams(8, 64), 500, sealRows, fullScanRows, 0);
  }

  /** Where the threshold of graphs is high. */
  @Test
  void manyRowsWithoutAGraphAreScannedByCodes() throws IOException {
    for (int sealRows : new int[] {1 << 20, 4_500}) {
      VectorFieldSettings settings = scanned(sealRows, 100_000);
      try (VectorWorld world =
          new VectorWorld(8, settings, folder.resolve("scanned-" + sealRows))) {
        world.code(codes(CodeWidth.FOUR)).append(4_000).settle();
        Segment segment = world.field.segments().getFirst();
        assertThat(segment.codeTable()).as("few rows have none").isNull();
        world.append(500).settle();
        checkScanned(world);
        world.append(5).settle();
        world.restart();
        world.settle();
        checkScanned(world);
        world.code(null).settle();
        assertThat(world.field.segments().getFirst().codeTable()).isNull();
        assertThat(world.recall(10, SEARCH, world.live::get)).isEqualTo(1);
      }
    }
  }

  private static void checkScanned(VectorWorld world) {
    Segment segment = world.field.segments().getFirst();
    assertThat(segment.graph()).isNull();
    assertThat(segment.codeTable()).isNotNull();
    assertThat(world.field.stats().linkedRows()).isZero();
    assertThat(world.recall(10, SEARCH, world.live::get)).isGreaterThan(0.9);
    assertThat(cost(world, SEARCH)).as("codes are shorter").isLessThan(1_500);
    assertThat(cost(world, search(new CodeUse(true, true, 1)))).isGreaterThanOrEqualTo(4_500);
    assertThat(cost(world, SlotSearch.exact(10))).isGreaterThanOrEqualTo(4_500);
  }

  /** Of a search, in rows. */
  private static long cost(VectorWorld world, SlotSearch search) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    TopSlots top = new TopSlots(search.k());
    assertThat(snapshot.search(world.vector(), search, world.live::get, top)).isTrue();
    snapshot.release();
    return top.costRows();
  }

  @Test
  void codesThatAreNoLongerWantedAreNotMade() throws IOException {
    try (VectorWorld world = sealing("outdated")) {
      world.append(1_000).settle();
      Segment sealed = world.field.segments().getFirst();
      HeldPool held = new HeldPool(world.pool);
      world.code(codes(CodeWidth.FOUR));
      world.field.maintain(world.live::get);
      assertThat(sealed.isBusy()).isTrue();
      world.code(null);
      assertThat(sealed.isBusy()).isFalse();
      world.code(codes(CodeWidth.TWO));
      world.field.maintain(world.live::get);
      held.close();
      world.settle();
      assertThat(widths(world).getFirst()).isEqualTo(2);
    }
  }

  @Test
  void growingSegmentsKeepTheirCodesWhenOnlyTheirPlaceAfterSealingChanges() throws IOException {
    try (VectorWorld world = growing(Metric.DOT)) {
      world.append(1_000).settle();
      HeldPool held = new HeldPool(world.pool);
      world.code(new CodeSettings(CodeWidth.FOUR, true));
      world.field.maintain(world.live::get);
      held.close();
      Segment segment = world.field.segments().getFirst();
      assertThat(segment.isBusy()).isTrue();
      world.code(new CodeSettings(CodeWidth.FOUR, false));
      assertThat(segment.isBusy()).isTrue();
      world.settle();
      CodeTable made = segment.codeTable();
      world.code(new CodeSettings(CodeWidth.FOUR, true)).settle();
      assertThat(segment.codeTable()).isNotNull().isSameAs(made);
    }
  }

  @Test
  void aDiskThatTookNothingIsTriedAgain() throws IOException {
    try (VectorWorld world = sealing("disk")) {
      world.append(1_000).settle();
      Path live = world.folder.resolve("live-0");
      Path aside = world.folder.resolve("aside");
      Files.move(live, aside);
      world.code(codes(CodeWidth.FOUR)).settle();
      Segment sealed = world.field.segments().getFirst();
      assertThat(sealed.codeTable()).isNull();
      Files.move(aside, live);
      world.settle();
      assertThat(sealed.codeTable()).as("too soon").isNull();
      world.skip(Duration.ofMinutes(1));
      world.settle();
      assertThat(sealed.codeTable()).isNotNull();
      assertThat(world.recall(20, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void mappingsEndWithTheSearchesThatReadThemAndWithTheSegment() throws IOException {
    try (VectorWorld world = sealing("mappings")) {
      world.code(codes(CodeWidth.FOUR)).append(1_000).settle();
      Segment sealed = world.field.segments().getFirst();
      MappedCodes first = (MappedCodes) Objects.requireNonNull(sealed.borrowCodes());
      world.code(codes(CodeWidth.TWO)).settle();
      assertThat(first.isMapped()).isTrue();
      SegmentCodes.giveBack(first);
      assertThat(first.isMapped()).isFalse();
      MappedCodes second = (MappedCodes) Objects.requireNonNull(sealed.codeTable());
      VectorFieldSnapshot snapshot = world.field.snapshot();
      world.field.close();
      assertThat(second.isMapped()).isTrue();
      snapshot.release();
      assertThat(second.isMapped()).isFalse();
    }
  }

  @Test
  void theyAreChangedAndTakenAwayWhileSearchesGoOn() throws Exception {
    try (VectorWorld world = sealing("changes")) {
      world.append(2_300).settle();
      AtomicReference<VectorFieldSnapshot> current = new AtomicReference<>(world.field.snapshot());
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      float[] query = world.vector();
      Thread searcher =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  TopSlots top = new TopSlots(10);
                  while (!isOver.get()) {
                    top.reset(10);
                    VectorFieldSnapshot seen = Objects.requireNonNull(current.get());
                    assertThat(seen.search(query, SEARCH, SlotAcceptor.ALL, top)).isTrue();
                    assertThat(top.size()).isEqualTo(10);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      List<VectorFieldSnapshot> taken = new ArrayList<>(List.of(current.get()));
      for (int round = 0; round < 24; round++) {
        CodeWidth width = CodeWidth.values()[round % 4];
        world.code(round % 5 == 4 ? null : new CodeSettings(width, round % 2 == 0));
        world.append(60);
        if (round % 3 > 0) {
          world.settle();
        }
        VectorFieldSnapshot next = world.field.snapshot();
        taken.add(next);
        current.set(next);
      }
      isOver.set(true);
      searcher.join();
      assertThat(failure.get()).isNull();
      taken.forEach(VectorFieldSnapshot::release);
      world.code(null);
      assertThat(widths(world)).containsOnly(0);
      assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
    }
  }

  @Test
  void rowsThatWaitForTheGraphAreFoundByTheirCodes() throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text", DIMENSION, Metric.EUCLID, new GraphParams(8, 64), 1 << 20, 1 << 20, 100, 0);
    try (VectorWorld world = new VectorWorld(8, settings, folder)) {
      world.code(codes(CodeWidth.FOUR)).append(1_000).settle();
      try (HeldPool held = new HeldPool(world.pool)) {
        held.awaitHeld(); // Nothing is linked from now on.
        world.append(6_000);
        assertThat(world.field.stats().unlinkedRows()).isGreaterThan(5_000);
        assertThat(world.recall(60, SEARCH, world.live::get)).isGreaterThan(0.97);
        SlotAcceptor some = slot -> slot % 9 == 0;
        assertThat(world.recall(60, SEARCH, some)).isGreaterThan(0.97);
      }
    }
  }

  @Test
  void theSpeedFormComesFirstAndCodesWhereItHasNoRoom() throws IOException {
    for (long room : new long[] {1L << 30, 0}) {
      FusedPolicy policy = new FusedPolicy(500, new ByteBudget(room));
      try (VectorWorld world =
          new VectorWorld(
              5,
              VectorWorld.settings(Metric.COSINE, DIMENSION, 100),
              policy,
              folder.resolve("room-" + room))) {
        world.code(codes(CodeWidth.FOUR)).append(2_000).settle();
        assertThat(widths(world)).containsExactly(room > 0 ? 0 : 4);
        assertThat(world.recall(40, SEARCH, world.live::get)).isGreaterThan(0.9);
      }
    }
  }
}
