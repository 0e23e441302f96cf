package dev.eddy.model.error;

import dev.eddy.model.limit.Limit;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one exception with a stable code. The message is what a client may read. */
public final class EddyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int retryAfterSeconds;
  private final @Nullable Limit limit;

  public EddyException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public EddyException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, code == ErrorCode.OVERLOADED ? 1 : 0, null);
  }

  private EddyException(
      ErrorCode code,
      String message,
      @Nullable Throwable cause,
      int retryAfterSeconds,
      @Nullable Limit limit) {
    // The stack of a user's mistake is of no interest and costs more than the answer.
    super(message, cause, false, code.kind() != ErrorCode.Kind.USER);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.limit = limit;
  }

  /** The same, for being beyond a limit of this node, so that it is counted as that. */
  public EddyException beyond(Limit exceeded) {
    return new EddyException(code, text(), getCause(), retryAfterSeconds, exceeded);
  }

  /** The limit of this node that was exceeded, if that is the reason. */
  public Optional<Limit> limit() {
    return Optional.ofNullable(limit);
  }

  /**
   * A 422 for more than a limit takes.
   *
   * @param path where in the request
   * @param what of what there is too much, in the plural
   */
  public static EddyException tooMany(Limit limit, String path, long found, String what, long max) {
    return validation(
            "%s: value of %d %s invalid, must be at most %d (limit %s)"
                .formatted(path, found, what, max, limit.apiName()))
        .beyond(limit);
  }

  /** When it may be worth trying again, in seconds; 0 = nothing is known of that. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /**
   * A 429 with the contract's prefix.
   *
   * @param retryAfterSeconds 0 = it would not help
   */
  public static EddyException rateLimited(String text, int retryAfterSeconds) {
    return new EddyException(
        ErrorCode.RATE_LIMITED, "Rate limiting exceeded: " + text, null, retryAfterSeconds, null);
  }

  public ErrorCode code() {
    return code;
  }

  /** {@link #getMessage()}, never null. */
  public String text() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }

  /** A 400 with the contract's "Wrong input:" prefix. */
  public static EddyException wrongInput(String text) {
    return new EddyException(ErrorCode.WRONG_INPUT, "Wrong input: " + text);
  }

  /** A 400 with the contract's "Bad request:" prefix. */
  public static EddyException badRequest(String text) {
    return new EddyException(ErrorCode.BAD_REQUEST, "Bad request: " + text);
  }

  /** A 404 with the contract's "Not found:" prefix. */
  public static EddyException notFound(String text) {
    return new EddyException(ErrorCode.NOT_FOUND, "Not found: " + text);
  }

  /**
   * A declared rule is broken at a place of the body. The edge wraps it as {@code Validation error
   * in JSON body: [path: rule]} (REST) or {@code Validation error in body: [path: rule]} (gRPC).
   *
   * @param pathAndRule for instance {@code limit: value 0 invalid, must be 1 or larger}
   */
  public static EddyException validation(String pathAndRule) {
    return new EddyException(ErrorCode.VALIDATION, pathAndRule);
  }

  /**
   * No vector can be made of what a client sent for one; a 400 with the contract's prefix.
   *
   * @param path of it in the request
   */
  public static EddyException inference(String path, String why) {
    return new EddyException(ErrorCode.INFERENCE, "Inference error: " + path + ": " + why);
  }

  /** A part of the contract that is refused because it is not built yet. */
  public static EddyException notImplemented(String what) {
    return new EddyException(ErrorCode.NOT_IMPLEMENTED, "Not implemented: " + what);
  }
}
