package dev.eddy.standalone.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Changes a JSON text at one of its values or members; what comes out is mostly JSON still. Also
 * makes members that a tree could not hold: repeated keys, numbers that are none. Used by one
 * thread.
 */
final class JsonMutator {
  private static final List<String> EXTREMES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "-1",
          "1",
          "0.5",
          "-0.0",
          "1e39",
          "3e38",
          "[3e38,-3e38]",
          "-1e400",
          "1e-400",
          "4294967295",
          "4294967296",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "18446744073709551616",
          "1E+2",
          "1.0",
          "-9223372036854775808",
          "123456789012345678901234567890",
          "NaN",
          "Infinity",
          "-Infinity",
          "\"NaN\"",
          "\"\"",
          "\" \"",
          "\"a\"",
          "\"0\"",
          "\"true\"",
          "\"null\"",
          "\"$score\"",
          "\"a.b[].c\"",
          "\"a..b\"",
          "\"[]\"",
          "\"a[0]\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\ud83d\\ude00\"",
          "\"\u202e\uffff\u0301\"",
          "\"2024-01-01\"",
          "\"9999999-13-45\"",
          "\"550e8400-e29b-41d4-a716-446655440000\"",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "[null]",
          "{\"\":{}}",
          "{\"a\":null}",
          "[1,2]",
          "[0.1,-0.0]",
          "[[1,2],[3,4]]",
          "[1,\"a\",null]",
          "{\"indices\":[1,4294967295],\"values\":[1,-1]}",
          "{\"lon\":180,\"lat\":-90}",
          "{\"must\":[]}",
          "{\"fusion\":\"rrf\"}",
          "{\"sample\":\"random\"}",
          "[1");

  private static final List<String> KEYS =
      List.of(
          "\"\"",
          "\"x\"",
          "\"$\"",
          "\"\\u0000\"",
          "\"vector\"",
          "\"key\"",
          "\"a.b\"",
          "\"\\ud800\"");

  /** What is deeper stays as it is. */
  private static final int DEPTH_MAX = 100;

  private final Random random;
  private final List<String> values;

  /** A stretch of the text; members of objects begin with their key. */
  private record Span(int from, int to, int valueFrom) {}

  /**
   * Creates a mutator.
   *
   * @param values that may take the place of others, beside the extremes
   */
  JsonMutator(Random random, List<String> values) {
    this.random = random;
    this.values = values;
  }

  /** Every value of a text, the text itself first. */
  static List<String> valuesOf(String text) {
    return spans(text).stream().map(span -> text.substring(span.valueFrom, span.to)).toList();
  }

  String mutate(String text) {
    List<Span> spans = spans(text);
    if (spans.isEmpty()) {
      return value();
    }
    Span span = spans.get(random.nextInt(spans.size()));
    String value = text.substring(span.valueFrom, span.to);
    String key = text.substring(span.from, span.valueFrom);
    String changed =
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> key + value();
          case 4 -> "";
          case 5 -> key + value + "," + key + value();
          case 6 -> key.isEmpty() ? value + "," + value : oneOf(KEYS) + ":" + value;
          case 7 -> key.isEmpty() ? value() : oneOf(KEYS) + ":" + value() + "," + key + value;
          case 8 -> key + nested(value);
          case 9 -> key + repeated(value);
          case 10 -> key + "\"" + "x\\n\u00e9".repeat(1 << random.nextInt(12)) + "\"";
          default -> key + number(value);
        };
    return text.substring(0, span.from) + changed + text.substring(span.to);
  }

  private String value() {
    return values.isEmpty() || random.nextBoolean() ? oneOf(EXTREMES) : oneOf(values);
  }

  private String nested(String value) {
    int depth = 1 << random.nextInt(12);
    return random.nextBoolean()
        ? "[".repeat(depth) + value + "]".repeat(depth)
        : "{\"must\":".repeat(depth) + value + "}".repeat(depth);
  }

  private String repeated(String value) {
    int times = 1 + random.nextInt(300);
    return "[" + (value + ",").repeat(times) + value + "]";
  }

  /** A number near the one that was there. */
  private String number(String value) {
    try {
      double old = Double.parseDouble(value);
      return switch (random.nextInt(4)) {
        case 0 -> Long.toString((long) old + 1);
        case 1 -> Double.toString(-old);
        case 2 -> Double.toString(old * 1e6);
        default -> Double.toString(old + 0.5);
      };
    } catch (NumberFormatException e) {
      return oneOf(EXTREMES);
    }
  }

  private String oneOf(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static List<Span> spans(String text) {
    List<Span> spans = new ArrayList<>();
    int from = skipBlank(text, 0);
    if (from < text.length()) {
      value(text, from, from, 0, spans);
    }
    return spans;
  }

  /** Notes the value that starts at a place and those inside of it; returns its end. */
  private static int value(String text, int memberFrom, int from, int depth, List<Span> spans) {
    int place = spans.size();
    spans.add(new Span(memberFrom, text.length(), from));
    char first = text.charAt(from);
    int end;
    if (first == '"') {
      end = stringEnd(text, from);
    } else if (depth > DEPTH_MAX) {
      end = text.length();
    } else if (first == '{' || first == '[') {
      end = insideEnd(text, from, depth + 1, spans);
    } else {
      end = from + 1;
      while (end < text.length() && ",]} \n".indexOf(text.charAt(end)) < 0) {
        end++;
      }
    }
    spans.set(place, new Span(memberFrom, end, from));
    return end;
  }

  private static int insideEnd(String text, int from, int depth, List<Span> spans) {
    boolean isObject = text.charAt(from) == '{';
    int at = skipBlank(text, from + 1);
    while (at < text.length() && text.charAt(at) != '}' && text.charAt(at) != ']') {
      int member = at;
      if (isObject && text.charAt(at) == '"') {
        at = skipBlank(text, stringEnd(text, at));
        at = skipBlank(text, at + 1);
      }
      if (at >= text.length()) {
        return text.length();
      }
      at = skipBlank(text, value(text, member, at, depth, spans));
      if (at < text.length() && text.charAt(at) == ',') {
        at = skipBlank(text, at + 1);
      }
    }
    return Math.min(text.length(), at + 1);
  }

  private static int stringEnd(String text, int from) {
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(text.length(), at + 1);
  }

  private static int skipBlank(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }
}
