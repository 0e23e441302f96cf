package dev.eddy.bench.measure;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that this process has mapped, on Linux. */
public final class MappedFiles {
  private static final int PAGE_OUT = 21;

  private final MethodHandle advise;
  private final String part;

  /** Those whose paths contain this. */
  public MappedFiles(String part) {
    this.part = part;
    Linker linker = Linker.nativeLinker();
    this.advise =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("madvise"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
  }

  /** Puts their pages out of memory; files have to be on a disk, and forced. */
  public void pageOut() throws IOException {
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    for (String line : maps) {
      if (line.contains(part)) {
        String[] range = line.substring(0, line.indexOf(' ')).split("-");
        long start = Long.parseUnsignedLong(range[0], 16);
        advise(start, Long.parseUnsignedLong(range[1], 16) - start);
      }
    }
  }

  /** Bytes of their pages that this process has touched and that are in memory. */
  public long residentBytes() throws IOException {
    long kibibytes = 0;
    boolean isCounted = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        isCounted = line.contains(part);
      } else if (isCounted && line.startsWith("Rss:")) {
        kibibytes += Long.parseLong(line.split("\\s+")[1]);
      }
    }
    return kibibytes << 10;
  }

  private void advise(long start, long bytes) throws IOException {
    MemorySegment from = MemorySegment.ofAddress(start).reinterpret(bytes, Arena.global(), null);
    int result;
    try {
      result = (int) advise.invokeExact(from, bytes, PAGE_OUT);
    } catch (Throwable failure) {
      throw new IOException(failure);
    }
    if (result != 0) {
      throw new IOException("madvise gave " + result);
    }
  }

  /** Pages that this process has waited for a disk for. */
  public static long pagesRead() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[9]);
  }
}
