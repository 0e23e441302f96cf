package dev.eddy.engine.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plans where one way was measured to be clearly better, and what holds for all plans. */
final class FilterPlannerTest {
  /** Where walks compare whole rows. */
  private static FilterSituation ofWholeRows(
      long matches,
      long open,
      long points,
      int dimension,
      int links,
      int wanted,
      int ef,
      boolean isFused) {
    int rowBytes = dimension * Float.BYTES;
    return new FilterSituation(
        matches, open, points, dimension, rowBytes, links, wanted, ef, isFused, rowBytes, 0, false,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    // points, thousandths, ef, whether fused, plans
    "331000, 1, 128, true, SCAN_MATCHES",
    "331000, 20, 128, true, SCAN_SKETCHES",
    "331000, 100, 64, true, WALK TWO_HOP SCAN_SKETCHES",
    "331000, 100, 512, true, WALK SCAN_SKETCHES",
    "331000, 500, 128, true, WALK TWO_HOP SCAN_CODES SCAN_SKETCHES",
    "10000000, 100, 64, true, WALK TWO_HOP SCAN_SKETCHES",
    "10000000, 10, 64, true, WALK TWO_HOP SCAN_SKETCHES",
    "331000, 1, 128, false, SCAN_MATCHES",
    "331000, 10, 128, false, SCAN_MATCHES",
    "331000, 100, 64, false, WALK TWO_HOP SCAN_MATCHES",
    "331000, 500, 128, false, WALK TWO_HOP SCAN_MATCHES",
    "5000, 500, 128, false, SCAN_MATCHES",
    "0, 0, 128, false, SCAN_MATCHES",
  })
  void wherePointsCanBeAskedForTheirMatch(
      int points, int thousandths, int ef, boolean isFused, String plans) {
    long all = Math.max(1, points);
    FilterSituation situation =
        ofWholeRows(all * thousandths / 1_000, 0, all, 100, 32, Math.min(ef, 18), ef, isFused);
    assertThat(kinds(FilterPlanner.plans(situation)))
        .as("%s", FilterPlanner.plans(situation))
        .isEqualTo(plans);
  }

  private static String kinds(List<FilterPlan> plans) {
    return String.join(" ", plans.stream().map(plan -> plan.kind().name()).toList());
  }

  @Test
  void wherePayloadsHaveToBeReadFewAreAsked() {
    FilterSituation many = ofWholeRows(500_000, 1_000_000, 1_000_000, 100, 32, 18, 64, true);
    assertThat(kinds(FilterPlanner.plans(many))).startsWith("WALK");
    FilterSituation few = ofWholeRows(0, 1_000_000, 1_000_000, 100, 32, 18, 64, true);
    assertThat(kinds(FilterPlanner.plans(few))).isEqualTo("SCAN_MATCHES");
  }

  @Test
  void walksByShortCodesAreTriedForFewerMatches() {
    FilterSituation whole = ofWholeRows(2_000, 0, 100_000, 1_024, 32, 18, 100, false);
    assertThat(kinds(FilterPlanner.plans(whole))).isEqualTo("SCAN_MATCHES");
    FilterSituation coded =
        new FilterSituation(2_000, 0, 100_000, 1_024, 4_096, 32, 18, 100, false, 132, 0, false, 0);
    assertThat(kinds(FilterPlanner.plans(coded))).isEqualTo("WALK SCAN_MATCHES");
  }

  /** A million rows of 768 numbers with codes of eight bits, of which 40 are compared whole. */
  private static FilterSituation onDisk(long matches, boolean isOnDisk, int compared) {
    return new FilterSituation(
        matches, 0, 1_000_000, 768, 3_072, 32, 10, 128, false, 776, 0, isOnDisk, compared);
  }

  @Test
  void matchesOnDiskAreEstimatedByTheirOwnCodesWhereThatSavesReads() {
    assertThat(kinds(FilterPlanner.plans(onDisk(100, true, 40)))).isEqualTo("SCAN_MATCHES");
    assertThat(kinds(FilterPlanner.plans(onDisk(5_000, true, 40)))).endsWith("SCAN_OWN_CODES");
    assertThat(kinds(FilterPlanner.plans(onDisk(5_000, false, 40)))).endsWith("SCAN_MATCHES");
    // Estimates are what is wanted, and scores are better.
    assertThat(kinds(FilterPlanner.plans(onDisk(5_000, true, 0)))).endsWith("SCAN_MATCHES");
  }

  @Test
  void rowsOnDiskMakeSearchesByCodesWorthMore() {
    assertThat(kinds(FilterPlanner.plans(onDisk(10_000, false, 0)))).isEqualTo("WALK SCAN_MATCHES");
    assertThat(kinds(FilterPlanner.plans(onDisk(10_000, true, 0))))
        .isEqualTo("WALK TWO_HOP SCAN_MATCHES");
  }

