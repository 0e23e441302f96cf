package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code deploy/smoke/0001-python-client}: the unmodified client, sync and async. */
class PythonClientIT {
  @Test
  void theUnmodifiedPythonClientWorksWithEverythingThatItOffers(@TempDir Path folder)
      throws Exception {
    OutsideScenario scenario =
        OutsideScenario.python(folder, "0001-python-client", "qdrant-client");
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      assertThat(scenario.run(eddy.restPort(), eddy.grpcPort())).contains("rest ok", "grpc ok");
    }
  }
}
