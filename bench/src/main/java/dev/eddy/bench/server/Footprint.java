package dev.eddy.bench.server;

import dev.eddy.bench.measure.ProcessUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a server holds at one moment.
 *
 * @param threads platform threads
 * @param openFiles file descriptors
 * @param residentMib resident memory
 * @param liveHeapMib heap that survives a full collection, which is made for it
 * @param files files in the data folder; -1 when the folder isn't known
 * @param fileMib their length
 */
public record Footprint(
    long threads, long openFiles, long residentMib, long liveHeapMib, long files, long fileMib) {
  private static final long MIB = 1 << 20;

  /** Looks now. */
  public static Footprint of(Server server) throws IOException, InterruptedException {
    long heapMib = liveHeapBytes(server.pid()) / MIB;
    ProcessUsage usage = server.usage();
    long[] files = files(server.data());
    return new Footprint(
        usage.threads(), usage.openFiles(), usage.residentMib(), heapMib, files[0], files[1] / MIB);
  }

  private static long liveHeapBytes(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram").start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output
        .lines()
        .filter(line -> line.startsWith("Total"))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[2]))
        .findFirst()
        .orElse(0);
  }

  /** Count and bytes. Files come and go meanwhile: what is gone does not count. */
  private static long[] files(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return new long[] {-1, 0};
    }
    while (true) {
      try (Stream<Path> paths = Files.walk(folder)) {
        List<Path> files = paths.filter(Files::isRegularFile).toList();
        long bytes = 0;
        for (Path file : files) {
          bytes += file.toFile().length();
        }
        return new long[] {files.size(), bytes};
      } catch (UncheckedIOException changedMeanwhile) {
        // Again, until the walk meets no folder that has just gone.
      }
    }
  }
}
