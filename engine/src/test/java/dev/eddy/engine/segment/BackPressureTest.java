package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackPressureTest {
  private static final int MAX_UNLINKED_ROWS = 200;

  @TempDir Path folder;

  private static VectorFieldSettings narrow(int maxUnlinkedRows, int fullScanRows) {
    return new VectorFieldSettings(
        "text",
        8,
        Metric.EUCLID,
        new GraphParams(8, 64),
        maxUnlinkedRows,
        1 << 20,
        fullScanRows,
        0);
  }

  /** With one row at most that may wait. */
  private VectorField filled(BuildPool pool, int rows) throws IOException {
    VectorField field = VectorField.create(narrow(1, 50), new SegmentResources(pool, folder));
    for (int slot = 0; slot < rows; slot++) {
      field.append(slot, new float[] {slot, 1, 2, 3, 4, 5, 6, 7});
    }
    return field;
  }

  @Test
  void whileSearchesRunTheWriterWaitsRatherThanLetTheTailGrow() throws IOException {
    try (VectorWorld world = new VectorWorld(1, narrow(MAX_UNLINKED_ROWS, 50), folder)) {
      world.pool.searchStarted();
      long most = 0;
      for (int i = 0; i < 3_000; i++) {
        world.append(1);
        most = Math.max(most, world.field.stats().unlinkedRows());
      }
      world.pool.searchFinished();
      assertThat(most).isLessThanOrEqualTo(MAX_UNLINKED_ROWS);
      world.settle();
      assertThat(world.field.stats().linkedRows()).isEqualTo(3_000);
    }
  }

  /** What was scanned before there was a graph may wait at first, then fewer with each row. */
  @Test
  void theBoundFallsFromWhatWasScannedBefore() throws IOException {
    int fullScanRows = 1_000;
    try (VectorWorld world = new VectorWorld(4, narrow(MAX_UNLINKED_ROWS, fullScanRows), folder)) {
      world.pool.searchStarted();
      for (int rows = 1; rows <= 3_000; rows++) {
        world.append(1);
        assertThat(world.field.stats().unlinkedRows())
            .as("of %d", rows)
            .isLessThanOrEqualTo(Math.max(MAX_UNLINKED_ROWS, 2 * fullScanRows - rows));
      }
      world.pool.searchFinished();
    }
  }

  @Test
  void whereNobodyLinksTheWriterDoes() throws IOException {
    try (BuildPool closed = new BuildPool(1)) {
      closed.close();
      closed.searchStarted();
      VectorField field = filled(closed, 200);
      assertThat(field.stats().unlinkedRows()).isLessThanOrEqualTo(1);
      field.close();
    }
  }

  /** Wide rows: fewer of them take the bytes that whole rows of a tail may take. */
  private static final int WIDE = 256;

  private static final int WIDE_TAIL_ROWS = 10 * 1024;

  private static VectorFieldSettings wide(Metric metric) {
    return new VectorFieldSettings(
        "text", WIDE, metric, new GraphParams(2, 4), 2 * WIDE_TAIL_ROWS, 1 << 20, 50, 0);
  }

  @Test
  void whileSearchesRunALongTailHasCodes() throws Exception {
    FusedPolicy fused = new FusedPolicy(256, new ByteBudget(1L << 30));
    try (VectorWorld world = new VectorWorld(2, wide(Metric.EUCLID), fused, folder)) {
      HeldPool held = new HeldPool(world.pool); // Nobody links.
      world.pool.searchStarted();
      world.append(WIDE_TAIL_ROWS + 100);
      world.pool.searchFinished();
      VectorFieldSnapshot snapshot = world.field.snapshot();
      TopSlots top = new TopSlots(1);
      snapshot.search(new float[WIDE], SlotSearch.nearest(1, 10), SlotAcceptor.ALL, top);
      snapshot.release();
      assertThat(world.field.stats().unlinkedRows()).isEqualTo(WIDE_TAIL_ROWS + 100);
      assertThat(top.costRows()).as("codes were scanned").isLessThan(WIDE_TAIL_ROWS / 2);
      held.close();
    }
  }

  @Test
  void whileSearchesRunATailWithoutCodesIsShort() throws IOException {
    try (VectorWorld world = new VectorWorld(3, wide(Metric.MANHATTAN), folder)) {
      world.pool.searchStarted();
      long most = 0;
      for (int i = 0; i < WIDE_TAIL_ROWS + 1_000; i++) {
        world.append(1);
        most = Math.max(most, world.field.stats().unlinkedRows());
      }
      world.pool.searchFinished();
      assertThat(most).isLessThanOrEqualTo(WIDE_TAIL_ROWS);
    }
  }

  @Test
  void withoutSearchesAppendingDoesNotWaitForLinking() throws IOException {
    try (BuildPool closed = new BuildPool(1)) {
      closed.close(); // Nobody links: only a writer that waits or helps could keep the tail short.
      VectorField field = filled(closed, 1_000);
      assertThat(field.stats().unlinkedRows()).isEqualTo(1_000);
      VectorFieldSnapshot snapshot = field.snapshot();
      TopSlots top = new TopSlots(2);
      snapshot.search(
          new float[] {500, 1, 2, 3, 4, 5, 6, 7}, SlotSearch.nearest(2, 10), SlotAcceptor.ALL, top);
      assertThat(VectorWorld.slots(top)).containsExactly(500, 499);
      snapshot.release();
      field.close();
    }
  }

  /** Each search scans what waits, so that letting searches go first would keep them slow. */
  @Test
  void linkersGiveWayToSearchesOnceNoMoreWaitThanMay() throws IOException {
    try (VectorWorld world = new VectorWorld(5, narrow(MAX_UNLINKED_ROWS, 50), folder)) {
      HeldPool held = new HeldPool(world.pool).awaitHeld();
      world.append(51 + MAX_UNLINKED_ROWS);
      SegmentLinker linker = ((HeapSegment) world.field.segments().getLast()).linker();
      assertThat(linker.unlinkedRows()).isEqualTo(51 + MAX_UNLINKED_ROWS);
      assertThat(linker.givesWay()).as("a long tail waits").isFalse();
      world.configure(narrow(51 + MAX_UNLINKED_ROWS, 50), FusedPolicy.none());
      assertThat(linker.givesWay()).as("so many may wait").isTrue();
      world.configure(narrow(MAX_UNLINKED_ROWS, 50), FusedPolicy.none());
      assertThat(linker.givesWay()).as("and no longer").isFalse();
      held.close();
      world.awaitLinked();
      assertThat(linker.givesWay()).as("nothing waits").isTrue();
    }
  }
}
