package dev.eddy.query.rest.error;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.shard.ShardException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where error codes become HTTP statuses and the contract's texts. Safe from any
 * thread.
 *
 * <p>A user's mistake is only logged at debug; a failure of ours is logged here once, at most one a
 * second in full.
 */
public final class ProblemHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
  private static final long LOG_INTERVAL_NANOS = 1_000_000_000L;
  private static final String ALREADY_WRAPPED = "Validation error in ";

  private final LongSupplier nanoClock;
  private final AtomicLong lastLoggedNanos;

  /**
   * Creates a handler.
   *
   * @param nanoClock monotonic, as {@link System#nanoTime}
   */
  public ProblemHandler(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lastLoggedNanos = new AtomicLong(nanoClock.getAsLong() - LOG_INTERVAL_NANOS);
  }

  /**
   * What to answer after a failure.
   *
   * @param pathPrefix put before the path in a validation text that a service gave
   */
  public Problem problem(Throwable failure, String pathPrefix) {
    return switch (failure) {
      case EddyException known -> known(known, pathPrefix);
      case ShardException shard -> unexpected(503, "Service unavailable: ", shard);
      case SocketTimeoutException ignored ->
          new Problem(408, "Timeout: the request body did not arrive in time", 0);
      default -> unexpected(500, "Service internal error: ", failure);
    };
  }

  /** The HTTP status of an error code. */
  public static int status(ErrorCode code) {
    return switch (code) {
      case WRONG_INPUT, BAD_REQUEST, MALFORMED_BODY, INFERENCE -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case STANDALONE_MODE -> 405;
      case TIMEOUT -> 408;
      case ALREADY_EXISTS -> 409;
      case WRONG_GENERATION -> 412;
      case PAYLOAD_TOO_LARGE -> 413;
      case VALIDATION -> 422;
      case OVERLOADED, RATE_LIMITED -> 429;
      case INTERNAL -> 500;
      case NOT_IMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case OUTCOME_UNKNOWN -> 504;
      case INSUFFICIENT_STORAGE -> 507;
    };
  }

  private Problem known(EddyException failure, String pathPrefix) {
    String text = failure.text();
    String told =
        switch (failure.code()) {
          case VALIDATION ->
              text.startsWith(ALREADY_WRAPPED)
                  ? text
                  : "Validation error in JSON body: [" + pathPrefix + text + "]";
          case TIMEOUT -> prefixed("Timeout: ", text);
          case FORBIDDEN -> prefixed("Forbidden: ", text);
          case INTERNAL -> prefixed("Service internal error: ", text);
          default -> text;
        };
    switch (failure.code().kind()) {
      case USER, RESOURCES -> LOG.debug("rest_refused code={} text=\"{}\"", failure.code(), text);
      case INTERNAL -> log(failure);
    }
    return new Problem(status(failure.code()), told, failure.retryAfterSeconds());
  }

  private Problem unexpected(int status, String prefix, Throwable failure) {
    log(failure);
    String message = failure.getMessage();
    return new Problem(
        status, prefix + (message == null ? failure.getClass().getSimpleName() : message), 0);
  }

  private static String prefixed(String prefix, String text) {
    return text.startsWith(prefix) ? text : prefix + text;
  }

  private void log(Throwable failure) {
    long now = nanoClock.getAsLong();
    long last = lastLoggedNanos.get();
    if (now - last >= LOG_INTERVAL_NANOS && lastLoggedNanos.compareAndSet(last, now)) {
      LOG.error("rest_failed", failure);
    } else {
      LOG.debug("rest_failed", failure);
    }
  }
}
