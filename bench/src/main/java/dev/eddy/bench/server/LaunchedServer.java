package dev.eddy.bench.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that this benchmark starts through the launcher, and stops or kills. */
public final class LaunchedServer implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  private final Process process;
  private final Server server;
  private final double readySeconds;

  private LaunchedServer(Process process, Server server, double readySeconds) {
    this.process = process;
    this.server = server;
    this.readySeconds = readySeconds;
  }

  /** Where and how servers are started. */
  public record Launch(Path launcher, Path data, String memory, Ports ports) {}

  /** Ports that stay the same over restarts. */
  public record Ports(int rest, int grpc, int kafka) {
    /** Three that are free now. */
    public static Ports free() throws IOException {
      try (ServerSocket rest = new ServerSocket(0);
          ServerSocket grpc = new ServerSocket(0);
          ServerSocket kafka = new ServerSocket(0)) {
        return new Ports(rest.getLocalPort(), grpc.getLocalPort(), kafka.getLocalPort());
      }
    }
  }

  /** Starts a server and waits for its ready line. */
  public static LaunchedServer start(Launch launch) throws IOException, InterruptedException {
    Files.createDirectories(launch.data());
    Path output = launch.data().resolveSibling(launch.data().getFileName() + ".out");
    Ports ports = launch.ports();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                launch.launcher().toAbsolutePath().toString(),
                "start",
                "--data=" + launch.data(),
                "--memory=" + launch.memory(),
                "--rest-port=" + ports.rest(),
                "--grpc-port=" + ports.grpc(),
                "--kafka-port=" + ports.kafka()));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    // Whoever interrupts the benchmark doesn't leave its server behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    while (!Files.readString(output).contains(" ready in ")) {
      boolean isLate = System.nanoTime() - start > READY_WITHIN.toNanos();
      if (isLate || process.waitFor(10, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IOException("the server did not start: " + Files.readString(output));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Server server =
        new Server(process.pid(), ports.rest(), ports.grpc(), ports.kafka(), launch.data());
    return new LaunchedServer(process, server, seconds);
  }

  /** The running server. */
  public Server server() {
    return server;
  }

  /** Seconds from starting the launcher to the ready line. */
  public double readySeconds() {
    return readySeconds;
  }

  /** SIGTERM; returns the seconds until the process ended. */
  public double terminate() throws InterruptedException {
    long start = System.nanoTime();
    process.destroy();
    process.waitFor();
    return (System.nanoTime() - start) / 1e9;
  }

  /** SIGKILL, and waits for the end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and SIGKILL where that takes longer than a minute. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
