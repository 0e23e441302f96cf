package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs {@code deploy/smoke/0004-differential}: random requests of every family, the same answers
 * over REST and gRPC as from independent engines. A failure names the seed.
 */
class DifferentialIT {
  private static final int OPERATIONS = 300;

  @ParameterizedTest
  @ValueSource(ints = {20_261_122})
  void randomOperationsAreAnsweredAsByTheOracle(int seed, @TempDir Path folder) throws Exception {
    OutsideScenario scenario =
        OutsideScenario.python(folder, "0004-differential", "qdrant-client", "qdrant-edge-py");
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      assertThat(scenario.run(eddy.restPort(), eddy.grpcPort(), seed, OPERATIONS))
          .contains("ok: seed " + seed);
    }
  }
}
