package dev.eddy.model.query;

import dev.eddy.model.json.KeyPath;
import org.jspecify.annotations.Nullable;

/**
 * Order by the values of a payload field; a point with several values comes once per value.
 *
 * @param startFrom the first value, inclusive, or null
 */
public record Ordering(KeyPath key, boolean isDescending, @Nullable Start startFrom) {

  /** Where an order starts. */
  public sealed interface Start {
    record Whole(long value) implements Start {}

    record Real(double value) implements Start {}

    /** Microseconds since 1970 UTC. */
    record Moment(long micros) implements Start {}
  }
}
