package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.search.FilteredSearch;
import dev.eddy.engine.segment.SlotSearch.Way;
import dev.eddy.model.usage.FilterPlans;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Filtered searches against exact answers, on every form of a segment: with matching rows anywhere,
 * near the queries, and far from them.
 */
final class FilteredSearchTest {
  private static final int ROWS = 6_000;
  private static final int QUERIES = 40;
  private static final int K = 10;
  private static final int EF = 100;
  private static final HopLimits FAR = new HopLimits(48, 1 << 14, Long.MAX_VALUE);
  private static final double[] SHARES = {0.001, 0.01, 0.03, 0.1, 0.5};

  /** How segments are stored. */
  enum Form {
    PLAIN,
    FUSED,
    SEALED
  }

  @TempDir Path folder;

  private VectorWorld world(Form form, Metric metric, long seed) throws IOException {
    VectorFieldSettings settings =
        new VectorFieldSettings(
            "text",
            32,
            metric,
            new GraphParams(16, 100),
            500,
            form == Form.SEALED ? 2_000 : 1 << 20,
            100,
            0);
    FusedPolicy fused =
        form == Form.FUSED ? new FusedPolicy(500, new ByteBudget(1L << 30)) : FusedPolicy.none();
    VectorWorld world = new VectorWorld(seed, settings, fused, folder.resolve(form + "-" + metric));
    return settled(world.append(ROWS), form);
  }

  private static VectorWorld settled(VectorWorld world, Form form) {
    world.settle();
    if (form == Form.FUSED) {
      world.field.maintain(world.live::get);
      world.skip(Duration.ofSeconds(6));
      VectorWorld.await(() -> {
        world.field.maintain(world.live::get);
        return !world.field.isFilling();
      });
    }
    return world;
  }

  /** The rows nearest to a point, or random ones. */
  private static BitSet matching(VectorWorld world, double share, boolean isRandom) {
    int count = (int) (world.vectors.size() * share);
    List<Integer> slots = new ArrayList<>(world.vectors.keySet());
    if (isRandom) {
      Collections.shuffle(slots, world.random);
    } else {
      float[] centre = world.vector();
      slots.sort(
          Comparator.comparingDouble(slot -> -world.similarity(centre, world.vectorOf(slot))));
    }
    BitSet matching = new BitSet();
    slots.subList(0, count).forEach(matching::set);
    return matching;
  }

