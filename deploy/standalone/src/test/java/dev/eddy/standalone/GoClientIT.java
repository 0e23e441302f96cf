package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code deploy/smoke/0006-go-client}: the unmodified Go client. */
class GoClientIT {
  @Test
  void theUnmodifiedGoClientWorksWithEverythingThatItOffers(@TempDir Path folder) throws Exception {
    OutsideScenario scenario = OutsideScenario.go(folder, "0006-go-client");
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      assertThat(scenario.run(eddy.grpcPort())).contains("go ok");
    }
  }
}
