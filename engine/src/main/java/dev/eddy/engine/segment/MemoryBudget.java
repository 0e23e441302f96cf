package dev.eddy.engine.segment;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The heap that all shards of a node may hold between them. Thread-safe.
 *
 * <p>What must be held is counted, never refused: shards apply what the log holds. What only makes
 * searches faster is taken while there is room, and given up when memory is short. Whoever lets
 * data in asks {@link #isFull}.
 */
public final class MemoryBudget {
  /** Up to here optional forms may take memory, in percent of the limit. */
  private static final int ROOM_PERCENT = 75;

  /** From here on optional forms are given up, and segments are sealed into files early. */
  private static final int SHORT_PERCENT = 85;

  /** A full node has room again from here on down. */
  private static final int RELEASE_PERCENT = 90;

  private final long limitBytes;
  private final AtomicLong neededBytes = new AtomicLong();
  private final AtomicLong optionalBytes = new AtomicLong();
  private final AtomicLong turns = new AtomicLong();
  private volatile boolean isFull;
  private final AtomicBoolean isTight = new AtomicBoolean();

  /** A budget of this many bytes of heap, at least 1. */
  public MemoryBudget(long limitBytes) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException("limitBytes must be at least 1, got " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /** One that is never short. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /** An account for what one owner needs. */
  public Account open() {
    return new Account();
  }

  /** Bytes that may be held. */
  public long limitBytes() {
    return limitBytes;
  }

  /** Held bytes at which a full node has room again. */
  public long releaseBytes() {
    return percent(RELEASE_PERCENT);
  }

  /** Bytes held now, as far as their owners have said. */
  public long heldBytes() {
    return neededBytes.get() + optionalBytes.get();
  }

  /**
   * Whether no more data is to be let in. It stays so until a margin below the limit is reached:
   * one that rests at its limit would else let every second write pass.
   */
  public boolean isFull() {
    long held = heldBytes();
    if (held >= limitBytes) {
      isFull = true;
    } else if (held <= releaseBytes()) {
      isFull = false;
    }
    return isFull;
  }

  /** Whether what can be given up or paged is to be. */
  boolean isShort() {
    return heldBytes() >= percent(SHORT_PERCENT);
  }

  /**
   * Counts how often memory became short, and how often there was room again after that: whoever
   * gives way to others looks again when it has changed.
   */
  public long turns() {
    return turns.get();
  }

  /** The margin keeps a node that rests at a bound from turning all the time. */
  private void noteTurn() {
    boolean was = isTight.get();
    long held = heldBytes();
    boolean is = was ? held > percent(ROOM_PERCENT) : held >= percent(SHORT_PERCENT);
    if (is != was && isTight.compareAndSet(was, is)) {
      turns.incrementAndGet();
    }
  }

  /** Whether so much that is optional may come. */
  boolean hasRoomFor(long bytes) {
    return bytes <= percent(ROOM_PERCENT) - heldBytes();
  }

  /** Takes all of these bytes for what is optional, or none and returns false. */
  public boolean tryTake(long bytes) {
    // Never taken for a moment: others would find memory short, and give up what they have.
    long taken = optionalBytes.get();
    while (bytes <= percent(ROOM_PERCENT) - neededBytes.get() - taken) {
      if (optionalBytes.compareAndSet(taken, taken + bytes)) {
        noteTurn();
        return true;
      }
      taken = optionalBytes.get();
    }
    return false;
  }

  /** Gives optional bytes back. */
  public void giveBack(long bytes) {
    optionalBytes.addAndGet(-bytes);
    noteTurn();
  }

  /** Whether so much can ever be taken at once, were nothing else held. */
  boolean isWithin(long bytes) {
    return bytes <= percent(ROOM_PERCENT);
  }

  /**
   * Takes bytes for work that holds them until it ends, so that others do not begin on the same
   * room; null when there is no room now.
   */
  @Nullable Reservation reserve(long bytes) {
    return tryTake(bytes) ? new Reservation(bytes) : null;
  }

  private long percent(int part) {
    return limitBytes / 100 * part + limitBytes % 100 * part / 100;
  }

  /** Bytes taken for a time. For one thread at a time. */
  final class Reservation implements AutoCloseable {
    private long bytes;

    private Reservation(long bytes) {
      this.bytes = bytes;
    }

    /** Bytes that are taken; 0 once given back. */
    long bytes() {
      return bytes;
    }

    /** Gives them back; may be called again. */
    @Override
    public void close() {
      giveBack(bytes);
      bytes = 0;
    }
  }

  /** What one owner needs. For one thread at a time. */
  public final class Account implements AutoCloseable {
    private long bytes;

    private Account() {}

    /** From now on the owner needs this many bytes. */
    public void set(long needed) {
      neededBytes.addAndGet(needed - bytes);
      bytes = needed;
      noteTurn();
    }

    /** The owner is gone. */
    @Override
    public void close() {
      set(0);
    }
  }
}