  /** Of 24,000 matches a scan of codes costs no more, and misses less. */
  @Test
  void twoHopsByCodesCostWhatTheCodesDo() {
    assertThat(kinds(FilterPlanner.plans(onDisk(24_000, true, 40))))
        .isEqualTo("WALK SCAN_OWN_CODES");
    assertThat(kinds(FilterPlanner.plans(onDisk(100_000, true, 40))))
        .isEqualTo("WALK TWO_HOP SCAN_OWN_CODES");
  }

  @Test
  void fewOpenPointsAreNoReasonAgainstTestingOrListing() {
    FilterSituation few = ofWholeRows(100_000, 1_000, 1_000_000, 100, 32, 18, 64, true);
    FilterSituation none = ofWholeRows(100_000, 0, 1_000_000, 100, 32, 18, 64, true);
    FilterSituation all = ofWholeRows(100_000, 1_000_000, 1_000_000, 100, 32, 18, 64, true);
    assertThat(kinds(FilterPlanner.plans(few))).isEqualTo(kinds(FilterPlanner.plans(none)));
    assertThat(kinds(FilterPlanner.plans(all))).isNotEqualTo(kinds(FilterPlanner.plans(none)));
  }

  @Test
  void rowsThatLieTogetherAreScoredRatherThanEstimated() {
    FilterSituation scattered =
        new FilterSituation(20_000, 0, 10_000_000, 100, 400, 32, 18, 512, true, 400, 0, false, 0);
    assertThat(kinds(FilterPlanner.plans(scattered))).isEqualTo("WALK SCAN_SKETCHES");
    FilterSituation together =
        new FilterSituation(20_000, 0, 10_000_000, 100, 400, 32, 18, 512, true, 400, 1, false, 0);
    assertThat(kinds(FilterPlanner.plans(together))).endsWith("SCAN_MATCHES");
  }

  @Test
  void aWalkIsOnlyTriedWhereItCouldSaveMuch() {
    FilterSituation much = ofWholeRows(10_000, 0, 100_000, 100, 32, 18, 64, true);
    assertThat(kinds(FilterPlanner.plans(much))).isEqualTo("WALK SCAN_SKETCHES");
    FilterPlan.Walk trial = (FilterPlan.Walk) FilterPlanner.plans(much).getFirst();
    assertThat(trial.limits().leastShare()).isGreaterThan(0.1); // More than match on average.
    FilterSituation little = ofWholeRows(2_500, 0, 100_000, 100, 32, 18, 128, true);
    assertThat(kinds(FilterPlanner.plans(little))).doesNotContain("WALK");
  }

  @Test
  void estimatesThatSaveLittleOrLeaveOutLittleAreNotUsed() {
    FilterSituation few = ofWholeRows(2_000, 0, 1_000_000, 100, 32, 18, 128, true);
    assertThat(kinds(FilterPlanner.plans(few))).isEqualTo("SCAN_MATCHES");
    FilterSituation allWanted = ofWholeRows(300_000, 0, 1_000_000, 100, 32, 10_000, 10_000, true);
    assertThat(kinds(FilterPlanner.plans(allWanted))).doesNotContain("SKETCHES", "CODES");
    FilterSituation many = ofWholeRows(300_000, 0, 1_000_000, 100, 32, 1_000, 1_000, true);
    assertThat(kinds(FilterPlanner.plans(many))).contains("CODES");
  }

  @Test
  void everyPlanEndsWithAScanOfMatchesAndEverythingBeforeHasLimits() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long points = 1 + (long) Math.pow(10, 9 * random.nextDouble());
      FilterSituation situation =
          ofWholeRows(
              (long) (points * Math.pow(random.nextDouble(), 4)),
              (long) (points * random.nextDouble()),
              points,
              1 + random.nextInt(2_000),
              2 + random.nextInt(100),
              1 + random.nextInt(100),
              100 + random.nextInt(10_000),
              random.nextBoolean());
      List<FilterPlan> plans = FilterPlanner.plans(situation);
      assertThat(plans.getLast())
          .as("%s", situation)
          .isInstanceOfAny(
              FilterPlan.ScanMatches.class,
              FilterPlan.ScanSketches.class,
              FilterPlan.ScanOwnCodes.class);
      assertThat(plans.stream().map(FilterPlan::kind)).doesNotHaveDuplicates();
      for (FilterPlan plan : plans.subList(0, plans.size() - 1)) {
        switch (plan) {
          case FilterPlan.Walk walk -> {
            assertThat(walk.limits().beam()).isGreaterThanOrEqualTo(situation.ef());
            assertThat(walk.limits().rows()).isPositive();
            assertThat(walk.limits().leastShare()).isBetween(0.0, 1.0);
          }
          case FilterPlan.TwoHop hop -> assertThat(hop.limits().rows()).isPositive();
          case FilterPlan.ScanSketches _, FilterPlan.ScanCodes _ ->
              assertThat(situation.isFused()).isTrue();
          case FilterPlan.ScanMatches _, FilterPlan.ScanOwnCodes _ ->
              throw new AssertionError("not the last: " + plans);
        }
      }
    }
  }
}
