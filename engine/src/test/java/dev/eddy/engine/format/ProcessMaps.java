package dev.eddy.engine.format;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What Linux tells of this process's mappings of files, see proc(5). */
public final class ProcessMaps {
  private static final Path MAPS = Path.of("/proc/self/smaps");

  private ProcessMaps() {}

  /** Skips a test where nothing is told. */
  public static void assumeTold() {
    assumeTrue(Files.exists(MAPS), "Linux says what is mapped");
  }

  /** KiB that are resident of files whose mappings' first lines match. */
  public static long residentKib(Predicate<String> isOfFile) throws IOException {
    return lines(isOfFile).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** Whether a part of such a file is mapped for random reads. */
  static boolean isRandom(Predicate<String> isOfFile) throws IOException {
    return lines(isOfFile).stream()
        .anyMatch(line -> line.startsWith("VmFlags:") && line.contains(" rr"));
  }

  private static List<String> lines(Predicate<String> isOfFile) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isTaken = false;
    for (String line : Files.readAllLines(MAPS)) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isTaken = isOfFile.test(line);
      } else if (isTaken) {
        lines.add(line);
      }
    }
    return lines;
  }
}