  /** Queries by their nearness to the matching rows, nearest first. */
  private static List<float[]> queries(VectorWorld world, BitSet matching) {
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < 3 * QUERIES; i++) {
      queries.add(world.vector());
    }
    queries.sort(
        Comparator.comparingDouble(query ->
            -matching.stream()
                .limit(200)
                .mapToDouble(slot -> world.similarity(query, world.vectorOf(slot)))
                .average()
                .orElse(0)));
    return queries;
  }

  record Bits(BitSet slots) implements FilteredSearch.Matches {
    @Override
    public long count(int from, int to) {
      return slots.get(from, to).cardinality();
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
      int[] batch = new int[7];
      int count = 0;
      for (int slot = slots.nextSetBit(from); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
        if (count == batch.length || slot >= to) {
          if (!consumer.take(batch, count) || slot >= to) {
            return;
          }
          count = 0;
        }
        batch[count++] = slot;
      }
      consumer.take(batch, count);
    }
  }

  private interface Search {
    /** The hits are among the matching, without repeats. */
    List<Integer> run(VectorFieldSnapshot snapshot, float[] query, BitSet matching);
  }

  private static List<Integer> planned(
      VectorFieldSnapshot snapshot, float[] query, BitSet matching) {
    TopSlots top = new TopSlots(K);
    Bits bits = new Bits(matching);
    FilteredSearch search = new FilteredSearch(snapshot, bits, query, SlotSearch.nearest(K, EF));
    if (search.tryPlans(top)) {
      check(snapshot, query, top);
      return VectorWorld.slots(top);
    }
    assertThat(top.size()).isZero();
    matching.stream().forEach(slot -> top.offer(slot, snapshot.score(query, slot)));
    return VectorWorld.slots(top);
  }

  private static Search by(Way way) {
    return (snapshot, query, matching) -> {
      TopSlots top = new TopSlots(K);
      assertThat(snapshot.search(query, new SlotSearch(K, EF, way), matching::get, top)).isTrue();
      check(snapshot, query, top);
      return VectorWorld.slots(top);
    };
  }

  /** A way, or what follows where it is given up. */
  private static Search byOrExactly(Way way) {
    return (snapshot, query, matching) -> {
      TopSlots top = new TopSlots(K);
      if (!snapshot.search(query, new SlotSearch(K, EF, way), matching::get, top)) {
        return by(new Way.Exact()).run(snapshot, query, matching);
      }
      check(snapshot, query, top);
      return VectorWorld.slots(top);
    };
  }

  private static List<Integer> bySketches(
      VectorFieldSnapshot snapshot, float[] query, BitSet matching) {
    TopSlots top = new TopSlots(K);
    scanSketches(snapshot, query, matching, SlotSearch.scoredAfterSketches(K, EF), top);
    check(snapshot, query, top);
    return VectorWorld.slots(top);
  }

  static void scanSketches(
      VectorFieldSnapshot snapshot, float[] query, BitSet matching, int best, TopSlots top) {
    SketchScan.How[] hows = new SketchScan.How[snapshot.parts()];
    Arrays.fill(hows, SketchScan.How.SKETCHES);
    SlotSearch asked = SlotSearch.nearest(1, best);
    try (SketchScan scan = snapshot.sketchScan(query, hows, asked, top)) {
      new Bits(matching).forEach(0, Integer.MAX_VALUE, scan::add);
      scan.finish();
    }
  }

  private static void check(VectorFieldSnapshot snapshot, float[] query, TopSlots top) {
    for (int i = 0; i < top.size(); i++) {
      assertThat(top.score(i)).isEqualTo(snapshot.score(query, top.slot(i)));
    }
  }

  private static double recall(
      VectorWorld world, List<float[]> queries, BitSet matching, Search search) {
    VectorFieldSnapshot snapshot = world.field.snapshot();
    int wanted = 0;
    int found = 0;
    for (float[] query : queries) {
      List<Integer> exact = world.exact(query, K, matching::get);
      List<Integer> hits = search.run(snapshot, query, matching);
      assertThat(hits).allMatch(matching::get).doesNotHaveDuplicates();
      wanted += exact.size();
      found += (int) hits.stream().filter(exact::contains).count();
    }
    snapshot.release();
    return (double) found / wanted;
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void recallHoldsAtAnySelectivity(Form form) throws IOException {
    long seed = 20 + form.ordinal();
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.EUCLID}) {
      try (VectorWorld world = world(form, metric, seed)) {
        for (double share : SHARES) {
          for (boolean isRandom : new boolean[] {true, false}) {
            BitSet matching = matching(world, share, isRandom);
            List<float[]> queries = queries(world, matching);
            String what = "seed %d %s %s %s %s".formatted(seed, form, metric, share, isRandom);
            List<float[]> near = queries.subList(0, QUERIES);
            List<float[]> far = queries.subList(2 * QUERIES, 3 * QUERIES);
            assertThat(recall(world, near, matching, FilteredSearchTest::planned))
                .as("near, %s", what)
                .isGreaterThan(0.95);
            assertThat(recall(world, far, matching, FilteredSearchTest::planned))
                .as("far, %s", what)
                .isGreaterThan(0.95);
            assertThat(recall(world, far, matching, FilteredSearchTest::bySketches))
                .as("far, by sketches, %s", what)
                .isGreaterThan(0.95);
            assertThat(recall(world, far, matching, byOrExactly(new Way.Codes(Long.MAX_VALUE))))
                .as("far, by codes, %s", what)
                .isGreaterThan(0.95);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void twoHopsFindWhatMatchesWhereverItIs(Form form) throws IOException {
    long seed = 40 + form.ordinal();
    for (Metric metric : new Metric[] {Metric.COSINE, Metric.DOT, Metric.EUCLID}) {
      try (VectorWorld world = world(form, metric, seed)) {
        for (double share : new double[] {0.05, 0.1, 0.5}) {
          for (boolean isRandom : new boolean[] {true, false}) {
            BitSet matching = matching(world, share, isRandom);
            List<float[]> queries = queries(world, matching);
            Way twoHop = new Way.TwoHop(FAR);
            Search hops = isRandom ? by(twoHop) : byOrExactly(twoHop);
            assertThat(recall(world, queries, matching, hops))
                .as("seed %d %s %s %s %s", seed, form, metric, share, isRandom)
                .isGreaterThan(metric == Metric.DOT ? 0.7 : 0.9); // Graphs by products are worse.
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aWalkThatMeetsFewMatchesIsGivenUpEarly(Form form) throws IOException {
    try (VectorWorld world = world(form, Metric.EUCLID, 60 + form.ordinal())) {
      VectorFieldSnapshot snapshot = world.field.snapshot();
      TopSlots top = new TopSlots(K);
      WalkLimits limits = new WalkLimits(Integer.MAX_VALUE, Long.MAX_VALUE, 0.05);
      for (int i = 0; i < 10; i++) {
        float[] query = world.vector();
        BitSet farthest = new BitSet();
        List<Integer> nearestFirst = world.exact(query, ROWS, slot -> true);
        nearestFirst.subList(ROWS * 9 / 10, ROWS).forEach(farthest::set);
        top.reset(K);
        SlotSearch walk = new SlotSearch(K, EF, new Way.Walk(limits));
        assertThat(snapshot.search(query, walk, farthest::get, top)).isFalse();
        assertThat(top.visitedRows()).isLessThan(ROWS / 2); // All would be six times the rows.
      }
      snapshot.release();
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void limitsEndASearch(Form form) throws IOException {
    try (VectorWorld world = world(form, Metric.EUCLID, 70 + form.ordinal())) {
      BitSet matching = matching(world, 0.02, true);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (Way way :
          List.of(
              new Way.Walk(new WalkLimits(200, Long.MAX_VALUE, 0)),
              new Way.Walk(new WalkLimits(Integer.MAX_VALUE, 300, 0)),
              new Way.TwoHop(new HopLimits(48, 1_000, 100)))) {
        TopSlots top = new TopSlots(K);
        assertThat(snapshot.search(world.vector(), new SlotSearch(K, EF, way), matching::get, top))
            .as("%s", way)
            .isFalse();
        assertThat(top.visitedRows()).isBetween(100L, 3_000L);
      }
      snapshot.release();
    }
  }

  @Test
  void aLimitedWalkThatIsShortOfHitsDoesNotTestEveryRow() throws IOException {
    try (VectorWorld world = world(Form.PLAIN, Metric.EUCLID, 75)) {
      VectorFieldSnapshot snapshot = world.field.snapshot();
      int[] tests = new int[1];
      SlotAcceptor none =
          slot -> {
            tests[0]++;
            return false;
          };
      Way walk = new Way.Walk(new WalkLimits(2 * ROWS, Long.MAX_VALUE, 0));
      TopSlots top = new TopSlots(K);
      assertThat(snapshot.search(world.vector(), new SlotSearch(K, EF, walk), none, top)).isFalse();
      assertThat(tests[0]).isLessThanOrEqualTo(ROWS);
      snapshot.release();
    }
  }

  @Test
  void whatIsTriedIsTold() throws IOException {
    try (VectorWorld world = world(Form.PLAIN, Metric.EUCLID, 80)) {
      BitSet few = matching(world, 0.01, true);
      VectorFieldSnapshot snapshot = world.field.snapshot();
      FilterPlans plans = new FilterPlans();
      var _ = plans.during(() -> planned(snapshot, world.vector(), few));
      assertThat(plans.attempts())
          .containsExactly(new FilterPlans.Attempt(FilterPlans.Plan.SCAN_MATCHES, false));
      snapshot.release();
    }
  }

  @Test
  void sketchScansFindRowsOfEverySegment() throws IOException {
    Random random = new Random(90);
    try (VectorWorld world = world(Form.SEALED, Metric.COSINE, 90)) {
      world.append(300);
      TreeSet<Integer> slots = new TreeSet<>(world.vectors.keySet());
      BitSet matching = new BitSet();
      slots.stream().filter(slot -> random.nextInt(20) == 0).forEach(matching::set);
      matching.set(slots.first());
      matching.set(slots.last());
      matching.set(slots.last() + 10); // No row there.
      VectorFieldSnapshot snapshot = world.field.snapshot();
      for (int i = 0; i < 20; i++) {
        float[] query = world.vector();
        assertThat(bySketches(snapshot, query, matching))
            .isEqualTo(world.exact(query, K, matching::get));
      }
      snapshot.release();
    }
  }

  @Test
  void eachSegmentHasAPlanOfItsOwn() throws IOException {
    try (VectorWorld world = world(Form.SEALED, Metric.COSINE, 95)) {
      world.append(300); // In a segment without a graph.
      VectorFieldSnapshot snapshot = world.field.snapshot();
      assertThat(snapshot.parts()).isGreaterThan(1);
      VectorFieldSnapshot.Part first = snapshot.part(0, SlotSearch.nearest(K, EF));
      BitSet matching = new BitSet();
      world.vectors.keySet().stream()
          .filter(slot -> slot <= first.lastSlot() || slot % 50 == 0)
          .forEach(matching::set);
      FilterPlans plans = new FilterPlans();
      List<float[]> queries = queries(world, matching);
      double recall =
          plans.<Double>during(() -> recall(world, queries, matching, FilteredSearchTest::planned));
      assertThat(recall).isGreaterThan(0.95);
      assertThat(plans.attempts())
          .contains(
              new FilterPlans.Attempt(FilterPlans.Plan.WALK, false),
              new FilterPlans.Attempt(FilterPlans.Plan.SCAN_MATCHES, false));
      assertThat(plans.attempts().size()).isLessThan(4 * queries.size()); // Told once a search.
      snapshot.release();
    }
  }
}
