package dev.eddy.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
  @Test
  void everyOperationRunsOnceAndFailuresAreCounted() throws Exception {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();

    OpenLoop.Outcome outcome =
        new OpenLoop(1_000)
            .run(
                Duration.ofMillis(100),
                number -> {
                  seen.add(number);
                  if (number % 10 == 0) {
                    throw new IllegalStateException("refused");
                  }
                });

    assertThat(seen).hasSize(100);
    assertThat(outcome.latencies().count()).isEqualTo(100);
    assertThat(outcome.failures()).isEqualTo(10);
    assertThat(outcome.firstFailure()).hasMessage("refused");
  }

  @Test
  void aStalledOperationDelaysNoOther() throws Exception {
    CountDownLatch lastRan = new CountDownLatch(1);

    OpenLoop.Outcome outcome =
        new OpenLoop(1_000)
            .run(
                20,
                () -> true,
                number -> {
                  if (number == 0) {
                    lastRan.await(); // Would never come in a closed loop.
                  } else if (number == 19) {
                    lastRan.countDown();
                  }
                });

    assertThat(outcome.latencies().count()).isEqualTo(20);
    assertThat(outcome.latencies().maxMillis()).isGreaterThanOrEqualTo(19);
  }
}
