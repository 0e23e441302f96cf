package dev.eddy.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
  @Test
  void thisProcessUsesSomething() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "no procfs on this system");
    ProcessUsage usage = ProcessUsage.ofThisProcess();

    assertThat(usage.cpuSeconds()).isPositive();
    assertThat(usage.residentMib()).isPositive();
    assertThat(usage.threads()).isGreaterThan(1);
    assertThat(usage.openFiles()).isPositive();
    assertThat(usage.cpuSecondsByThread()).isNotEmpty();
  }

  @Test
  void aProcessThatIsGoneUsesNothing() {
    ProcessUsage usage = new ProcessUsage(Integer.MAX_VALUE);

    assertThat(usage.cpuSeconds()).isNaN();
    assertThat(usage.residentMib()).isZero();
    assertThat(usage.cpuSecondsByThread()).isEmpty();
  }
}
