package dev.eddy.query.rest;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The part of the address after the question mark, and the contract's rules for it. */
final class QueryParameters {
  /** No request waits longer than this, whatever it asks for. */
  static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private static final List<String> ORDERINGS = List.of("weak", "medium", "strong");
  private static final List<String> CONSISTENCIES = List.of("majority", "quorum", "all");

  private final Map<String, String> values = new HashMap<>();

  QueryParameters(String raw) {
    for (String pair : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = equals < 0 ? pair : pair.substring(0, equals);
        values.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean flag(String name) {
    String value = values.getOrDefault(name, "false");
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw deserialize("provided string was not `true` or `false`");
    };
  }

  /** A whole number; 0 when it is not given. */
  int level(String name) {
    String value = values.get(name);
    return value == null ? 0 : (int) Math.min(unsigned(value, name), Integer.MAX_VALUE);
  }

  /** Checks {@code ordering}, whose values all promise the same here. */
  void checkOrdering() {
    String value = values.get("ordering");
    if (value != null && !ORDERINGS.contains(value)) {
      throw deserialize(
          "unknown variant `" + value + "`, expected one of `weak`, `medium`, `strong`");
    }
  }

  /** Whether {@code consistency} asks for a strong read. */
  boolean isStrong() {
    String value = values.get("consistency");
    if (value == null) {
      return false;
    }
    if (CONSISTENCIES.contains(value)) {
      return true;
    }
    if (unsigned(value, "consistency") == 0) {
      throw rule("consistency: value 0 invalid, must be 1 or larger");
    }
    return true;
  }

  /** {@code timeout} of a read: zero is an error. */
  Duration readTimeout(Duration otherwise) {
    String value = values.get("timeout");
    if (value == null) {
      return otherwise;
    }
    long seconds = unsigned(value, "timeout");
    if (seconds == 0) {
      throw deserialize("invalid value: integer `0`, expected a nonzero u64");
    }
    return seconds(seconds);
  }

  /** {@code timeout} of a write: zero is the same as none. */
  Duration writeTimeout(Duration otherwise) {
    String value = values.get("timeout");
    long seconds = value == null ? 0 : unsigned(value, "timeout");
    return seconds == 0 ? otherwise : seconds(seconds);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(Math.min(seconds, TIMEOUT_MAX.toSeconds()));
  }

  private static long unsigned(String value, String name) {
    if (value.isEmpty() || !value.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw deserialize("invalid digit found in string for `" + name + "`");
    }
    return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
  }

  private static EddyException deserialize(String text) {
    return new EddyException(
        ErrorCode.BAD_REQUEST, "Deserialize error in query parameters: " + text);
  }

  private static EddyException rule(String pathAndRule) {
    return EddyException.validation("Validation error in query parameters: [" + pathAndRule + "]");
  }
}
