package dev.eddy.model.collection;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rule for names of vectors; the empty name is that of the unnamed one. */
public final class VectorName {
  public static final int BYTES_MAX = 200;

  private static final String FORBIDDEN = "<>:\"/\\|?*\0\u001f";

  private VectorName() {}

  /** What is wrong with a name, with the limit and the value; empty when it is fine. */
  public static Optional<String> problem(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > BYTES_MAX) {
      return Optional.of(
          "vector name of %d bytes invalid, must be at most %d bytes".formatted(bytes, BYTES_MAX));
    }
    return name.chars()
        .filter(character -> FORBIDDEN.indexOf(character) >= 0)
        .mapToObj(character -> "vector name cannot contain \"" + (char) character + "\" char")
        .findFirst();
  }
}
