package dev.eddy.engine.column;

import dev.eddy.engine.format.FileDamage;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Where a column's files are, and who works on them.
 *
 * @param folder for its files, scratch; on the file system of checkpoints
 * @param background runs what the writer is not to wait for; may drop tasks when it ends
 * @param isReadAhead whether files of a checkpoint are read once after a start, so that searches
 *     find them in memory; else what is read is read when it is needed
 * @param sealedBytes bytes on the heap from which entries become a sealed file
 * @param nanoClock monotonic nanoseconds
 * @param damage of the shard's files
 */
public record ColumnHome(
    Path folder,
    Executor background,
    boolean isReadAhead,
    long sealedBytes,
    LongSupplier nanoClock,
    FileDamage damage) {
  /** Few enough to be read at a start, and enough for a file. */
  public static final long SEALED_BYTES = 8L << 20;

  /** With the machine's clock, where nothing was found damaged. */
  public ColumnHome(Path folder, Executor background, boolean isReadAhead, long sealedBytes) {
    this(folder, background, isReadAhead, sealedBytes, System::nanoTime, new FileDamage());
  }
}
