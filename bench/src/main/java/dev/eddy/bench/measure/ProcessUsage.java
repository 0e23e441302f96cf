package dev.eddy.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a process uses, read from procfs. A process that is gone gives NaN and 0. */
public record ProcessUsage(long pid) {
  private static final double TICKS_PER_SECOND = 100;
  private static final long REST_BEGINS_MS = 8_000;
  private static final long REST_WINDOW_MS = 2_000;
  private static final int REST_WINDOWS_MAX = 60;
  private static final double REST_CORES = 0.05;

  /** This process. */
  public static ProcessUsage ofThisProcess() {
    return new ProcessUsage(ProcessHandle.current().pid());
  }

  /** User and system CPU seconds since its start, in steps of 10 ms. */
  public double cpuSeconds() {
    try {
      return cpuSeconds(folder().resolve("stat"));
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static double cpuSeconds(Path statFile) throws IOException {
    String stat = Files.readString(statFile);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /**
   * CPU seconds of the threads that live now, summed by name. Numbers in names count as one, and
   * the kernel keeps 15 characters of a name.
   */
  public Map<String, Double> cpuSecondsByThread() {
    Map<String, Double> seconds = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(folder().resolve("task"))) {
      for (Path task : tasks.toList()) {
        try {
          String name = Files.readString(task.resolve("comm")).strip().replaceAll("\\d+", "N");
          seconds.merge(name, cpuSeconds(task.resolve("stat")), Double::sum);
        } catch (IOException threadEnded) {
          // It is left out.
        }
      }
    } catch (IOException processEnded) {
      return Map.of();
    }
    return seconds;
  }

  /**
   * Waits until the process does nothing by itself any more, at most two minutes: less than a
   * twentieth of a core for two seconds, looked for from eight seconds on, when work that waits for
   * quiet has begun.
   */
  public void awaitRest() throws InterruptedException {
    Thread.sleep(REST_BEGINS_MS);
    for (int i = 0; i < REST_WINDOWS_MAX; i++) {
      double before = cpuSeconds();
      Thread.sleep(REST_WINDOW_MS);
      if (!(cpuSeconds() - before > REST_CORES * REST_WINDOW_MS / 1e3)) {
        return;
      }
    }
  }

  /** Resident MiB now. */
  public long residentMib() {
    return status("VmRSS:") / 1024;
  }

  /** Resident bytes now that are of no file. */
  public long anonymousBytes() {
    return status("RssAnon:") << 10;
  }

  /** Most MiB that were ever resident. */
  public long peakResidentMib() {
    return status("VmHWM:") / 1024;
  }

  /** Platform threads now. */
  public long threads() {
    return status("Threads:");
  }

  /** Open file descriptors now. */
  public long openFiles() {
    try (Stream<Path> files = Files.list(folder().resolve("fd"))) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private long status(String field) {
    try (Stream<String> lines = Files.lines(folder().resolve("status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private Path folder() {
    return Path.of("/proc", Long.toString(pid));
  }
}
