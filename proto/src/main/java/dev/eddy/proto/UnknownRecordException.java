package dev.eddy.proto;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A stored record says something that this version does not understand: another format, another
 * kind, an unknown field, or bytes that are no record at all.
 *
 * <p>Whoever folds records stops here. Skipping one would make this replica's state differ from the
 * others'.
 */
public final class UnknownRecordException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public UnknownRecordException(String message) {
    super(message);
  }

  public UnknownRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
