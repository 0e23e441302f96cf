package dev.eddy.engine.column;

import java.util.Arrays;

/**
 * Entries one behind the other. Appended to by the writer; what a {@link View} shows never changes.
 */
final class Chunk {
  private static final int ENTRIES_AT_START = 64;
  private static final int UNITS_AT_START = 512;

  private final ColumnSettings settings;
  private final ChunkFile file;
  private int[] slots = new int[ENTRIES_AT_START];

  /** Unit at which each entry starts; one more than entries. */
  private int[] starts = new int[ENTRIES_AT_START + 1];

  private int[] ints;
  private float[] floats;
  private int entries;

  /** What was there at one moment: the first entries of these arrays. */
  record View(int[] slots, int[] starts, int[] ints, float[] floats) {}

  Chunk(ColumnSettings settings, ChunkFile file) {
    this.settings = settings;
    this.file = file;
    int units = Math.min(settings.chunkUnits(), UNITS_AT_START);
    ints = new int[units * settings.intsPerUnit()];
    floats = new float[units * settings.stride()];
  }

  /** Whether an entry of so many units still fits; an empty chunk takes any. */
  boolean hasRoom(int units) {
    return entries == 0 || units() + (long) units <= settings.chunkUnits();
  }

  /**
   * Adds an entry.
   *
   * @param theirInts {@code intsPerUnit} per unit, from the start of the array
   * @param theirFloats {@code floatsPerUnit} per unit, one behind the other
   * @return its number
   */
  int append(int slot, int units, int[] theirInts, float[] theirFloats) {
    int at = units();
    grow(Math.addExact(at, units));
    if (settings.intsPerUnit() > 0) {
      System.arraycopy(theirInts, 0, ints, at, units);
    }
    int perUnit = settings.floatsPerUnit();
    int stride = settings.stride();
    if (perUnit == stride) {
      System.arraycopy(theirFloats, 0, floats, at * stride, units * stride);
    } else {
      for (int unit = 0; unit < units; unit++) {
        System.arraycopy(theirFloats, unit * perUnit, floats, (at + unit) * stride, perUnit);
      }
    }
    slots[entries] = slot;
    starts[entries + 1] = at + units;
    return entries++;
  }

  private void grow(int units) {
    if (entries == slots.length) {
      slots = Arrays.copyOf(slots, entries * 2);
      starts = Arrays.copyOf(starts, entries * 2 + 1);
    }
    long capacity = floats.length / settings.stride();
    if (units > capacity) {
      int wanted = (int) Math.max(units, Math.min(settings.chunkUnits(), capacity * 2));
      ints = Arrays.copyOf(ints, Math.multiplyExact(wanted, settings.intsPerUnit()));
      floats = Arrays.copyOf(floats, Math.multiplyExact(wanted, settings.stride()));
    }
  }

  int entries() {
    return entries;
  }

  /** Units of all entries, dead ones included. */
  int units() {
    return starts[entries];
  }

  int slot(int entry) {
    return slots[entry];
  }

  int unitsOf(int entry) {
    return starts[entry + 1] - starts[entry];
  }

  ChunkFile file() {
    return file;
  }

  View view() {
    return new View(slots, starts, ints, floats);
  }

  long heapBytes() {
    return 4L * (slots.length + starts.length + ints.length + floats.length);
  }
}
