package dev.eddy.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server to measure: one that runs already, or one of its own. */
public final class ServerOptions {
  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = {
        "Measure this running server; needs the three ports where they differ from the defaults.",
        "Without it the benchmark starts a server on free ports and stops it at the end."
      })
  private @Nullable Long pid;

  @Option(names = "--rest-port", defaultValue = "6333", description = "With --pid.")
  private int restPort;

  @Option(names = "--grpc-port", defaultValue = "6334", description = "With --pid.")
  private int grpcPort;

  @Option(names = "--kafka-port", defaultValue = "9092", description = "With --pid.")
  private int kafkaPort;

  @Option(
      names = "--eddy",
      paramLabel = "FILE",
      defaultValue = "./eddy",
      description = "Launcher of the server to start (default: ${DEFAULT-VALUE}).")
  private Path launcher = Path.of("eddy");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "6g",
      description = "Memory of the server to start (default: ${DEFAULT-VALUE}).")
  private String memory = "6g";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder of the server: kept, and counted by cycles. Default: a temporary one, deleted.")
  private @Nullable Path data;

  /** Something to do with a server. */
  @FunctionalInterface
  public interface Use {
    /** Does it. */
    void with(Server server) throws Exception;
  }

  /** Something to do with launches. */
  @FunctionalInterface
  public interface LaunchUse {
    /** Does it. */
    void with(LaunchedServer.Launch launch) throws Exception;
  }

  /** Runs against the server that was asked for. */
  public void run(Use use) throws Exception {
    if (pid != null) {
      use.with(new Server(pid, restPort, grpcPort, kafkaPort, data));
      return;
    }
    launching(launch -> {
      try (LaunchedServer launched = LaunchedServer.start(launch)) {
        use.with(launched.server());
      }
    });
  }

  /** For benchmarks that start and stop servers themselves. */
  public void launching(LaunchUse use) throws Exception {
    if (data != null) {
      use.with(launchIn(data));
      return;
    }
    try (TemporaryFolder temporary = new TemporaryFolder()) {
      use.with(launchIn(temporary.path().resolve("data")));
    }
  }

  private LaunchedServer.Launch launchIn(Path folder) throws IOException {
    return new LaunchedServer.Launch(launcher, folder, memory, LaunchedServer.Ports.free());
  }
}
