package dev.eddy.proto.qdrant.mapping;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Sets a field of an answer only where there is a value. */
final class Given {
  private Given() {}

  static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  static void setLong(@Nullable Integer value, LongConsumer setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
