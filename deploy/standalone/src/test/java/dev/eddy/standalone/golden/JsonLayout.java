package dev.eddy.standalone.golden;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks compact JSON into lines for people; no character but white space between tokens is added,
 * so that numbers, escapes and the order of keys stay as they were sent. What is no JSON is left as
 * it is.
 */
final class JsonLayout {
  private static final int WIDTH = 110;

  private JsonLayout() {}

  static String lines(String json) {
    StringBuilder out = new StringBuilder();
    layOut(json, "", out);
    return out.toString();
  }

  private static void layOut(String value, String indent, StringBuilder out) {
    boolean isNested = value.startsWith("{") || value.startsWith("[");
    if (!isNested || indent.length() + value.length() <= WIDTH) {
      out.append(value);
      return;
    }
    out.append(value.charAt(0)).append('\n');
    List<String> parts = parts(value.substring(1, value.length() - 1));
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      int colon = value.startsWith("{") ? endOfString(part) + 1 : 0;
      out.append(indent).append("  ").append(part, 0, colon).append(colon > 0 ? " " : "");
      layOut(part.substring(colon), indent + "  ", out);
      out.append(i + 1 < parts.size() ? ",\n" : "\n");
    }
    out.append(indent).append(value.charAt(value.length() - 1));
  }

  /** Members of an object or elements of a list. */
  private static List<String> parts(String inside) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < inside.length(); i++) {
      switch (inside.charAt(i)) {
        case '"' -> i += endOfString(inside.substring(i)) - 1;
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(inside.substring(from, i));
            from = i + 1;
          }
        }
        default -> {}
      }
    }
    if (from < inside.length()) {
      parts.add(inside.substring(from));
    }
    return parts;
  }

  /** Where the string that the text starts with has ended. */
  private static int endOfString(String text) {
    int at = 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, text.length());
  }
}
