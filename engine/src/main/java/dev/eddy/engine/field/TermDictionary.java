package dev.eddy.engine.field;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.points.PointHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Numbers the terms of a field, from 0 in the order in which they came. Terms are never forgotten.
 * Length of the term plus about 12 bytes each.
 *
 * <p>Threading: {@link #code} takes turns; everything else is safe beside it, and sees at least the
 * terms of codes that were published to the reader.
 */
final class TermDictionary {
  /** Not a term. */
  static final int NONE = -1;

  private static final int SLAB_BYTES = 1 << 16;
  private static final int CAPACITY_MIN = 16;

  /** Marks a term that UTF-8 can't hold, for a lone surrogate; no UTF-8 begins so. */
  private static final byte AS_UTF_16 = (byte) 0xff;

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
  private long memoryBytes = SLAB_BYTES;

  int size() {
    return size;
  }

  synchronized long memoryBytes() {
    return memoryBytes + 20L * table.lengths().length;
  }

  /** The code of a term, or {@link #NONE}. */
  int find(String term) {
    byte[] bytes = bytes(term);
    int known = size; // First: the table read after it has all their terms.
    return find(table, known, bytes, hash(bytes));
  }

  private static int find(Table table, int size, byte[] bytes, int hash) {
    int mask = table.codesPlusOne().length - 1;
    for (int at = hash & mask; ; at = (at + 1) & mask) {
      int code = table.codesPlusOne()[at] - 1;
      if (code < 0) {
        return NONE;
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

  /** The code of a term, which is added if it is new. */
  synchronized int code(String term) {
    byte[] bytes = bytes(term);
    int hash = hash(bytes);
    int known = find(table, size, bytes, hash);
    return known != NONE ? known : add(bytes, hash);
  }

  private int add(byte[] bytes, int hash) {
    if (size == table.lengths().length) {
      grow();
    }
    long place = store(bytes);
    int code = size;
    Table current = table;
    current.places()[code] = place;
    current.lengths()[code] = bytes.length;
    insert(current.codesPlusOne(), hash, code);
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

  private long store(byte[] bytes) {
    if (slabUsed + bytes.length > table.slabs()[lastSlab].length) {
      Table current = table;
      byte[][] slabs = Arrays.copyOf(current.slabs(), current.slabs().length + 1);
      lastSlab = slabs.length - 1;
      slabs[lastSlab] = new byte[Math.max(SLAB_BYTES, bytes.length)];
      memoryBytes += slabs[lastSlab].length;
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
      insert(codes, hash(copy(bigger, code)), code);
    }
    table = bigger;
  }

  private static byte[] copy(Table table, int code) {
    int from = table.offsetOf(code);
    return Arrays.copyOfRange(table.slabOf(code), from, from + table.lengths()[code]);
  }

  /** The term of a code. */
  String term(int code) {
    Table current = table;
    byte[] bytes = copy(current, code);
    if (bytes.length == 0 || bytes[0] != AS_UTF_16) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    char[] units = new char[bytes.length / 2];
    for (int i = 0; i < units.length; i++) {
      units[i] = (char) (bytes[1 + 2 * i] << 8 | bytes[2 + 2 * i] & 0xff);
    }
    return new String(units);
  }

  /** Bytes that terms take when they are stored. */
  long storedBytes(int fromCode, int toCode) {
    Table current = table;
    long bytes = 0;
    for (int code = fromCode; code < toCode; code++) {
      bytes += Integer.BYTES + current.lengths()[code];
    }
    return bytes;
  }

  /**
   * Writes terms in the order of their codes, each as length int32 and bytes: UTF-8, or 0xff and
   * UTF-16 big endian where there is a lone surrogate.
   */
  void writeTo(ChecksummedWriter out, int fromCode, int toCode) throws IOException {
    Table current = table;
    for (int code = fromCode; code < toCode; code++) {
      byte[] bytes = copy(current, code);
      out.putInt(bytes.length);
      out.putBytes(bytes);
    }
  }

  /**
   * Adds a term as it was stored.
   *
   * @return whether it is a new one, as every stored term is
   */
  synchronized boolean addStored(byte[] bytes) {
    int hash = hash(bytes);
    boolean isTerm = bytes.length == 0 || bytes[0] != AS_UTF_16 || bytes.length % 2 == 1;
    if (!isTerm || find(table, size, bytes, hash) != NONE) {
      return false;
    }
    add(bytes, hash);
    return true;
  }

  /** Codes of all terms that pass, ascending. */
  long[] codesWhere(Predicate<String> test) {
    return LongStream.range(0, size).filter(code -> test.test(term((int) code))).toArray();
  }

  private static int hash(byte[] bytes) {
    return (int) (PointHash.payload(bytes) >>> 17);
  }

  private static byte[] bytes(String term) {
    if (!hasLoneSurrogate(term)) {
      return term.getBytes(StandardCharsets.UTF_8);
    }
    byte[] units = new byte[1 + 2 * term.length()];
    units[0] = AS_UTF_16;
    for (int i = 0; i < term.length(); i++) {
      units[1 + 2 * i] = (byte) (term.charAt(i) >>> 8);
      units[2 + 2 * i] = (byte) term.charAt(i);
    }
    return units;
  }

  private static boolean hasLoneSurrogate(String term) {
    for (int i = 0; i < term.length(); i++) {
      char c = term.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == term.length()
            || !Character.isLowSurrogate(term.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
