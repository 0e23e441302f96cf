package dev.eddy.model.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.usage.HardwareUsage.Part;
import org.junit.jupiter.api.Test;

final class HardwareUsageTest {
  @Test
  void whatIsDoneDuringARequestCountsForItAndNothingElse() {
    HardwareUsage usage = new HardwareUsage();
    HardwareUsage.add(Part.CPU, 7);
    assertThat(usage.isZero()).isTrue();
    String result =
        usage.during(() -> {
          HardwareUsage.add(Part.CPU, 5);
          HardwareUsage.add(Part.CPU, 6);
          HardwareUsage.add(Part.VECTOR_READ, 1);
          assertThat(HardwareUsage.current()).containsSame(usage);
          return "done";
        });
    assertThat(result).isEqualTo("done");
    assertThat(HardwareUsage.current()).isEmpty();
    HardwareUsage.add(Part.CPU, 7);
    assertThat(usage.get(Part.CPU)).isEqualTo(11);
    assertThat(usage.get(Part.VECTOR_READ)).isEqualTo(1);
    assertThat(usage.get(Part.PAYLOAD_READ)).isZero();
    assertThat(usage.isZero()).isFalse();
  }

  @Test
  void aTaskThatIsHandedOverWorksForTheSameRequest() throws InterruptedException {
    HardwareUsage usage = new HardwareUsage();
    Thread other =
        usage.during(() ->
            Thread.ofVirtual()
                .unstarted(HardwareUsage.carried(() -> HardwareUsage.add(Part.CPU, 3))));
    Thread foreign =
        Thread.ofVirtual().unstarted(HardwareUsage.carried(() -> HardwareUsage.add(Part.CPU, 100)));
    other.start();
    foreign.start();
    other.join();
    foreign.join();
    assertThat(usage.get(Part.CPU)).isEqualTo(3);
  }
}
