package dev.eddy.model.error;

/**
 * Every reason Eddy refuses or fails a request. Stable: clients, dashboards and dead letters name
 * them.
 *
 * <p>Each edge translates a code once: {@code ErrorCode} to an HTTP status, to a gRPC status.
 */
public enum ErrorCode {
  /** A value breaks a rule; the text starts with "Wrong input:". */
  WRONG_INPUT(Kind.USER),
  /** A request that makes no sense as a whole; the text starts with "Bad request:". */
  BAD_REQUEST(Kind.USER),
  /** A body that is not the expected JSON; the text starts with "Format error in JSON body:". */
  MALFORMED_BODY(Kind.USER),
  /** A body that parses but breaks a declared rule; the text carries the field path in brackets. */
  VALIDATION(Kind.USER),
  /**
   * Nothing here makes a vector of a document, image or object, or not with these options; the text
   * starts with "Inference error:".
   */
  INFERENCE(Kind.USER),
  NOT_FOUND(Kind.USER),
  ALREADY_EXISTS(Kind.USER),
  FORBIDDEN(Kind.USER),
  UNAUTHENTICATED(Kind.USER),
  /** A part of the contract that is not built yet; the text names it. */
  NOT_IMPLEMENTED(Kind.USER),
  /** The operation exists only in a cluster mode Eddy does not have. */
  STANDALONE_MODE(Kind.USER),
  PAYLOAD_TOO_LARGE(Kind.USER),
  /** A token that belongs to another generation of the collection. */
  WRONG_GENERATION(Kind.USER),
  TIMEOUT(Kind.RESOURCES),
  /** A queue or budget is full; try again later. */
  OVERLOADED(Kind.RESOURCES),
  /** More was asked of a collection than it allows in a time; the exception may say when again. */
  RATE_LIMITED(Kind.RESOURCES),
  INSUFFICIENT_STORAGE(Kind.RESOURCES),
  /** No usable replica, no controller, or no log: nothing wrong with the request. */
  UNAVAILABLE(Kind.INTERNAL),
  /** A write was sent and its end is unknown: it may or may not be applied. */
  OUTCOME_UNKNOWN(Kind.INTERNAL),
  INTERNAL(Kind.INTERNAL);

  /** Who can do something about it. */
  public enum Kind {
    USER,
    RESOURCES,
    INTERNAL
  }

  private final Kind kind;

  ErrorCode(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
