package dev.eddy.engine.column;

import java.util.Arrays;

/**
 * Entries one behind the other. Appended to by the writer; what a {@link View} shows never changes.
 *
 * <p>Floats are there as readers take them; numbers that take less stay so, and each reader copies
 * the entries it wants.
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

  /** Empty where numbers are narrow. */
  private float[] floats;

  /** Numbers that take less than floats, a stride of them per unit; else empty. */
  private byte[] narrow;

  private int entries;

  /** What was there at one moment: the first entries of these arrays. */
  record View(
      ColumnSettings settings,
      int[] slots,
      int[] starts,
      int[] ints,
      float[] floats,
      byte[] narrow) {}

  Chunk(ColumnSettings settings, ChunkFile file) {
    this.settings = settings;
    this.file = file;
    int units = Math.min(settings.chunkUnits(), UNITS_AT_START);
    ints = new int[units * settings.intsPerUnit()];
    floats = new float[settings.isNarrow() ? 0 : units * settings.stride()];
    narrow = new byte[settings.isNarrow() ? units * narrowBytes() : 0];
  }

  /** Of a unit. */
  private int narrowBytes() {
    return settings.elementType().bytes() * settings.stride();
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
   * @throws IllegalArgumentException when the settings' type can't say a number exactly
   */
  int append(int slot, int units, int[] theirInts, float[] theirFloats) {
    int at = units();
    grow(Math.addExact(at, units));
    if (settings.intsPerUnit() > 0) {
      System.arraycopy(theirInts, 0, ints, at, units);
    }
    int perUnit = settings.floatsPerUnit();
    int stride = settings.stride();
    if (settings.isNarrow()) {
      for (int unit = 0; unit < units; unit++) {
        settings
            .elementType()
            .encode(theirFloats, unit * perUnit, perUnit, narrow, (at + unit) * narrowBytes());
      }
    } else if (perUnit == stride) {
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
    long capacity =
        settings.isNarrow() ? narrow.length / narrowBytes() : floats.length / settings.stride();
    if (units > capacity) {
      int wanted = (int) Math.max(units, Math.min(settings.chunkUnits(), capacity * 2));
      ints = Arrays.copyOf(ints, Math.multiplyExact(wanted, settings.intsPerUnit()));
      if (settings.isNarrow()) {
        narrow = Arrays.copyOf(narrow, Math.multiplyExact(wanted, narrowBytes()));
      } else {
        floats = Arrays.copyOf(floats, Math.multiplyExact(wanted, settings.stride()));
      }
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
    return new View(settings, slots, starts, ints, floats, narrow);
  }

  long heapBytes() {
    return 4L * (slots.length + starts.length + ints.length + floats.length) + narrow.length;
  }
}
