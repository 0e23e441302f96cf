package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A scenario of {@code deploy/smoke}, in its own language with its own packages, as a process of
 * its own. Skips the test, with the reason, where the language or a package can't be had.
 */
final class OutsideScenario {
  private static final int MINUTES_MAX = 15;
  private static final Path SCENARIOS = Path.of("..", "smoke");

  /** Where packages are kept from one build to the next. */
  private static final Path TOOLS = Path.of("target", "outside");

  private final Path folder;
  private final List<String> command;

  private record Finished(int code, String output) {}

  private OutsideScenario(Path folder, List<String> command) {
    this.folder = folder;
    this.command = command;
  }

  /**
   * Gets a Python scenario ready, in a virtual environment.
   *
   * @param folder for the output of the processes
   * @param name the scenario's folder
   * @param packages what it needs of {@code requirements.txt}, which has the versions
   */
  static OutsideScenario python(Path folder, String name, String... packages)
      throws IOException, InterruptedException {
    Path environment = TOOLS.resolve(name);
    String python = environment.resolve("bin/python").toAbsolutePath().toString();
    if (!Files.exists(Path.of(python))) {
      need(folder, Path.of(""), "python3", "-m", "venv", environment.toString());
    }
    List<String> install = new ArrayList<>(List.of(python, "-m", "pip", "install", "-q"));
    install.addAll(versions(List.of(packages)));
    need(folder, Path.of(""), install.toArray(String[]::new));
    return new OutsideScenario(folder, List.of(python, script(name, "scenario.py").toString()));
  }

  private static List<String> versions(List<String> packages) throws IOException {
    List<String> lines = Files.readAllLines(SCENARIOS.resolve("requirements.txt"));
    List<String> versions =
        lines.stream().filter(line -> packages.contains(line.split("==", 2)[0])).toList();
    assertThat(versions).as("lines of requirements.txt").hasSameSizeAs(packages);
    return versions;
  }

  /** Gets a JavaScript scenario ready: a copy of it, with the packages of its lock file. */
  static OutsideScenario node(Path folder, String name) throws IOException, InterruptedException {
    Path copy = Files.createDirectories(TOOLS.resolve(name));
    try (Stream<Path> files = Files.list(script(name, "scenario.mjs").resolveSibling(""))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(file.getFileName());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    need(folder, Path.of(""), "node", "--version");
    need(folder, copy, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
    return new OutsideScenario(folder, List.of("node", copy.resolve("scenario.mjs").toString()));
  }

  /** Gets a Go scenario ready: a program of it and the modules that it names. */
  static OutsideScenario go(Path folder, String name) throws IOException, InterruptedException {
    Path sources = script(name, "go.mod").resolveSibling("");
    need(folder, sources, "go", "mod", "download");
    Path program = Files.createDirectories(TOOLS).resolve(name + "-program").toAbsolutePath();
    Finished built = run(folder, sources, List.of("go", "build", "-o", program.toString(), "."));
    assertThat(built.code).as(built.output).isZero();
    return new OutsideScenario(folder, List.of(program.toString()));
  }

  private static Path script(String name, String file) {
    Path script = SCENARIOS.resolve(name).resolve(file);
    assertThat(script).exists();
    return script;
  }

  /** Runs what the scenario needs to start with; where it fails, the test is skipped. */
  private static void need(Path folder, Path where, String... command) throws InterruptedException {
    String asked = String.join(" ", Arrays.copyOf(command, Math.min(command.length, 4)));
    try {
      Finished finished = run(folder, where, List.of(command));
      assumeTrue(
          finished.code == 0, () -> "skipped: %s fails: %s".formatted(asked, finished.output));
    } catch (IOException e) {
      assumeTrue(false, "skipped: no %s: %s".formatted(command[0], e.getMessage()));
    }
  }

  /** Runs the scenario to its end and returns what it printed; its failure is the test's. */
  String run(Object... arguments) throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(command);
    Stream.of(arguments).map(Object::toString).forEach(whole::add);
    Finished finished = run(folder, Path.of(""), whole);
    assertThat(finished.code).as(finished.output).isZero();
    return finished.output;
  }

  private static Finished run(Path folder, Path where, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "scenario", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // A Go that is too old is a reason to skip, not to load another one.
    builder.environment().put("GOTOOLCHAIN", "local");
    Process process = builder.start();
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return new Finished(-1, "timed out: " + Files.readString(output));
    }
    return new Finished(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
