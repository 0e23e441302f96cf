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

  private static final ScopedValue<FilterPlans> CURRENT = ScopedValue.newInstance();

  private final List<Attempt> attempts = new ArrayList<>();

  /** Tells the current one of an attempt, if there is one. */
  public static void tried(Plan plan, boolean isGivenUp) {
    if (CURRENT.isBound()) {
      CURRENT.get().attempts.add(new Attempt(plan, isGivenUp));
    }
  }

  /** Runs work whose attempts are told to this one. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** All attempts, in their order. */
  public List<Attempt> attempts() {
    return List.copyOf(attempts);
  }
}
