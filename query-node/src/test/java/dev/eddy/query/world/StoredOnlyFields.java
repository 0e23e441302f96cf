package dev.eddy.query.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings of a collection that are checked, stored and shown back, and change nothing else. The
 * one list of them is that of {@code docs/api.md}; the tests of both doors hold the code against
 * it.
 */
public final class StoredOnlyFields {
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  private StoredOnlyFields() {}

  /** Paths as a REST body has them; {@code *} is a vector's name. */
  public static Set<String> documented() {
    Set<String> names = new TreeSet<>();
    boolean isInside = false;
    for (String line : page().lines().toList()) {
      if (line.startsWith("## ")) {
        isInside = line.startsWith("## Checked, stored and shown back");
      } else if (isInside && line.startsWith("| `")) {
        Matcher found = NAME.matcher(line.split("\\|", 3)[1]);
        while (found.find()) {
          names.add(found.group(1));
        }
      }
    }
    return names;
  }

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "api.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
