package dev.eddy.query.metrics;

import java.util.Map;
import java.util.Map.Entry;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes the names of collections out of Prometheus' text, where they are values of labels. Every
 * part of the process may add series, so it is done to the text and not to each of them.
 */
final class AnonymousLabels {
  /** Labels whose values are names, in the form in which the text escapes them. */
  private static final Pattern NAMED =
      Pattern.compile("\\b(collection|id)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Stands for a collection that is gone. */
  private static final String GONE = "gone";

  private AnonymousLabels() {}

  /**
   * The text with ids in place of names.
   *
   * @param names by id
   */
  static String in(String text, Map<UUID, String> names) {
    Map<String, String> ids =
        names.entrySet().stream()
            .collect(Collectors.toMap(Entry::getValue, each -> each.getKey().toString()));
    return NAMED.matcher(text).replaceAll(label -> "$1=\"" + told(label, ids) + "\"");
  }

  private static String told(MatchResult label, Map<String, String> ids) {
    String value = label.group(2);
    return value.isEmpty() ? "" : ids.getOrDefault(unescaped(value), GONE);
  }

  private static String unescaped(String value) {
    return value.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
  }
}
