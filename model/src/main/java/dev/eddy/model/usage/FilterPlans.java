package dev.eddy.model.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * How shards went about the filtered searches of a request. Who wants to know runs the searches
 * {@link #during} one; who searches calls {@link #tried}, which does nothing where nobody wants to
 * know. For one thread.
 */
public final class FilterPlans {
  /** A way to find the nearest of the points that match a filter. */
  public enum Plan {
    /** All matching points are scored. */
    SCAN_MATCHES,
    /** All matching points are estimated, and the best scored. */
    SCAN_SKETCHES,
    /** All matching points are estimated by vectors' own codes, and the best read and scored. */
    SCAN_OWN_CODES,
    /** All points are estimated, and the best that match scored. */
    SCAN_CODES,
    /** The graph is walked over matching and other points. */
    WALK,
    /** The graph is walked from one matching point to the next. */
    TWO_HOP
  }

  /**
   * One attempt.
   *
   * @param isGivenUp whether it cost more than expected, or could not tell the nearest, and another
   *     plan followed
   */
  public record Attempt(Plan plan, boolean isGivenUp) {}

  /** All segments that were left to be scanned, together. */
  public static final int ALL_SEGMENTS = -1;

  /** A number that is not known without more work. */
  public static final long UNKNOWN = -1;

  /**
   * What became of a plan in one place.
   *
   * @param query of those that were asked for together, from 0 on
   * @param segment of the shard as it was searched, from 0 on, or {@link #ALL_SEGMENTS}
   * @param points that are searched there
   * @param estimated points that match there, as known before, or {@link #UNKNOWN}
   * @param matched points that did match, where all were looked at, or {@link #UNKNOWN}
   * @param visitedRows rows that were compared, estimated or met
   * @param costRows of how many whole rows compared that is the cost
   */
  public record Step(
      int query,
      int segment,
      Plan plan,
      boolean isGivenUp,
      long points,
      long estimated,
      long matched,
      long visitedRows,
      long costRows) {}

  private static final ScopedValue<FilterPlans> CURRENT = ScopedValue.newInstance();

  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private int query;

  /** Tells the current one of an attempt, if there is one. */
  public static void tried(Plan plan, boolean isGivenUp) {
    if (CURRENT.isBound()) {
      CURRENT.get().attempts.add(new Attempt(plan, isGivenUp));
    }
  }

  /** Tells the current one which of several queries comes now, if there is one. */
  public static void ofQuery(int index) {
    if (CURRENT.isBound()) {
      CURRENT.get().query = index;
    }
  }

  /** Tells the current one what became of a plan, if there is one; numbers as in {@link Step}. */
  public static void went(
      int segment,
      Attempt attempt,
      long points,
      long estimated,
      long matched,
      long visitedRows,
      long costRows) {
    if (CURRENT.isBound()) {
      FilterPlans plans = CURRENT.get();
      plans.steps.add(
          new Step(
              plans.query,
              segment,
              attempt.plan(),
              attempt.isGivenUp(),
              points,
              estimated,
              matched,
              visitedRows,
              costRows));
    }
  }

  /** Runs work whose attempts are told to this one. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** What became of the plans of each query and segment, in their order. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** All attempts, in their order. */
  public List<Attempt> attempts() {
    return List.copyOf(attempts);
  }
}
