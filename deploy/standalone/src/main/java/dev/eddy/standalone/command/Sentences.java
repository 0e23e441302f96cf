package dev.eddy.standalone.command;

/** One clear sentence of whatever kept a role from starting. */
final class Sentences {
  private Sentences() {}

  static String of(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof java.util.concurrent.ExecutionException
            || cause instanceof java.util.concurrent.CompletionException)) {
      cause = cause.getCause();
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof java.net.BindException && cause != root) {
      return cause.getMessage() + ": " + root.getMessage();
    }
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
