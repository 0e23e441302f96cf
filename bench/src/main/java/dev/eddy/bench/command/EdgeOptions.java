package dev.eddy.bench.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Qdrant's engine beside Eddy's. */
final class EdgeOptions {
  @Option(
      names = "--edge",
      paramLabel = "FILE",
      defaultValue = "bench/qdrant-edge/run",
      description = "Script of Qdrant's side; \"none\" = Eddy alone (default: ${DEFAULT-VALUE}).")
  private Path script = Path.of("bench/qdrant-edge/run");

  /** Whether Eddy is measured alone. */
  boolean isNone() {
    return script.toString().equals("none");
  }

  /** Starts the script with these arguments. */
  SideProcess start(Object... arguments) throws IOException {
    List<String> command =
        Stream.concat(Stream.of(script), Stream.of(arguments)).map(Object::toString).toList();
    return new SideProcess("qdrant-edge", command);
  }
}
