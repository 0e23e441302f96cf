package dev.eddy.bench.command;

import dev.eddy.bench.data.FilteredSet;
import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.search.FilteredSearch;
import dev.eddy.engine.segment.SlotSearch;
import dev.eddy.engine.segment.TopSlots;
import dev.eddy.engine.segment.VectorFieldSnapshot;
import dev.eddy.model.usage.FilterPlans;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Eddy's engine alone, searched by one thread, with the matching rows of each filter as bits. */
final class FilteredEngineSide implements AutoCloseable {
  private static final int SCORED_TOGETHER = 256;

  /** Hits that a shard looks for beyond those asked for, to settle ties. */
  private static final int TIE_ROOM = 8;

  private final VectorSet set;
  private final FilteredSet filters;
  private final EngineField field;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Map<String, Bits> bits = new HashMap<>();
  private final TopSlots top = new TopSlots(VectorSet.K + TIE_ROOM);
  private final float[] scores = new float[SCORED_TOGETHER];

  FilteredEngineSide(
      VectorSet set,
      FilteredSet filters,
      GraphParams params,
      int threads,
      EngineField.Form form,
      Path folder) {
    this.set = set;
    this.filters = filters;
    this.field = new EngineField(set, params, threads, form, folder);
  }

  double build() throws InterruptedException {
    return field.build();
  }

  /** The rows that match a filter. */
  private record Bits(BitSet slots, long[] words, long count) implements FilteredSearch.Matches {
    @Override
    public long count(int from, int to) {
      return from == 0 && to >= slots.length() ? count : slots.get(from, to).cardinality();
    }

    @Override
    public long open(int from, int to) {
      return 0;
    }

    @Override
    public boolean contains(int slot) {
      return slots.get(slot);
    }

    @Override
    public void forEach(int from, int to, FilteredSearch.SlotsConsumer consumer) {
      int[] batch = new int[SCORED_TOGETHER];
      int taken = 0;
      for (int index = from >>> 6; index < words.length; index++) {
        long word = words[index] & (index == from >>> 6 ? -1L << from : -1L);
        for (; word != 0; word &= word - 1) {
          int slot = (index << 6) + Long.numberOfTrailingZeros(word);
          if (taken == batch.length || slot >= to) {
            if (!consumer.take(batch, taken) || slot >= to) {
              return;
            }
            taken = 0;
          }
          batch[taken++] = slot;
        }
      }
      consumer.take(batch, taken);
    }
  }

  private Bits bits(FilteredSet.Case filtered, int query) {
    int low = filtered.lows()[query];
    int high = filtered.high(query);
    return bits.computeIfAbsent(
        "%s %d %d".formatted(filtered.field(), low, high),
        key -> {
          int[] numbers = filters.numbers(filtered.field());
          BitSet matching = new BitSet(numbers.length);
          for (int row = 0; row < numbers.length; row++) {
            matching.set(row, numbers[row] >= low && numbers[row] <= high);
          }
          return new Bits(matching, matching.toLongArray(), matching.cardinality());
        });
  }

  /** All queries of a case once, one after the other. */
  GraphSide.Pass search(FilteredSet.Case filtered, int ef) {
    int count = filtered.queries().length;
    float[][] queries = new float[count][];
    Bits[] matching = new Bits[count];
    for (int i = 0; i < count; i++) {
      queries[i] = set.queries().row(filtered.queries()[i]);
      matching[i] = bits(filtered, i);
    }
    int[][] found = new int[count][];
    VectorFieldSnapshot snapshot = field.snapshot();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      found[i] = search(snapshot, matching[i], queries[i], ef);
    }
    double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
    snapshot.release();
    int hits = 0;
    for (int i = 0; i < count; i++) {
      hits += filtered.hits(i, found[i]);
    }
    return new GraphSide.Pass(hits / (double) filtered.wanted(), count / seconds);
  }

  private int[] search(VectorFieldSnapshot snapshot, Bits matching, float[] query, int ef) {
    int wanted = VectorSet.K + TIE_ROOM;
    top.reset(wanted);
    FilteredSearch search =
        new FilteredSearch(snapshot, matching, query, SlotSearch.nearest(wanted, ef));
    if (!search.tryPlans(top)) {
      scan(snapshot, matching, query);
    }
    top.sort();
    int[] found = new int[Math.min(VectorSet.K, top.size())];
    for (int rank = 0; rank < found.length; rank++) {
      found[rank] = top.slot(rank);
    }
    return found;
  }

  private void scan(VectorFieldSnapshot snapshot, Bits matching, float[] query) {
    matching.forEach(
        0,
        set.rows(),
        (slots, count) -> {
          var _ = snapshot.score(query, slots, count, scores);
          for (int i = 0; i < count; i++) {
            if (top.admits(scores[i])) {
              top.offer(slots[i], scores[i]);
            }
          }
          return true;
        });
  }

  /** What was tried for the queries of a case, most frequent first. */
  String plans(FilteredSet.Case filtered, int ef) {
    FilterPlans plans = new FilterPlans();
    var _ = plans.during(() -> search(filtered, ef));
    Map<FilterPlans.Plan, Integer> counts = new EnumMap<>(FilterPlans.Plan.class);
    for (FilterPlans.Attempt attempt : plans.attempts()) {
      counts.merge(attempt.plan(), 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .sorted(Map.Entry.<FilterPlans.Plan, Integer>comparingByValue().reversed())
        .map(entry ->
            "%s %d".formatted(entry.getKey().name().toLowerCase(Locale.ROOT), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    field.close();
  }
}
