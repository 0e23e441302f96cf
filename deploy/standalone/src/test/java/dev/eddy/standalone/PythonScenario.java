package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A script of {@code deploy/smoke} in a virtual environment with its packages. Skips the test, with
 * the reason, where python3 or a package can't be had.
 */
final class PythonScenario {
  private static final int MINUTES_MAX = 15;
  private static final Path SCENARIOS = Path.of("..", "smoke");

  private final String python;
  private final Path folder;
  private final Path script;

  private record Finished(int code, String output) {}

  private PythonScenario(String python, Path folder, Path script) {
    this.python = python;
    this.folder = folder;
    this.script = script;
  }

  /**
   * Gets the script ready to run.
   *
   * @param folder for the output of the processes
   * @param name the scenario's folder
   * @param packages what pip is asked for, with exact versions
   */
  static PythonScenario of(Path folder, String name, String... packages)
      throws InterruptedException {
    Path script = SCENARIOS.resolve(name).resolve("scenario.py");
    assertThat(script).exists();
    return new PythonScenario(environment(folder, name, List.of(packages)), folder, script);
  }

  private static String environment(Path folder, String name, List<String> packages)
      throws InterruptedException {
    Path environment = Path.of("target", "python", name);
    try {
      String python = environment.resolve("bin/python").toAbsolutePath().toString();
      if (!Files.exists(Path.of(python))) {
        Finished made = run(folder, List.of("python3", "-m", "venv", environment.toString()));
        assumeTrue(made.code == 0, () -> "skipped: no virtual environment: " + made.output);
      }
      List<String> install = new ArrayList<>(List.of(python, "-m", "pip", "install", "-q"));
      install.addAll(packages);
      Finished installed = run(folder, install);
      assumeTrue(installed.code == 0, () -> "skipped: pip does not work: " + installed.output);
      return python;
    } catch (IOException e) {
      assumeTrue(false, "skipped: no python3: " + e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  /** Runs the script to its end and returns what it printed; its failure is the test's. */
  String run(Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Finished finished = run(folder, command);
    assertThat(finished.code).as(finished.output).isZero();
    return finished.output;
  }

  private static Finished run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "python", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return new Finished(-1, "timed out: " + Files.readString(output));
    }
    return new Finished(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
