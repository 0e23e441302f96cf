package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code deploy/smoke/0001-python-client}: the unmodified Python client. Skipped, with the
 * reason, where python3 or its packages can't be had.
 */
class PythonClientIT {
  private static final Path ENVIRONMENT = Path.of("target", "python");
  private static final Path SCENARIO = Path.of("..", "smoke", "0001-python-client", "scenario.py");

  private record Finished(int code, String output) {}

  private static Finished run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "python", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return new Finished(-1, "timed out: " + Files.readString(output));
    }
    return new Finished(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private static String python(Path folder) throws InterruptedException {
    try {
      String python = ENVIRONMENT.resolve("bin/python").toAbsolutePath().toString();
      if (!Files.exists(Path.of(python))) {
        Finished made = run(folder, List.of("python3", "-m", "venv", ENVIRONMENT.toString()));
        assumeTrue(made.code == 0, () -> "skipped: no virtual environment: " + made.output);
      }
      Finished installed =
          run(folder, List.of(python, "-m", "pip", "install", "-q", "qdrant-client==1.18.0"));
      assumeTrue(installed.code == 0, () -> "skipped: pip does not work: " + installed.output);
      return python;
    } catch (IOException e) {
      assumeTrue(false, "skipped: no python3: " + e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theUnmodifiedPythonClientWorksOverRestAndGrpc(@TempDir Path folder) throws Exception {
    String python = python(folder);
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"))) {
      Finished walked =
          run(
              folder,
              List.of(
                  python,
                  SCENARIO.toString(),
                  Integer.toString(eddy.restPort()),
                  Integer.toString(eddy.grpcPort())));
      assertThat(walked.code).as(walked.output).isZero();
      assertThat(walked.output).contains("rest ok", "grpc ok");
    }
  }
}
