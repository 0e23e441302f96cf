package dev.eddy.query.strict;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.error.EddyException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Numbers that may not be exceeded, with the contract's texts. */
final class StrictLimits {
  private StrictLimits() {}

  /** The limits of a collection, where they count. */
  static Optional<StrictMode> of(CollectionSpec spec) {
    return spec.strictModeOn();
  }

  static void check(@Nullable Number max, long value, String what) {
    if (max != null && value > max.longValue()) {
      throw exceeded(value, max.longValue(), what);
    }
  }

  static void check(@Nullable Double max, double value, String what) {
    if (max != null && value > max) {
      throw exceeded(value, max, what);
    }
  }

  private static EddyException exceeded(Number value, Number max, String what) {
    return EddyException.badRequest(
        "Limit exceeded %s > %s for \"%s\". Help: Reduce the \"%s\" parameter to or below %s."
            .formatted(value, max, what, what, max));
  }

  /**
   * The time a request may take.
   *
   * @param standard what it is when the client gave none: then it is cut to the limit, else refused
   */
  static Duration timeout(StrictMode limits, Duration given, Duration standard) {
    Integer max = limits.maxTimeout();
    if (max == null || given.toSeconds() <= max) {
      return given;
    }
    if (!given.equals(standard)) {
      check(max, given.toSeconds(), "timeout");
    }
    return Duration.ofSeconds(max);
  }
}
