package dev.eddy.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** CPU time and wall time of the server and of this client since the meter was made. */
public final class CpuMeter {
  private static final double SHOWN_SHARE = 0.01;

  private final ProcessUsage server;
  private final ProcessUsage client = ProcessUsage.ofThisProcess();
  private final Map<String, Double> serverThreads;
  private final double serverSeconds;
  private final double clientSeconds;
  private final long startNanos;

  /** Begins now. */
  public CpuMeter(ProcessUsage server) {
    this.server = server;
    this.serverThreads = server.cpuSecondsByThread();
    this.serverSeconds = server.cpuSeconds();
    this.clientSeconds = client.cpuSeconds();
    this.startNanos = System.nanoTime();
  }

  /** Wall seconds so far. */
  public double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** CPU seconds of the server so far. */
  public double serverSeconds() {
    return server.cpuSeconds() - serverSeconds;
  }

  /** CPU seconds of this process so far. */
  public double clientSeconds() {
    return client.cpuSeconds() - clientSeconds;
  }

  /**
   * Microseconds of the server's CPU per operation by thread name, largest first, as one line.
   * Threads that ended meanwhile are missing.
   */
  public String serverMicrosByThread(long operations) {
    double least = serverSeconds() * SHOWN_SHARE;
    List<Map.Entry<String, Double>> used = new ArrayList<>();
    server
        .cpuSecondsByThread()
        .forEach((name, seconds) -> {
          double more = seconds - serverThreads.getOrDefault(name, 0.0);
          if (more > least) {
            used.add(Map.entry(name, more));
          }
        });
    used.sort(Map.Entry.<String, Double>comparingByValue().reversed());
    StringBuilder line = new StringBuilder();
    for (Map.Entry<String, Double> thread : used) {
      line.append(line.isEmpty() ? "" : ", ")
          .append(thread.getKey())
          .append(
              String.format(
                  Locale.ROOT, " %.1f", thread.getValue() * 1e6 / Math.max(1, operations)));
    }
    return line.toString();
  }
}
