package dev.eddy.model.collection;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rule for names of vectors; the empty name is that of the unnamed one. */
public final class VectorName {
  public static final int BYTES_MAX = (int) Limit.VECTOR_NAME.standard();

  private static final String FORBIDDEN = "<>:\"/\\|?*\0\u001f";

  private VectorName() {}

  /** The refusal of a name that has a {@link #problem}. */
  public static EddyException refusal(String name, String pathAndProblem) {
    EddyException refusal = EddyException.validation(pathAndProblem);
    return isTooLong(name) ? refusal.beyond(Limit.VECTOR_NAME) : refusal;
  }

  public static boolean isTooLong(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX;
  }

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
