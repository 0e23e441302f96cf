package dev.eddy.proto.rpc;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.error.Excerpt;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.proto.shard.ErrorDetail;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failures of the internal services as gRPC statuses and back. The status says it to tools, the
 * {@link ErrorDetail} in the trailer to the other node.
 */
public final class InternalErrors {
  /** The trailer {@code eddy-error-bin}. */
  public static final Metadata.Key<ErrorDetail> DETAIL =
      Metadata.Key.of(
          "eddy-error-bin", ProtoUtils.metadataMarshaller(ErrorDetail.getDefaultInstance()));

  /** Trailers are bounded by the transport; a longer message is cut. */
  private static final int MESSAGE_MAX = 1_000;

  private InternalErrors() {}

  /**
   * The status that a server answers with.
   *
   * @param failure an {@link EddyException}, a {@link ShardException}, an {@link
   *     IllegalArgumentException} of a malformed message, or anything unexpected
   */
  public static StatusRuntimeException toStatus(Throwable failure) {
    String message = cut(failure.getMessage());
    ErrorDetail.Builder detail = ErrorDetail.newBuilder().setMessage(message);
    Status status =
        switch (failure) {
          case ShardException shard -> {
            detail.setShardReason(shard.reason().name());
            yield status(shard.reason());
          }
          case EddyException eddy -> {
            detail.setErrorCode(eddy.code().name());
            eddy.limit().ifPresent(limit -> detail.setLimit(limit.name()));
            yield status(eddy.code());
          }
          case IllegalArgumentException ignored -> {
            detail.setErrorCode(ErrorCode.INTERNAL.name());
            yield Status.INVALID_ARGUMENT;
          }
          default -> {
            detail.setErrorCode(ErrorCode.INTERNAL.name());
            yield Status.INTERNAL;
          }
        };
    Metadata trailers = new Metadata();
    trailers.put(DETAIL, detail.build());
    return status.withDescription(message).withCause(failure).asRuntimeException(trailers);
  }

  /**
   * What a call to a shard failed with, as {@link dev.eddy.model.shard.ShardService} says it: a
   * {@link ShardException}, or an {@link EddyException} for a user's mistake.
   */
  public static RuntimeException fromShard(StatusRuntimeException failure) {
    Optional<ErrorDetail> detail = detail(failure);
    String message = detail.map(ErrorDetail::getMessage).orElseGet(() -> cut(text(failure)));
    if (detail.isPresent() && detail.get().hasErrorCode()) {
      ErrorCode code = code(detail.get().getErrorCode());
      // Too large an answer is so on every replica.
      if (code.kind() == ErrorCode.Kind.USER || code == ErrorCode.RATE_LIMITED) {
        EddyException refused = new EddyException(code, message, failure);
        return limit(detail.get()).map(refused::beyond).orElse(refused);
      }
    }
    Reason reason =
        detail
            .filter(ErrorDetail::hasShardReason)
            .flatMap(each -> reason(each.getShardReason()))
            .orElseGet(() -> reason(failure.getStatus().getCode()));
    return new ShardException(reason, message, failure);
  }

  /** What a forwarded change of collections failed with. */
  public static EddyException fromPeer(StatusRuntimeException failure) {
    Optional<ErrorDetail> detail = detail(failure).filter(ErrorDetail::hasErrorCode);
    ErrorCode code =
        detail
            .map(each -> code(each.getErrorCode()))
            .orElseGet(() -> peerCode(failure.getStatus().getCode()));
    String message = detail.map(ErrorDetail::getMessage).orElseGet(() -> cut(text(failure)));
    return new EddyException(code, message, failure);
  }

  private static Optional<ErrorDetail> detail(StatusRuntimeException failure) {
    return Optional.ofNullable(failure.getTrailers())
        .flatMap(trailers -> Optional.ofNullable(trailers.get(DETAIL)));
  }

  private static Status status(Reason reason) {
    return switch (reason) {
      case NOT_HOSTED -> Status.NOT_FOUND;
      case NOT_SERVING, UNREACHABLE -> Status.UNAVAILABLE;
      case STALE -> Status.FAILED_PRECONDITION;
      case LEASE_LOST -> Status.ABORTED;
      case OVERLOADED -> Status.RESOURCE_EXHAUSTED;
      case TIMEOUT -> Status.DEADLINE_EXCEEDED;
      case FAILED -> Status.INTERNAL;
    };
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
      case OUTCOME_UNKNOWN -> Status.UNKNOWN;
      case INTERNAL -> Status.INTERNAL;
    };
  }

  /** Of a status that our server did not send: the transport's own. */
  private static Reason reason(Status.Code code) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> Reason.TIMEOUT;
      case UNAVAILABLE, CANCELLED -> Reason.UNREACHABLE;
      case RESOURCE_EXHAUSTED -> Reason.OVERLOADED;
      case UNIMPLEMENTED -> Reason.NOT_HOSTED;
      default -> Reason.FAILED;
    };
  }

  /** A change that was sent may have happened, unless the node says that it was never reached. */
  private static ErrorCode peerCode(Status.Code code) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> ErrorCode.TIMEOUT;
      case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
      default -> ErrorCode.INTERNAL;
    };
  }

  private static Optional<Reason> reason(String name) {
    return Arrays.stream(Reason.values()).filter(each -> each.name().equals(name)).findFirst();
  }

  private static Optional<Limit> limit(ErrorDetail detail) {
    return Arrays.stream(Limit.values())
        .filter(each -> each.name().equals(detail.getLimit()))
        .findFirst();
  }

  private static ErrorCode code(String name) {
    return Arrays.stream(ErrorCode.values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElse(ErrorCode.INTERNAL);
  }

  private static String text(StatusRuntimeException failure) {
    String description = failure.getStatus().getDescription();
    return failure.getStatus().getCode() + (description == null ? "" : ": " + description);
  }

  private static String cut(@Nullable String message) {
    return message == null ? "no message" : Excerpt.of(message, MESSAGE_MAX);
  }
}
