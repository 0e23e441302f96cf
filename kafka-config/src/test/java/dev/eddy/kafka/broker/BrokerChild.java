package dev.eddy.kafka.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker in a JVM of its own, which a test can kill. */
public final class BrokerChild implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final int port;

  private BrokerChild(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts the JVM and returns when the broker serves. */
  static BrokerChild start(Path folder, int port) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerChild.class.getName(),
                folder.toString(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        return new BrokerChild(process, Integer.parseInt(line.substring(READY.length())));
      }
    }
    throw new IOException("broker ended before it was ready");
  }

  int port() {
    return port;
  }

  /** Ends the JVM as kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /** Runs in the child. */
  public static void main(String[] args) throws InterruptedException {
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            BrokerSettings.onLoopback(Path.of(args[0]), Integer.parseInt(args[1])));
    System.out.println(READY + broker.port());
    new CountDownLatch(1).await();
  }
}
