package dev.eddy.engine.field;

import java.util.Arrays;

/**
 * Terms on the heap as their bytes, numbered from 0 in the order in which they came. Length of the
 * term plus about 20 bytes each, or up to twice as many.
 *
 * <p>Threading: one thread adds at a time; everything else is safe beside it, and sees at least the
 * terms of numbers that were published to the reader.
 */
final class HeapTerms {
  private static final int SLAB_BYTES = 1 << 16;
  private static final int CAPACITY_MIN = 16;

  /** What readers look at; replaced when it gets too small. */
  private record Table(int[] codesPlusOne, long[] places, int[] lengths, byte[][] slabs) {
    byte[] slabOf(int code) {
      return slabs[(int) (places[code] >>> 32)];
    }

    int offsetOf(int code) {
      return (int) places[code];
    }
  }

  private volatile Table table =
      new Table(
          new int[2 * CAPACITY_MIN],
          new long[CAPACITY_MIN],
          new int[CAPACITY_MIN],
          new byte[1][SLAB_BYTES]);

  private volatile int size;
  private int lastSlab;
  private int slabUsed;
  private volatile long slabBytes = SLAB_BYTES;
  private volatile long storedBytes;

  int size() {
    return size;
  }

  /** Bytes of the heap. */
  long heapBytes() {
    return slabBytes + 20L * table.lengths().length;
  }

  /** Bytes that all take when they are stored. */
  long storedBytes() {
    return storedBytes;
  }

  /** The number of a term, or {@link TermDictionary#NONE}. */
  int find(byte[] term, int hash) {
    int known = size; // First: the table read after it has all their terms.
    return find(table, known, term, hash);
  }

  private static int find(Table table, int size, byte[] bytes, int hash) {
    int mask = table.codesPlusOne().length - 1;
    for (int at = hash & mask; ; at = (at + 1) & mask) {
      int code = table.codesPlusOne()[at] - 1;
      if (code < 0) {
        return TermDictionary.NONE;
      }
      // A code above the size is being added, or is newer than what the caller may know.
      if (code < size && isTerm(table, code, bytes)) {
        return code;
      }
    }
  }

  private static boolean isTerm(Table table, int code, byte[] bytes) {
    int from = table.offsetOf(code);
    return table.lengths()[code] == bytes.length
        && Arrays.equals(table.slabOf(code), from, from + bytes.length, bytes, 0, bytes.length);
  }

  /** Adds a term that is new; one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only whoever adds.
  int add(byte[] term, int hash) {
    if (size == table.lengths().length) {
      grow();
    }
    long place = store(term);
    int code = size;
    Table current = table;
    current.places()[code] = place;
    current.lengths()[code] = term.length;
    insert(current.codesPlusOne(), hash, code);
    storedBytes += Integer.BYTES + term.length;
    size = code + 1; // Volatile: whoever sees it sees the term.
    return code;
  }

  private static void insert(int[] codesPlusOne, int hash, int code) {
    int mask = codesPlusOne.length - 1;
    int at = hash & mask;
    while (codesPlusOne[at] != 0) {
      at = (at + 1) & mask;
    }
    codesPlusOne[at] = code + 1;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Only whoever adds.
  private long store(byte[] bytes) {
    if (slabUsed + bytes.length > table.slabs()[lastSlab].length) {
      Table current = table;
      byte[][] slabs = Arrays.copyOf(current.slabs(), current.slabs().length + 1);
      lastSlab = slabs.length - 1;
      slabs[lastSlab] = new byte[Math.max(SLAB_BYTES, bytes.length)];
      slabBytes += slabs[lastSlab].length;
      slabUsed = 0;
      table = new Table(current.codesPlusOne(), current.places(), current.lengths(), slabs);
    }
    System.arraycopy(bytes, 0, table.slabs()[lastSlab], slabUsed, bytes.length);
    long place = (long) lastSlab << 32 | slabUsed;
    slabUsed += bytes.length;
    return place;
  }

  private void grow() {
    Table old = table;
    int capacity = old.lengths().length * 2;
    int[] codes = new int[2 * capacity];
    Table bigger =
        new Table(
            codes,
            Arrays.copyOf(old.places(), capacity),
            Arrays.copyOf(old.lengths(), capacity),
            old.slabs());
    for (int code = 0; code < size; code++) {
      insert(codes, TermDictionary.hash(copy(bigger, code)), code);
    }
    table = bigger;
  }

  private static byte[] copy(Table table, int code) {
    int from = table.offsetOf(code);
    return Arrays.copyOfRange(table.slabOf(code), from, from + table.lengths()[code]);
  }

  /** The bytes of a term; a copy. */
  byte[] term(int code) {
    return copy(table, code);
  }

  /** Bytes of a term. */
  int length(int code) {
    return table.lengths()[code];
  }
}
