package dev.eddy.engine.field;

import java.nio.charset.StandardCharsets;

/** Terms as bytes: UTF-8, or 0xff and UTF-16 big endian where there is a lone surrogate. */
final class TermBytes {
  /** Marks a term that UTF-8 can't hold; no UTF-8 begins so. */
  private static final byte AS_UTF_16 = (byte) 0xff;

  private TermBytes() {}

  static byte[] of(String term) {
    if (!hasLoneSurrogate(term)) {
      return term.getBytes(StandardCharsets.UTF_8);
    }
    byte[] units = new byte[1 + 2 * term.length()];
    units[0] = AS_UTF_16;
    for (int i = 0; i < term.length(); i++) {
      units[1 + 2 * i] = (byte) (term.charAt(i) >>> 8);
      units[2 + 2 * i] = (byte) term.charAt(i);
    }
    return units;
  }

  static String text(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] != AS_UTF_16) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    char[] units = new char[bytes.length / 2];
    for (int i = 0; i < units.length; i++) {
      units[i] = (char) (bytes[1 + 2 * i] << 8 | bytes[2 + 2 * i] & 0xff);
    }
    return new String(units);
  }

  /** Whether these may be the bytes of a term. */
  static boolean areTerm(byte[] bytes) {
    return bytes.length == 0 || bytes[0] != AS_UTF_16 || bytes.length % 2 == 1;
  }

  private static boolean hasLoneSurrogate(String term) {
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == term.length()
            || !Character.isLowSurrogate(term.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
