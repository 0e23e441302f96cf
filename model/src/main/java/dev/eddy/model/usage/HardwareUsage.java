package dev.eddy.model.usage;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * What one request made the machine do, summed over all who work for it. Who wants to know runs the
 * request {@link #during} one; who works calls {@link #add}, which does nothing where nobody wants
 * to know. Safe from any thread.
 */
public final class HardwareUsage {
  /** What is summed, in the contract's order. */
  public enum Part {
    /** Bytes of vectors compared, as if each number were a float32. */
    CPU("cpu"),
    /** Bytes of payloads read. */
    PAYLOAD_READ("payload_io_read"),
    /** Bytes of payloads written to the log. */
    PAYLOAD_WRITE("payload_io_write"),
    /** Bytes read of indexes of payloads. */
    PAYLOAD_INDEX_READ("payload_index_io_read"),
    /** Bytes written to indexes of payloads. */
    PAYLOAD_INDEX_WRITE("payload_index_io_write"),
    /** Bytes of vectors read from files. */
    VECTOR_READ("vector_io_read"),
    /** Bytes of vectors written to the log. */
    VECTOR_WRITE("vector_io_write");

    private final String apiName;

    Part(String apiName) {
      this.apiName = apiName;
    }

    /** The contract's name. */
    public String apiName() {
      return apiName;
    }
  }

  private static final ScopedValue<HardwareUsage> CURRENT = ScopedValue.newInstance();

  private final AtomicLongArray sums = new AtomicLongArray(Part.values().length);

  /** That of the request which this thread works for, if somebody wants to know. */
  public static Optional<HardwareUsage> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Adds to the current one, if there is one. */
  public static void add(Part part, long amount) {
    if (CURRENT.isBound()) {
      CURRENT.get().plus(part, amount);
    }
  }

  /** Adds to this one. */
  public void plus(Part part, long amount) {
    sums.addAndGet(part.ordinal(), amount);
  }

  /** The sum so far. */
  public long get(Part part) {
    return sums.get(part.ordinal());
  }

  /** Whether nothing was done. */
  public boolean isZero() {
    for (int i = 0; i < sums.length(); i++) {
      if (sums.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Runs work whose usage counts here. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /** The task, which on whatever thread works for the request that hands it over. */
  public static Runnable carried(Runnable task) {
    if (!CURRENT.isBound()) {
      return task;
    }
    HardwareUsage usage = CURRENT.get();
    return () -> ScopedValue.where(CURRENT, usage).run(task);
  }
}
