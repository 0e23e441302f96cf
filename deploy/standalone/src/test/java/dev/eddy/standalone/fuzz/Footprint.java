package dev.eddy.standalone.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param connections to the ports that were asked for, as the kernel sees them; 0 where it can't be
 *     asked
 */
record Footprint(int threads, long directBytes, long connections) {
  private static final int THREADS_MORE_MAX = 40;
  private static final long DIRECT_MORE_MAX = 96L << 20;

  static Footprint now(int... ports) {
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    long connections = 0;
    for (int port : ports) {
      connections += connections(port);
    }
    return new Footprint(ManagementFactory.getThreadMXBean().getThreadCount(), direct, connections);
  }

  /** Connections of the server's side that are open, or closed by the other side only. */
  private static long connections(int port) {
    String local = String.format(Locale.ROOT, ":%04X ", port);
    long count = 0;
    for (String file : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
      if (Files.isReadable(Path.of(file))) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
          count +=
              lines
                  .filter(line ->
                      line.matches(
                          "\\s*\\d+: [0-9A-F]+" + local + "[0-9A-F]+:[0-9A-F]+ (01|08) .*"))
                  .count();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return count;
  }

  /** Whether it is about what it was: pools may have grown, nothing may grow with every request. */
  boolean isSettled(Footprint before) {
    return threads <= before.threads + THREADS_MORE_MAX
        && directBytes <= before.directBytes + DIRECT_MORE_MAX
        && connections <= before.connections;
  }
}
