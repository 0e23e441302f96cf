package dev.eddy.engine.column;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the files of one column; a number is used once, also across restarts (the manifest
 * carries it). Thread-safe.
 */
final class FileNumbers {
  /** Ends the names of all files of columns. */
  private static final String END = ".column";

  private final AtomicLong next;

  FileNumbers(long next) {
    this.next = new AtomicLong(next);
  }

  /** A new name such as {@code text-12.column}. */
  String next(String stem) {
    return stem + "-" + next.getAndIncrement() + END;
  }

  long peek() {
    return next.get();
  }
}
