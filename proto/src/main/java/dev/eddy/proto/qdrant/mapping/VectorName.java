package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import java.nio.charset.StandardCharsets;

/** The rule for names of vectors. */
final class VectorName {
  private static final int BYTES_MAX = 200;
  private static final String FORBIDDEN = "<>:\"/\\|?*\0\u001f";

  private VectorName() {}

  static void check(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > BYTES_MAX) {
      throw EddyException.validation(
          "vectors_config: vector name of %d bytes invalid, must be at most %d bytes"
              .formatted(bytes, BYTES_MAX));
    }
    for (int i = 0; i < name.length(); i++) {
      if (FORBIDDEN.indexOf(name.charAt(i)) >= 0) {
        throw EddyException.validation(
            "vectors_config: vector name cannot contain \"" + name.charAt(i) + "\" char");
      }
    }
  }
}
