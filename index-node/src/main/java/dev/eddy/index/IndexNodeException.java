package dev.eddy.index;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The node can't start; the message says why in one sentence. */
public final class IndexNodeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public IndexNodeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
