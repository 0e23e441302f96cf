package dev.eddy.engine.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the heap to read parts of files into, lent to one reader at a time. As many are
 * kept as cores can use at once; who finds none gets a new one. Thread-safe, without waiting.
 */
public final class ReadBuffers {
  /** Bytes of each: the longest row of a vector, 65,536 floats. */
  public static final int BYTES = 1 << 18;

  private static final int LINE_BYTES = 64;
  private static final AtomicReferenceArray<@Nullable MemorySegment> KEPT =
      new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());

  private ReadBuffers() {}

  /** One that nobody else has, to be given back. */
  public static MemorySegment borrow() {
    for (int i = 0; i < KEPT.length(); i++) {
      MemorySegment buffer = KEPT.get(i) == null ? null : KEPT.getAndSet(i, null);
      if (buffer != null) {
        return buffer;
      }
    }
    return Arena.ofAuto().allocate(BYTES, LINE_BYTES);
  }

  /** Gives one back. */
  public static void giveBack(MemorySegment buffer) {
    for (int i = 0; i < KEPT.length(); i++) {
      if (KEPT.get(i) == null && KEPT.compareAndSet(i, null, buffer)) {
        return;
      }
    }
  }
}
