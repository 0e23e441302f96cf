package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code deploy/smoke/0002-kill-nine} for two rounds, the second from a checkpoint: nothing
 * acknowledged is lost by kill -9, and the state is a sequential replay of the log. How soon the
 * inbox flows again is measured by the scenario alone.
 */
class KillNineIT {
  private static final Path LAUNCHER = Path.of("..", "..", "eddy");
  private static final int SEED = 20_261_122;
  private static final int FLOW_SECONDS = 120;

  @Test
  void nothingIsLostOrDoneTwiceWhenTheProcessIsKilled(@TempDir Path folder) throws Exception {
    OutsideScenario scenario =
        OutsideScenario.python(folder, "0002-kill-nine", "qdrant-client", "kafka-python");

    assertThat(scenario.run(LAUNCHER, 2, SEED, FLOW_SECONDS)).contains("kill-nine ok: rounds 2");
  }
}
