package dev.eddy.engine.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class WriteGateTest {
  @Test
  void closingWaitsForWhatIsWritten() throws InterruptedException {
    WriteGate gate = new WriteGate();
    assertThat(gate.begin()).isTrue();
    CountDownLatch closed = new CountDownLatch(1);
    Thread closing =
        Thread.ofPlatform()
            .start(() -> {
              gate.close();
              closed.countDown();
            });
    while (!gate.isClosed() || closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(closed.getCount()).isEqualTo(1);
    gate.end();
    closed.await();
    assertThat(gate.begin()).isFalse();
    gate.close();
  }
}
