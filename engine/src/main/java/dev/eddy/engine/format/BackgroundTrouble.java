package dev.eddy.engine.format;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Background work of a field that does not succeed, such as for a full disk: tried again with
 * growing delay, told once. Rows stay where they are meanwhile, searchable. Owned by the writer.
 */
public final class BackgroundTrouble {
  private static final Logger log = LoggerFactory.getLogger(BackgroundTrouble.class);
  private static final long DELAY_NANOS_MIN = 1_000_000_000L;
  private static final int DOUBLINGS_MAX = 6;

  private final String field;
  private final String work;
  private final LongSupplier nanoClock;
  private int failures;
  private long notBeforeNanos;
  private @Nullable Throwable cause;

  /** None so far when writing files, of what is called so in the log; with a monotonic clock. */
  public BackgroundTrouble(String field, LongSupplier nanoClock) {
    this(field, "sealing or merging", nanoClock);
  }

  /** None so far, of what is called so in the log, when doing this; with a monotonic clock. */
  public BackgroundTrouble(String field, String work, LongSupplier nanoClock) {
    this.field = field;
    this.work = work;
    this.nanoClock = nanoClock;
  }

  /** Whether trying again may help: not behind what says that the process can't go on. */
  public static boolean isTemporary(Throwable failure) {
    return !(root(failure) instanceof Error);
  }

  private static Throwable root(Throwable failure) {
    Throwable inner = failure.getCause();
    return failure instanceof CompletionException && inner != null ? inner : failure;
  }

  /** It failed, and is to be tried again later. */
  public void happened(Throwable failure) {
    cause = failure;
    notBeforeNanos = nanoClock.getAsLong() + (DELAY_NANOS_MIN << Math.min(DOUBLINGS_MAX, failures));
    failures++;
    if (failures == 1) {
      log.error(
          "event=background-work-failed field={} work=\"{}\" retry=\"with growing delay\"",
          field,
          work,
          failure);
    } else {
      log.debug("event=background-work-failed field={} failures={}", field, failures, failure);
    }
  }

  /** It succeeded. */
  public void over() {
    if (failures > 0) {
      log.info("event=background-work-succeeds-again field={} failures={}", field, failures);
      failures = 0;
      cause = null;
    }
  }

  /** Whether it failed last time. */
  public boolean isGoingOn() {
    return failures > 0;
  }

  /** Whether it is time to try. */
  public boolean mayTry() {
    return failures == 0 || nanoClock.getAsLong() - notBeforeNanos >= 0;
  }

  /** Why it failed last time; empty when it did not. */
  public Optional<String> reason() {
    return Optional.ofNullable(cause)
        .map(BackgroundTrouble::root)
        .map(failure -> work + " fails: " + failure);
  }
}
