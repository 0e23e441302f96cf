package dev.eddy.kafka.log;

import static java.util.Objects.requireNonNull;

/**
 * A header of a log record. The value is not copied: do not change it.
 *
 * @param name non-empty
 * @param value any bytes
 */
public record LogHeader(String name, byte[] value) {
  public LogHeader {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("header name is empty");
    }
  }
}
