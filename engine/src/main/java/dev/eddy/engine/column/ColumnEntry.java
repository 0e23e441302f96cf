package dev.eddy.engine.column;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.KernelSelector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry lies: a range of units, in arrays that are not to be written to or in a mapped
 * file. What is mapped is copied when it is asked for as arrays, and so is what is kept as numbers
 * that take less than floats. One thread.
 *
 * <p>What reads a file finds out whether it is as it was written, and throws an {@code
 * UncheckedIOException} of a {@code CorruptFileException} when it is not.
 */
public final class ColumnEntry {
  /** An int in {@link #mapped}. */
  public static final ValueLayout.OfInt INT = ColumnRun.INT;

  /** A number in {@link #mapped}, of columns that keep floats as they are. */
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

  /** Null but where the entry is on the heap in numbers that take less than floats. */
  private Chunk.@Nullable View narrow;

  /** The entry's first unit there. */
  private int first;

  /** Whether it is in {@link #ints}, at once or after it was copied. */
  private boolean hasInts = true;

  private boolean hasFloats = true;

  /** Taken for copies again and again. */
  private int[] ownInts = NO_INTS;

  private float[] ownFloats = NO_FLOATS;

  void point(Chunk.View chunk, int number) {
    run = null;
    boolean isNarrow = chunk.settings().isNarrow();
    narrow = isNarrow ? chunk : null;
    hasInts = !isNarrow;
    hasFloats = !isNarrow;
    first = chunk.starts()[number];
    int end = chunk.starts()[number + 1];
    if (isNarrow) {
      from = 0;
      to = end - first;
    } else {
      ints = chunk.ints();
      floats = chunk.floats();
      from = first;
      to = end;
    }
  }

  void point(ColumnRun mapped, long at, int units) {
    run = mapped;
    narrow = null;
    position = at;
    hasInts = false;
    hasFloats = false;
    from = 0;
    to = units;
  }

  /** One int per unit, where units have ints. */
  public int[] ints() {
    if (!hasInts) {
      copyInts();
    }
    return ints;
  }

  private void copyInts() {
    ColumnRun mapped = run;
    int count = units() * settings().intsPerUnit();
    if (ownInts.length < count) {
      ownInts = new int[capacity(count)];
    }
    if (mapped != null) {
      MemorySegment.copy(
          mapped.checked(position, bytes(mapped)), ColumnRun.INT, position, ownInts, 0, count);
    } else {
      System.arraycopy(narrow().ints(), count == 0 ? 0 : first, ownInts, 0, count);
    }
    ints = ownInts;
    hasInts = true;
  }

  private Chunk.View narrow() {
    return requireNonNull(narrow, "narrow");
  }

  /** How an entry that is copied looks where it lies. */
  private ColumnSettings settings() {
    ColumnRun mapped = run;
    return mapped == null ? narrow().settings() : mapped.settings();
  }

  /** {@code stride} floats per unit. */
  public float[] floats() {
    if (!hasFloats) {
      copyFloats();
    }
    return floats;
  }

  private void copyFloats() {
    ColumnRun mapped = run;
    ColumnSettings settings = settings();
    int count = Math.multiplyExact(units(), settings.stride());
    if (ownFloats.length < count) {
      ownFloats = new float[capacity(count)];
    }
    ElementType type = settings.elementType();
    if (mapped == null) {
      KernelSelector.narrowKernels(type)
          .widen(narrow().narrow(), first * settings.stride() * type.bytes(), ownFloats, 0, count);
    } else {
      MemorySegment bytes = mapped.checked(position, bytes(mapped));
      if (type.isFloat32()) {
        MemorySegment.copy(bytes, ColumnRun.FLOAT, mappedFloats(), ownFloats, 0, count);
      } else {
        KernelSelector.narrowKernels(type).widen(bytes, mappedFloats(), ownFloats, 0, count);
      }
    }
    floats = ownFloats;
    hasFloats = true;
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

  /** Where the numbers of the first unit are in {@link #mapped}, little endian. */
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
    if (mapped != null && mapped.settings().elementType() == settings.elementType()) {
      out.putBytes(mapped.checked(position, bytes(mapped)), position, bytes(mapped));
      return;
    }
    long ofInts = (long) Integer.BYTES * settings.intsPerUnit();
    out.putValues(
        MemorySegment.ofArray(ints()), ValueLayout.JAVA_INT, from * ofInts, units() * ofInts);
    if (settings.isNarrow()) {
      int count = units() * settings.stride();
      byte[] numbers = new byte[Math.multiplyExact(count, settings.elementType().bytes())];
      settings.elementType().encode(floats(), from * settings.stride(), count, numbers, 0);
      out.putBytes(numbers);
    } else {
      long ofFloats = (long) Float.BYTES * settings.stride();
      out.putValues(
          MemorySegment.ofArray(floats()),
          ValueLayout.JAVA_INT,
          from * ofFloats,
          units() * ofFloats);
    }
  }
}
