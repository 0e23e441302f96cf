package dev.eddy.proto.mapping;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sets a message's field only where there is a value. */
final class Present {
  private Present() {}

  static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
