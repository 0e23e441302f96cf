package dev.eddy.bench.edge;

import dev.eddy.bench.server.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An {@link EdgeHost} in a JVM with a server's options. */
public final class EdgeProcess implements AutoCloseable {
  private static final Path OPTIONS = Path.of("deploy", "jvm.options");

  private final Process process;
  private final Server server;

  private EdgeProcess(Process process, Server server) {
    this.process = process;
    this.server = server;
  }

  /**
   * Starts the process and waits until its ports are open.
   *
   * @param recording where Flight Recorder writes at its end, or empty
   */
  public static EdgeProcess start(int dimension, int hits, Optional<Path> recording)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseTransparentHugePages", "@" + OPTIONS));
    recording.ifPresent(
        file -> command.add("-XX:StartFlightRecording=settings=profile,filename=" + file));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(EdgeHost.class.getName(), Integer.toString(dimension), Integer.toString(hits)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(EdgeHost.READY)) {
        String[] ports = line.substring(EdgeHost.READY.length()).split(" ");
        return new EdgeProcess(
            process,
            new Server(
                process.pid(), Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), 0, null));
      }
    }
    process.destroyForcibly();
    throw new IOException("the edges did not open");
  }

  /** Where the ports are. */
  public Server server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
