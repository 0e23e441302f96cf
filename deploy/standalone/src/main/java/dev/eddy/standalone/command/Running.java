package dev.eddy.standalone.command;

import dev.eddy.standalone.role.RunningRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** From the start of a role to its last line. */
final class Running {
  private static final long MIB = 1 << 20;

  private Running() {}

  /**
   * {@link System#nanoTime} at which this process began, so that the ready line counts the JVM's
   * own start.
   */
  static long processStartNanos() {
    Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    return System.nanoTime() - Math.max(0, Duration.between(started, Instant.now()).toNanos());
  }

  /** Must come before anything logs: the log file lives in the data folder. */
  static void logInto(Path data) throws IOException {
    Path folder = data.resolve("logs");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException("data folder " + data + " can't be used: " + e, e);
    }
    System.setProperty("eddy.log.dir", folder.toString());
    // Helidon logs through java.util.logging, which would otherwise write on the terminal.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Starts, prints the ready line, waits for SIGTERM or a failure, and closes. */
  static int untilStopped(
      Callable<RunningRole> start, long startNanos, long memoryBytes, boolean exitWhenReady)
      throws Exception {
    RunningRole role = start.call();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              awaitQuietly(closed);
            },
            "eddy-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    var unused =
        role.failure()
            .thenAccept(failure -> {
              System.err.println("eddy: " + Sentences.of(failure));
              LoggerFactory.getLogger(Running.class).error("event=role-failed", failure);
              stop.countDown();
            });
    System.out.printf(
        Locale.ROOT,
        "eddy %s ready in %.1f s: %s, memory %d MiB (heap %d MiB)%n",
        role.name(),
        (System.nanoTime() - startNanos) / 1e9,
        role.addresses(),
        memoryBytes / MIB,
        Runtime.getRuntime().maxMemory() / MIB);
    System.out.flush();
    if (!exitWhenReady) {
      stop.await();
    }
    try {
      role.close();
    } finally {
      closed.countDown();
    }
    return role.failure().isDone() ? 1 : 0;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
