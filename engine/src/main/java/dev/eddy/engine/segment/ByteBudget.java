package dev.eddy.engine.segment;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of memory that a node's segments may take between them for one purpose. Thread-safe. */
public final class ByteBudget {
  private final long limitBytes;
  private final MemoryBudget memory;
  private final AtomicLong takenBytes = new AtomicLong();

  /** A budget of this many bytes; 0 = nothing may be taken. */
  public ByteBudget(long limitBytes) {
    this(limitBytes, MemoryBudget.unlimited());
  }

  /** The same where only so much may be taken as the node's memory has room for, too. */
  public ByteBudget(long limitBytes, MemoryBudget memory) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("limitBytes must be at least 0, got " + limitBytes);
    }
    this.limitBytes = limitBytes;
    this.memory = memory;
  }

  /** Takes all of these bytes, or none and returns false. */
  boolean tryTake(long bytes) {
    long taken = takenBytes.get();
    while (bytes <= limitBytes - taken) {
      if (takenBytes.compareAndSet(taken, taken + bytes)) {
        return isTakenOfMemory(bytes);
      }
      taken = takenBytes.get();
    }
    return false;
  }

  /** Whether so much could be taken now. */
  boolean hasRoomFor(long bytes) {
    return bytes <= limitBytes - takenBytes.get() && memory.hasRoomFor(bytes);
  }

  private boolean isTakenOfMemory(long bytes) {
    if (memory.tryTake(bytes)) {
      return true;
    }
    takenBytes.addAndGet(-bytes);
    return false;
  }

  /** Gives bytes back. */
  void giveBack(long bytes) {
    takenBytes.addAndGet(-bytes);
    memory.giveBack(bytes);
  }

  /** Bytes taken now. */
  public long takenBytes() {
    return takenBytes.get();
  }

  /** Bytes that may be taken in all. */
  public long limitBytes() {
    return limitBytes;
  }
}
