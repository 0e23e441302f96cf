package dev.eddy.query.quota;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Those of this very process and of the file system under a folder. */
public final class ProcessResources implements NodeResources {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Path folder;

  /**
   * @param folder where the node's data is
   */
  public ProcessResources(Path folder) {
    this.folder = folder;
  }

  @Override
  public OptionalLong residentBytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .map(RESIDENT::matcher)
          .filter(Matcher::matches)
          .mapToLong(line -> Long.parseLong(line.group(1)) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // Not a Linux.
    }
  }

  @Override
  public NodeUse use() {
    OptionalLong resident = residentBytes();
    return new NodeUse(
        resident.isPresent() ? percent(resident.getAsLong(), memoryBytes()) : null, diskPercent());
  }

  /** That of the container where there is a limit, else that of the machine. */
  private static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  /** As {@code df} counts: what is kept for the administrator is neither used nor to be had. */
  private @Nullable Integer diskPercent() {
    try {
      FileStore store = Files.getFileStore(folder);
      long used = store.getTotalSpace() - store.getUnallocatedSpace();
      return percent(used, used + store.getUsableSpace());
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Integer percent(long part, long whole) {
    return whole <= 0 ? null : (int) Math.clamp((long) (100.0 * part / whole), 0, 100);
  }
}
