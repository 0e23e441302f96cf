package dev.eddy.proto.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

final class InternalErrorsTest {

  @Test
  void everyReasonOfAShardArrivesAsItself() {
    for (Reason reason : Reason.values()) {
      StatusRuntimeException status =
          InternalErrors.toStatus(new ShardException(reason, "lag 17 größer"));
      RuntimeException back = InternalErrors.fromShard(status);
      assertThat(back).isInstanceOf(ShardException.class).hasMessage("lag 17 größer");
      assertThat(((ShardException) back).reason()).isEqualTo(reason);
    }
  }

  @Test
  void everyErrorCodeArrivesAsItselfFromAPeer() {
    for (ErrorCode code : ErrorCode.values()) {
      EddyException back =
          InternalErrors.fromPeer(InternalErrors.toStatus(new EddyException(code, "why")));
      assertThat(back.code()).isEqualTo(code);
      assertThat(back).hasMessage("why");
    }
  }

  @Test
  void aUsersMistakeFoundByAShardStaysOne() {
    RuntimeException back =
        InternalErrors.fromShard(InternalErrors.toStatus(EddyException.wrongInput("no")));
    assertThat(back).isInstanceOf(EddyException.class).hasMessage("Wrong input: no");
  }

  @Test
  void whatTheTransportSaysIsToldApart() {
    assertThat(reason(Status.UNAVAILABLE)).isEqualTo(Reason.UNREACHABLE);
    assertThat(reason(Status.DEADLINE_EXCEEDED)).isEqualTo(Reason.TIMEOUT);
    assertThat(reason(Status.RESOURCE_EXHAUSTED)).isEqualTo(Reason.OVERLOADED);
    assertThat(reason(Status.UNKNOWN)).isEqualTo(Reason.FAILED);
    assertThat(InternalErrors.fromPeer(Status.UNAVAILABLE.asRuntimeException()).code())
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void anUnexpectedFailureIsAFailedShard() {
    RuntimeException back =
        InternalErrors.fromShard(InternalErrors.toStatus(new IllegalStateException("bug")));
    assertThat(back).isInstanceOf(ShardException.class).hasMessage("bug");
    assertThat(((ShardException) back).reason()).isEqualTo(Reason.FAILED);
  }

  @Test
  void aLongMessageIsCutToFitATrailer() {
    StatusRuntimeException status =
        InternalErrors.toStatus(new ShardException(Reason.FAILED, "x".repeat(100_000)));
    assertThat(InternalErrors.fromShard(status).getMessage()).hasSize(1_003);
  }

  private static Reason reason(Status status) {
    return ((ShardException) InternalErrors.fromShard(status.asRuntimeException())).reason();
  }
}
