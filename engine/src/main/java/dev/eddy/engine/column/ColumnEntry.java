package dev.eddy.engine.column;

import dev.eddy.engine.format.ChecksummedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry lies: a range of units, in arrays that are not to be written to or in a mapped
 * file. What is mapped is copied when it is asked for as arrays. One thread.
 *
 * <p>What reads a file finds out whether it is as it was written, and throws an {@code
 * UncheckedIOException} of a {@code CorruptFileException} when it is not.
 */
public final class ColumnEntry {
  /** An int in {@link #mapped}. */
  public static final ValueLayout.OfInt INT = ColumnRun.INT;

  /** A float in {@link #mapped}. */
  public static final ValueLayout.OfFloat FLOAT = ColumnRun.FLOAT;

  private static final int[] NO_INTS = {};
  private static final float[] NO_FLOATS = {};

  private int[] ints = NO_INTS;
  private float[] floats = NO_FLOATS;
  private int from;
  private int to;

  /** Null where the entry is on the heap. */
  private @Nullable ColumnRun run;

  /** Of the entry's first byte in the run's file. */
  private long position;

  /** What was copied of the run's entry. */
  private boolean hasInts;

  private boolean hasFloats;

  /** Taken for copies again and again. */
  private int[] ownInts = NO_INTS;

  private float[] ownFloats = NO_FLOATS;

  void point(Chunk.View chunk, int number) {
    run = null;
    ints = chunk.ints();
    floats = chunk.floats();
    from = chunk.starts()[number];
    to = chunk.starts()[number + 1];
  }

  void point(ColumnRun mapped, long at, int units) {
    run = mapped;
    position = at;
    hasInts = false;
    hasFloats = false;
    from = 0;
    to = units;
  }

  /** One int per unit, where units have ints. */
  public int[] ints() {
    ColumnRun mapped = run;
    if (mapped != null && !hasInts) {
      int count = units() * mapped.settings().intsPerUnit();
      if (ownInts.length < count) {
        ownInts = new int[capacity(count)];
      }
      MemorySegment.copy(
          mapped.checked(position, bytes(mapped)), ColumnRun.INT, position, ownInts, 0, count);
      ints = ownInts;
      hasInts = true;
    }
    return ints;
  }

  /** {@code stride} floats per unit. */
  public float[] floats() {
    ColumnRun mapped = run;
    if (mapped != null && !hasFloats) {
      int count = Math.multiplyExact(units(), mapped.settings().stride());
      if (ownFloats.length < count) {
        ownFloats = new float[capacity(count)];
      }
      MemorySegment.copy(
          mapped.checked(position, bytes(mapped)),
          ColumnRun.FLOAT,
          mappedFloats(),
          ownFloats,
          0,
          count);
      floats = ownFloats;
      hasFloats = true;
    }
    return floats;
  }

  private static int capacity(int count) {
    return Math.max(16, count + (count >>> 1));
  }

  private long bytes(ColumnRun mapped) {
    return (long) units() * mapped.settings().unitBytes();
  }

  /** Whether it is in a mapped file. */
  public boolean isMapped() {
    return run != null;
  }

  /** Bytes that the entry takes of a mapped file; 0 where it is on the heap. */
  public long mappedBytes() {
    ColumnRun mapped = run;
    return mapped == null ? 0 : bytes(mapped);
  }

  /** The mapped file that the entry is in; null where it is on the heap. */
  public @Nullable MemorySegment mapped() {
    ColumnRun mapped = run;
    return mapped == null ? null : mapped.checked(position, bytes(mapped));
  }

  /** Where the int of the first unit is in {@link #mapped}, where units have ints. */
  public long mappedInts() {
    return position;
  }

  /** Where the floats of the first unit are in {@link #mapped}, little endian. */
  public long mappedFloats() {
    ColumnRun mapped = run;
    return mapped == null
        ? 0
        : position + (long) Integer.BYTES * units() * mapped.settings().intsPerUnit();
  }

  /** The first unit in the arrays. */
  public int from() {
    return from;
  }

  /** One behind the last unit. */
  public int to() {
    return to;
  }

  public int units() {
    return to - from;
  }

  /** Hands over what a sealed file holds of it. */
  void putTo(ChecksummedWriter out, ColumnSettings settings) throws IOException {
    ColumnRun mapped = run;
    if (mapped != null) {
      out.putValues(
          mapped.checked(position, bytes(mapped)), ColumnRun.INT, position, bytes(mapped));
      return;
    }
    long ofInts = (long) Integer.BYTES * settings.intsPerUnit();
    long ofFloats = (long) Float.BYTES * settings.stride();
    out.putValues(
        MemorySegment.ofArray(ints), ValueLayout.JAVA_INT, from * ofInts, units() * ofInts);
    out.putValues(
        MemorySegment.ofArray(floats), ValueLayout.JAVA_INT, from * ofFloats, units() * ofFloats);
  }
}
