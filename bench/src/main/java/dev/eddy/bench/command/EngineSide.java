package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.segment.CodeSettings;
import dev.eddy.engine.segment.SlotAcceptor;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Eddy's engine alone, searched by one thread. */
final class EngineSide implements GraphSide {
  private final VectorSet set;
  private final EngineField field;
  private final float[][] queries;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final TopSlots top = new TopSlots(VectorSet.K);

  EngineSide(VectorSet set, GraphParams params, int threads, EngineField.Form form, Path folder) {
    this.set = set;
    this.field = new EngineField(set, params, threads, form, folder);
    this.queries = new float[set.queries().rows()][];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = set.queries().row(i);
    }
  }

  @Override
  public double build() throws InterruptedException {
    return field.build();
  }

  /** Has rows searched by these codes from now on; null = by themselves. */
  void code(@Nullable CodeSettings codes) throws InterruptedException {
    field.code(codes);
  }

  @Override
  public Pass search(int ef) {
    return search(SlotSearch.nearest(VectorSet.K, ef));
  }

  /** Asks all queries for as many as the set knows the nearest of. */
  Pass search(SlotSearch params) {
    VectorFieldSnapshot snapshot = field.snapshot();
    long[][] found = new long[queries.length][];
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < queries.length; i++) {
      top.reset(VectorSet.K);
      snapshot.search(queries[i], params, SlotAcceptor.ALL, top);
      top.sort();
      long[] slots = new long[top.size()];
      for (int rank = 0; rank < slots.length; rank++) {
        slots[rank] = top.slot(rank);
      }
      found[i] = slots;
    }
    double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    snapshot.release();
    int hits = 0;
    for (int i = 0; i < found.length; i++) {
      hits += set.hits(i, found[i]);
    }
    return new Pass(hits / (double) (found.length * VectorSet.K), found.length / seconds);
  }

  @Override
  public void close() {
    field.close();
  }
}
