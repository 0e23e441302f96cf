package dev.eddy.standalone.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much memory the process may use; the launcher script sizes the heap from it. */
final class MemoryOption {
  private static final String SHARDS = "--shard-memory";
  private static final String UNLINKED = "--unlinked-memory";
  private static final long LEAST = 1 << 20;
  private static final Pattern SIZE = Pattern.compile("([0-9]+)([kmg]?)b?");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = {
        "Memory of the whole process, for instance 4g (default: half of the machine's or",
        "container's). About two thirds become the Java heap, the rest payload caches."
      })
  private @Nullable String memory;

  @Option(
      names = SHARDS,
      paramLabel = "SIZE",
      description = {
        "Java heap that the shards of this node may hold, for instance 2g (default: three fifths of",
        "the heap). Near it writes that add data are refused until there is room again."
      })
  private @Nullable String shardMemory;

  @Option(
      names = UNLINKED,
      paramLabel = "SIZE",
      description = {
        "Vectors of a shard and name that may wait for their links while searches run, which scan",
        "them meanwhile (default: 4m). Beyond it loading waits for linking."
      })
  private @Nullable String unlinkedMemory;

  /** Bytes asked for, or what the heap's size implies. */
  long bytes() {
    return memory == null ? Runtime.getRuntime().maxMemory() / 2 * 3 : bytes("--memory", memory);
  }

  /** Bytes of heap for shards; 0 where nothing was said. */
  long shardBytes() {
    return atLeastOne(SHARDS, shardMemory);
  }

  /** Bytes of vectors that may wait for their links; 0 where nothing was said. */
  long unlinkedBytes() {
    return atLeastOne(UNLINKED, unlinkedMemory);
  }

  private static long atLeastOne(String option, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    long bytes = bytes(option, text);
    if (bytes < LEAST) {
      throw new WrongUsageException(option + " " + text + " is too small; at least 1m");
    }
    return bytes;
  }

  private static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new WrongUsageException(
          option + " " + text + " is no size; write for instance 4g or 512m");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
  }
}
