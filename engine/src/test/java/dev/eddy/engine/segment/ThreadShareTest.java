package dev.eddy.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ThreadShareTest {
  /** Position of the nice value after the command name, see proc(5). */
  private static final int NICE_AFTER_NAME = 16;

  @Test
  @EnabledOnOs(OS.LINUX)
  void lowersTheCallingThreadAndNoOther() throws Exception {
    int before = nice();
    FutureTask<Integer> lowered =
        new FutureTask<>(() -> {
          ThreadShare.lower();
          return nice();
        });
    Thread.ofPlatform().start(lowered);

    assertThat(lowered.get()).isEqualTo(10);
    assertThat(nice()).isEqualTo(before);
  }

  private static int nice() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Integer.parseInt(fields[NICE_AFTER_NAME]);
  }
}
