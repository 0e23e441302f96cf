package dev.eddy.engine.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CandidateScanTest {
  private static final int ENTRIES = 6_000;

  /** Notes which slots are looked at, and takes none. */
  private static final class Looked implements SparseHits {
    final List<Integer> slots = new ArrayList<>();

    @Override
    public float threshold() {
      return Float.NEGATIVE_INFINITY;
    }

    @Override
    public int wanted() {
      return 10;
    }

    @Override
    public boolean accepts(int slot) {
      slots.add(slot);
      return false;
    }

    @Override
    public void offer(int slot, float score) {
      throw new IllegalStateException("slot " + slot + " was not accepted");
    }
  }

  private static PostingList ofSlots(int count) {
    PostingList list = new PostingList();
    for (int slot = 0; slot < count; slot++) {
      list.append(slot, 1);
    }
    return list;
  }

  private static Looked scan(PostingList list, int slotCount, SparseView view) {
    SparseQuery query = new SparseQuery(new int[] {1}, new float[] {1});
    ScaledQuery scaled = ScaledQuery.of(query, new double[] {1});
    Looked looked = new Looked();
    CandidateScan scan = new CandidateScan(scaled, slotCount, looked);
    scan.scan(
        new CandidateScan.Part(
            List.of(new TailCursor(list.block(), list.size(), scaled.factor(0))),
            0,
            TailCursor.EXCESS,
            true));
    scan.finish(view.scorer(query));
    return looked;
  }

  /** Runs hold entries of slots that compaction has let go of since; sums are used again. */
  @Test
  void whatSlotsBehindTheLastVectorAddIsForgotten(@TempDir Path folder) throws IOException {
    Path live = Files.createDirectories(folder.resolve("live"));
    SparseSettings settings = new SparseSettings("s", live, Runnable::run, false, 2_000);
    try (SparseField field = SparseField.create(settings)) {
      SparseView view = field.view();
      assertThat(scan(ofSlots(ENTRIES), 100, view).slots).contains(0, 99);
      for (int i = 0; i < 20; i++) { // However many sums are kept for the next search.
        assertThat(scan(ofSlots(1), ENTRIES, view).slots).containsExactly(0);
      }
    }
  }
}
