package dev.eddy.engine.segment;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers the files of one field; a number is used once, also across restarts (the manifest carries
 * it). Thread-safe.
 */
final class FileNames {
  private final String stem;
  private final AtomicLong next;

  FileNames(String stem, long next) {
    this.stem = stem;
    this.next = new AtomicLong(next);
  }

  /** A new name such as {@code text-12.rows}. */
  String next(String suffix) {
    return stem + "-" + next.getAndIncrement() + "." + suffix;
  }

  long nextNumber() {
    return next.get();
  }
}
