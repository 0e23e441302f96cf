package dev.eddy.engine.sparse;

import dev.eddy.engine.format.FileDamage;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Where and how a field keeps its vectors.
 *
 * @param fileStem what the names of its files begin with
 * @param liveFolder for its files; on the file system of checkpoints
 * @param background runs what the writer is not to wait for; may drop tasks when it ends
 * @param isOnDisk whether vectors and index are read from their files when they are needed, else
 *     they are read ahead
 * @param sealedMin entries on the heap from which they become a file, of vectors and of the index
 * @param nanoClock monotonic nanoseconds
 * @param damage of the shard's files
 */
public record SparseSettings(
    String fileStem,
    Path liveFolder,
    Executor background,
    boolean isOnDisk,
    long sealedMin,
    LongSupplier nanoClock,
    FileDamage damage) {
  /** Some 10 MiB of the index on the heap, 8 of vectors. */
  public static final long SEALED_MIN = 1 << 20;

  /** Bytes of an entry of a vector. */
  public static final int ENTRY_BYTES = Integer.BYTES + Float.BYTES;

  /** With the machine's clock, where nothing was found damaged. */
  public SparseSettings(
      String fileStem, Path liveFolder, Executor background, boolean isOnDisk, long sealedMin) {
    this(fileStem, liveFolder, background, isOnDisk, sealedMin, System::nanoTime, new FileDamage());
  }

  /** Entries for which a checkpoint writes no file: collecting them again takes milliseconds. */
  long storedMin() {
    return sealedMin / 64;
  }
}
