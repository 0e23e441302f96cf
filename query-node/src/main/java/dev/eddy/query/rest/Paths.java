package dev.eddy.query.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Raw request paths to decoded segments. A slash written as {@code %2F} stays in its segment. */
final class Paths {
  private Paths() {}

  /** Segments of a path; a slash at its end does not count. */
  static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    int from = path.startsWith("/") ? 1 : 0;
    int end = path.length();
    while (end > from && path.charAt(end - 1) == '/') {
      end--;
    }
    while (from < end) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      segments.add(path.substring(from, to));
      from = to + 1;
    }
    return segments;
  }

  /** Replaces {@code %xx} by the bytes of UTF-8 they stand for; a broken one stays as it is. */
  static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[raw.length];
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      int high = i + 2 < raw.length && raw[i] == '%' ? Character.digit(raw[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
      if (low >= 0) {
        decoded[length++] = (byte) (high * 16 + low);
        i += 2;
      } else {
        decoded[length++] = raw[i];
      }
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }
}
