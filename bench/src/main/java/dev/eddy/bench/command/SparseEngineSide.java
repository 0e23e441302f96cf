package dev.eddy.bench.command;

import dev.eddy.bench.data.SparseSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.sparse.Among;
import dev.eddy.engine.sparse.SparseField;
import dev.eddy.engine.sparse.SparseHits;
import dev.eddy.engine.sparse.SparseManifest;
import dev.eddy.engine.sparse.SparseQuery;
import dev.eddy.engine.sparse.SparseSettings;
import dev.eddy.engine.sparse.SparseView;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Eddy's sparse vectors alone, searched by one thread, with the rows of a filter as bits. */
final class SparseEngineSide implements AutoCloseable {
  /** Hits that a shard looks for beyond those asked for, to settle ties. */
  private static final int TIE_ROOM = 8;

  /** Rows after which the writer looks for background work. */
  private static final int MAINTAINED_AFTER = 1_000;

  private final SparseSet set;
  private final SparseField field;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<Integer, Bits> bits = new HashMap<>();
  private final TopSlots top = new TopSlots(VectorSet.K + TIE_ROOM);

  SparseEngineSide(SparseSet set, Path folder) {
    this.set = set;
    this.field =
        SparseField.create(
            new SparseSettings("words", folder, Runnable::run, false, SparseSettings.SEALED_MIN));
  }

  /** Adds everything; returns the seconds that took. */
  double build() {
    long start = System.nanoTime();
    SparseSet.Rows base = set.base();
    for (int row = 0; row < base.count(); row++) {
      field.append(row, new SparseQuery(base.indices(row), base.values(row)));
      if (row % MAINTAINED_AFTER == 0) {
        maintain();
      }
    }
    maintain();
    return (System.nanoTime() - start) / 1e9;
  }

  private void maintain() {
    boolean isDue = true;
    while (isDue) {
      isDue = field.maintain(slot -> true) || field.isBusy();
    }
  }

  /**
   * Opens the field as a checkpoint holds it, and once more as if the index were lost; searches it
   * once each.
   *
   * @return seconds of both
   */
  double[] restarts(Path folder) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    SparseField.Stored stored;
    try (SparseField.Checkpoint taken = field.beginCheckpoint()) {
      stored = taken.writeTo(checkpoint);
    }
    SparseField.Stored lost =
        new SparseField.Stored(checkpoint, stored.vectors(), SparseManifest.NONE);
    return new double[] {restart(stored, folder), restart(lost, folder)};
  }

  private double restart(SparseField.Stored stored, Path folder) throws IOException {
    SparseSettings again =
        new SparseSettings(
            "words",
            Files.createTempDirectory(folder, "live"),
            task -> {},
            true,
            SparseSettings.SEALED_MIN);
    long start = System.nanoTime();
    try (SparseField opened =
        SparseField.restore(again, stored, set.base().count(), slot -> true)) {
      search(
          opened.view(), SparseQuery.of(set.queries().indices(0), set.queries().values(0)), null);
      return (System.nanoTime() - start) / 1e9;
    }
  }

  /**
   * All queries once.
   *
   * @param rows {@link VectorSet#K} per query, -1 where there are fewer
   * @param scores of these rows, 0 where there are fewer
   */
  record Pass(int[] rows, float[] scores, double perSecond) {}

  /** Rows that match. */
  private record Bits(BitSet slots, long count) implements Among {
    @Override
    public void forEach(IntPredicate consumer) {
      int slot = slots.nextSetBit(0);
      while (slot >= 0 && consumer.test(slot)) {
        slot = slots.nextSetBit(slot + 1);
      }
    }
  }

  private @Nullable Bits bits(int matching) {
    if (matching == SparseSet.NUMBERS) {
      return null;
    }
    return bits.computeIfAbsent(
        matching,
        below -> {
          BitSet slots = new BitSet(set.numbers().length);
          for (int row = 0; row < set.numbers().length; row++) {
            slots.set(row, set.numbers()[row] < below);
          }
          return new Bits(slots, slots.cardinality());
        });
  }

  Pass search(int matching) {
    Bits among = bits(matching);
    SparseSet.Rows asked = set.queries();
    SparseQuery[] queries = new SparseQuery[asked.count()];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = SparseQuery.of(asked.indices(i), asked.values(i));
    }
    int[] rows = new int[queries.length * VectorSet.K];
    float[] scores = new float[rows.length];
    SparseView view = field.view();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < queries.length; i++) {
      search(view, queries[i], among);
      for (int rank = 0; rank < VectorSet.K; rank++) {
        boolean isFound = rank < top.size();
        rows[i * VectorSet.K + rank] = isFound ? top.slot(rank) : -1;
        scores[i * VectorSet.K + rank] = isFound ? top.score(rank) : 0;
      }
    }
    double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    return new Pass(rows, scores, queries.length / seconds);
  }

  private void search(SparseView view, SparseQuery query, @Nullable Bits among) {
    top.reset(VectorSet.K + TIE_ROOM);
    view.search(
        query,
        among,
        new SparseHits() {
          private float threshold = Float.NEGATIVE_INFINITY;

          @Override
          public float threshold() {
            return threshold;
          }

          @Override
          public int wanted() {
            return top.wanted();
          }

          @Override
          public boolean accepts(int slot) {
            return among == null || among.slots().get(slot);
          }

          @Override
          public void offer(int slot, float score) {
            top.offer(slot, score);
            threshold = top.lowest();
          }
        });
    top.sort();
  }

  @Override
  public void close() {
    field.close();
  }
}
