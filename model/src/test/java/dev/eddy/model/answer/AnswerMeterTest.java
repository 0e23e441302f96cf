package dev.eddy.model.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnswerMeterTest {
  private static final Limits LIMITS =
      Limits.DEFAULT.with(Limit.ANSWER, 2_000).with(Limit.ANSWERS, 3_000);

  @Test
  void oneAnswerMayBeAsLargeAsTheLimitAndNoByteMore() {
    try (AnswerMeter meter = AnswerMeter.single(2_000)) {
      meter.add(2_000);
      EddyException refused = catchThrowableOfType(EddyException.class, () -> meter.add(1));
      assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
      assertThat(refused.limit()).contains(Limit.ANSWER);
      assertThat(refused.retryAfterSeconds()).as("the same again would not help").isZero();
      assertThat(refused).hasMessageContaining("more than 2000 bytes of memory, 2001 so far");
    }
  }

  @Test
  void answersShareMemoryAndGiveItBack() {
    AtomicLong all = new AtomicLong();
    try (AnswerMeter first = AnswerMeter.sharing(LIMITS, all);
        AnswerMeter second = AnswerMeter.sharing(LIMITS, all)) {
      first.add(1_500);
      second.add(1_500);
      EddyException refused = catchThrowableOfType(EddyException.class, () -> second.add(1));
      assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(refused.limit()).contains(Limit.ANSWERS);
      assertThat(refused.retryAfterSeconds()).isPositive();
    }
    assertThat(all).hasValue(0);
  }

  @Test
  void whatComesLateIsNotCounted() {
    AtomicLong all = new AtomicLong();
    AnswerMeter meter = AnswerMeter.sharing(LIMITS, all);
    meter.add(700);
    meter.close();
    meter.add(600);
    meter.add(2_001);
    assertThat(all).hasValue(0);
    assertThat(meter.bytes()).isZero();
    meter.close();
    assertThat(all).hasValue(0);
  }

  @Test
  void whatComesLateNeverRefusesOthers() throws Exception {
    AtomicLong all = new AtomicLong();
    AtomicBoolean isOver = new AtomicBoolean();
    AnswerMeter gone = AnswerMeter.sharing(LIMITS, all);
    gone.close();
    Thread late =
        Thread.ofPlatform()
            .start(() -> {
              while (!isOver.get()) {
                gone.add(2_000);
              }
            });
    try {
      for (int i = 0; i < 200_000; i++) {
        try (AnswerMeter meter = AnswerMeter.sharing(LIMITS, all)) {
          meter.add(1_500);
        }
      }
    } finally {
      isOver.set(true);
      late.join();
    }
    assertThat(all).hasValue(0);
  }

  @Test
  void everyByteIsGivenBackHoweverThreadsMeet() throws Exception {
    AtomicLong all = new AtomicLong();
    for (int i = 0; i < 2_000; i++) {
      AnswerMeter meter = AnswerMeter.sharing(LIMITS, all);
      Thread adding = Thread.ofVirtual().start(() -> meter.add(1_000));
      meter.add(500);
      meter.close();
      adding.join();
    }
    assertThat(all).hasValue(0);
  }

  @Test
  void workIsMeteredAlsoOnThreadsThatItIsCarriedTo() throws Exception {
    try (AnswerMeter meter = AnswerMeter.single(2_000)) {
      Runnable carried = meter.metering(() -> AnswerMeter.carried(() -> AnswerMeter.count(700)));
      Thread thread = Thread.ofVirtual().start(carried);
      thread.join();
      assertThat(meter.bytes()).isEqualTo(700);
    }
    AnswerMeter.count(Long.MAX_VALUE); // Nobody meters this.
  }
}
