package dev.eddy.query.write;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a writer waits for.
 *
 * @param awaitApplied whether to answer after apply, with the verdict; otherwise after the log has
 *     it
 * @param timeout bounds the wait for apply; positive
 */
public record WriteOptions(boolean awaitApplied, Duration timeout) {
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(60);
  public static final WriteOptions ACKNOWLEDGE = new WriteOptions(false, TIMEOUT_DEFAULT);
  public static final WriteOptions COMPLETE = new WriteOptions(true, TIMEOUT_DEFAULT);

  public WriteOptions {
    requireNonNull(timeout, "timeout");
  }
}
