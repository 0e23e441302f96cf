package dev.eddy.standalone.role;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, to be closed in reverse; one that fails does not keep the others open. */
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Opens something from parts; when that fails, those opened so far are closed. */
  static <T> T opening(Function<Closing, T> open) {
    Closing parts = new Closing();
    try {
      return open.apply(parts);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  synchronized <T extends AutoCloseable> T add(T part) {
    opened.push(part);
    return part;
  }

  @Override
  public void close() {
    while (true) {
      AutoCloseable part;
      synchronized (this) {
        if (opened.isEmpty()) {
          return;
        }
        part = opened.pop();
      }
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("event=close-failed part={}", part.getClass().getSimpleName(), e);
      }
    }
  }
}
