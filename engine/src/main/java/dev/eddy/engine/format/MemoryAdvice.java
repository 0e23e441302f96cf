package dev.eddy.engine.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How mapped memory will be read, told to the kernel by {@code madvise} (POSIX.1-2024 {@code
 * posix_madvise}). Only advice: where there is no such call nothing happens. Thread-safe.
 */
enum MemoryAdvice {
  /** As the kernel likes: it reads ahead. */
  NORMAL(0),
  /** Here and there: only pages that are touched are read. */
  RANDOM(1),
  /** Soon: reading begins. */
  WILL_NEED(3),
  /**
   * Not soon: its pages are no longer the process's. Those of a file stay cached while there is
   * memory for them, and come back when they are read (Linux).
   */
  DONT_NEED(4);

  private static final Logger log = LoggerFactory.getLogger(MemoryAdvice.class);
  private static final long PAGE_BYTES = 4_096;
  private static final @Nullable MethodHandle ADVISE =
      CLibrary.find(
              "madvise",
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT)
          .orElse(null);

  private final int code;

  MemoryAdvice(int code) {
    this.code = code;
  }

  /** Gives the advice for the whole pages of a part of mapped memory, which begins at a page. */
  void give(MemorySegment mapped, long from, long length) {
    long start = from / PAGE_BYTES * PAGE_BYTES;
    long bytes = Math.min(mapped.byteSize(), from + length) - start;
    if (ADVISE == null || bytes <= 0) {
      return;
    }
    try {
      int result = (int) ADVISE.invokeExact(mapped.asSlice(start, bytes), bytes, code);
      if (result != 0) {
        log.debug("event=advice-not-taken advice={} bytes={}", this, bytes);
      }
    } catch (Throwable failure) {
      log.debug("event=advice-not-given advice={}", this, failure);
    }
  }
}
