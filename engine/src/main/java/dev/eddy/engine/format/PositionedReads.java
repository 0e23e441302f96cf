package dev.eddy.engine.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of a file into memory of one's own (POSIX.1-2024 {@code pread}): nothing of the file stays
 * with the process, and what the kernel keeps of it is cache. Not by a {@link
 * java.nio.channels.FileChannel}, which an interrupt of one reader closes for all. Thread-safe
 * until closed.
 */
public final class PositionedReads {
  private static final Logger log = LoggerFactory.getLogger(PositionedReads.class);
  private static final Optional<Calls> CALLS = Calls.find();

  private final Calls calls;
  private final int descriptor;

  private PositionedReads(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** Opens a file; empty where the system has no such reads, or does not open it. */
  static Optional<PositionedReads> open(Path file) {
    return CALLS.flatMap(calls -> {
      int descriptor = calls.open(file);
      if (descriptor < 0) {
        log.warn("event=file-not-opened file={} effect=\"it is read as mapped\"", file);
        return Optional.empty();
      }
      return Optional.of(new PositionedReads(calls, descriptor));
    });
  }

  /**
   * Reads bytes {@code [from, from + length)} of the file to {@code into} (memory outside of the
   * heap that the caller keeps), from {@code at} on.
   *
   * @return whether all could be read; if not, {@code into} may hold anything
   */
  public boolean read(long from, MemorySegment into, long at, long length) {
    Objects.checkFromIndexSize(at, length, into.byteSize());
    long done = 0;
    while (done < length) {
      long more = calls.read(descriptor, into.address() + at + done, length - done, from + done);
      if (more <= 0) {
        return false;
      }
      done += more;
    }
    return true;
  }

  /** Closes the file; nobody reads now or later. */
  void close() {
    calls.close(descriptor);
  }

  /** The calls of the C library. */
  private record Calls(MethodHandle opening, MethodHandle reading, MethodHandle closing) {
    private static final int READ_ONLY = 0;

    static Optional<Calls> find() {
      Optional<MethodHandle> opening =
          CLibrary.find("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
      Optional<MethodHandle> reading =
          CLibrary.find(
              "pread",
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG);
      Optional<MethodHandle> closing =
          CLibrary.find("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      return opening.isPresent() && reading.isPresent() && closing.isPresent()
          ? Optional.of(new Calls(opening.get(), reading.get(), closing.get()))
          : Optional.empty();
    }

    int open(Path file) {
      try (Arena arena = Arena.ofConfined()) {
        return (int) opening.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    /** By an address: a segment of its own for each read would be an object. */
    long read(int descriptor, long into, long length, long from) {
      try {
        return (long) reading.invokeExact(descriptor, into, length, from);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    void close(int descriptor) {
      try {
        int _ = (int) closing.invokeExact(descriptor);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    /** A call into the C library throws nothing but what the JVM itself does. */
    private static RuntimeException unexpected(Throwable failure) {
      return switch (failure) {
        case RuntimeException unchecked -> unchecked;
        case Error error -> throw error;
        default -> new IllegalStateException(failure);
      };
    }
  }
}
