package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code deploy/smoke/0005-javascript-clients}: the unmodified clients of both transports. */
class JavaScriptClientIT {
  @Test
  void theUnmodifiedJavaScriptClientsWorkWithEverythingThatTheyOffer(@TempDir Path folder)
      throws Exception {
    OutsideScenario scenario = OutsideScenario.node(folder, "0005-javascript-clients");
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      assertThat(scenario.run(eddy.restPort(), eddy.grpcPort())).contains("rest ok", "grpc ok");
    }
  }
}
