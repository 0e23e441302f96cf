package dev.eddy.standalone.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much memory the process may use; the launcher script sizes the heap from it. */
final class MemoryOption {
  private static final Pattern SIZE = Pattern.compile("([0-9]+)([kmg]?)b?");

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = {
        "Memory of the whole process, for instance 4g (default: half of the machine's or",
        "container's). About two thirds become the Java heap, the rest payload caches."
      })
  private @Nullable String memory;

  /** Bytes asked for, or what the heap's size implies. */
  long bytes() {
    if (memory == null) {
      return Runtime.getRuntime().maxMemory() / 2 * 3;
    }
    Matcher matcher = SIZE.matcher(memory.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new WrongUsageException(
          "--memory " + memory + " is no size; write for instance 4g or 512m");
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
