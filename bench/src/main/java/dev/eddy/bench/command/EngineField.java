package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.FusedPolicy;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.engine.segment.VectorField;
import dev.eddy.engine.segment.VectorFieldSettings;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Eddy's engine alone: one vector field with one graph; row r is slot r. */
final class EngineField implements AutoCloseable {
  private static final int MAINTAINED_ROWS = 256;
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(8);

  private final VectorSet set;
  private final BuildPool pool;
  private final VectorField field;
  private final BitSet live = new BitSet();

  /**
   * How the segment is searched.
   *
   * @param codes null = by whole rows
   * @param isSealed whether it is sealed once all rows are there
   * @param fusedBytes budget of the graph's speed form
   */
  record Form(@Nullable CodeSettings codes, boolean isSealed, long fusedBytes) {}

  EngineField(VectorSet set, GraphParams params, int threads, Form form, Path folder) {
    this.set = set;
    this.pool = new BuildPool(threads);
    int rows = set.rows();
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "engine",
            set.dimension(),
            Metric.COSINE,
            params,
            rows,
            form.isSealed() ? rows : rows + 1,
            1_000,
            0);
    this.field =
        VectorField.create(
            form.isSealed() ? settings.onDisk() : settings,
            new SegmentResources(pool, FusedPolicy.within(form.fusedBytes()), folder));
    field.code(form.codes());
    live.set(0, rows);
  }

  /** Adds and links all rows; returns the seconds that took. Fills empty slots then. */
  double build() throws InterruptedException {
    long start = System.nanoTime();
    for (int row = 0; row < set.rows(); row++) {
      field.append(row, set.base().row(row));
      if (row % MAINTAINED_ROWS == 0) {
        field.maintain(live::get);
      }
    }
    settle();
    double seconds = (System.nanoTime() - start) / 1e9;
    // Slots are filled once no row has come for some seconds.
    long quietEnd = System.nanoTime() + QUIET_NANOS;
    settle(() -> System.nanoTime() < quietEnd || field.isFilling());
    System.out.printf(
        "Eddy: filled after %.1f s; %s%n", (System.nanoTime() - start) / 1e9, field.stats());
    return seconds;
  }

  /** Has rows searched by these codes from now on; null = by themselves. */
  void code(@Nullable CodeSettings codes) throws InterruptedException {
    field.code(codes);
    settle();
  }

  /** Until all rows are linked and coded. */
  private void settle() throws InterruptedException {
    settle(() -> field.stats().unlinkedRows() > 0 || field.isBusy());
  }

  private void settle(BooleanSupplier isWorking) throws InterruptedException {
    do {
      field.maintain(live::get);
      TimeUnit.MILLISECONDS.sleep(5);
    } while (isWorking.getAsBoolean());
  }

  /** All rows as they are now; to be released. */
  VectorFieldSnapshot snapshot() {
    return field.snapshot();
  }

  @Override
  public void close() {
    field.close();
    pool.close();
  }
}
