package dev.eddy.query.grpc;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.error.Excerpt;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where failures become gRPC statuses. Stateless. */
final class RpcErrors {
  private static final Logger LOG = LoggerFactory.getLogger(RpcErrors.class);
  static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

  /** Trailers are bounded by clients; a longer text is cut. */
  private static final int TEXT_MAX = 4_000;

  private RpcErrors() {}

  /** The status of a failed request, with what belongs into its trailers. */
  static StatusException translate(Throwable failure) {
    if (!(failure instanceof EddyException known)) {
      LOG.error("request_failed", failure);
      return Status.INTERNAL
          .withDescription("Service internal error: " + failure.getClass().getSimpleName())
          .asException();
    }
    if (known.code().kind() == ErrorCode.Kind.INTERNAL) {
      LOG.warn("request_failed code={} text={}", known.code(), known.text());
    }
    Status status = status(known.code()).withDescription(text(known));
    if (known.retryAfterSeconds() == 0) {
      return status.asException();
    }
    Metadata trailers = new Metadata();
    trailers.put(RETRY_AFTER, Integer.toString(known.retryAfterSeconds()));
    return status.asException(trailers);
  }

  private static String text(EddyException failure) {
    String text =
        failure.code() == ErrorCode.VALIDATION
            ? "Validation error in body: [" + failure.text() + "]"
            : failure.text();
    return Excerpt.of(text, TEXT_MAX);
  }

  private static Status status(ErrorCode code) {
    return switch (code) {
      case WRONG_INPUT, BAD_REQUEST, MALFORMED_BODY, VALIDATION, INFERENCE, PAYLOAD_TOO_LARGE ->
          Status.INVALID_ARGUMENT;
      case NOT_FOUND -> Status.NOT_FOUND;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case FORBIDDEN -> Status.PERMISSION_DENIED;
      case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
      case NOT_IMPLEMENTED, STANDALONE_MODE -> Status.UNIMPLEMENTED;
      case WRONG_GENERATION -> Status.FAILED_PRECONDITION;
      case TIMEOUT -> Status.DEADLINE_EXCEEDED;
      case OVERLOADED, RATE_LIMITED, INSUFFICIENT_STORAGE -> Status.RESOURCE_EXHAUSTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
      // Not UNAVAILABLE, which clients repeat by themselves.
      case OUTCOME_UNKNOWN -> Status.UNKNOWN;
      case INTERNAL -> Status.INTERNAL;
    };
  }
}
