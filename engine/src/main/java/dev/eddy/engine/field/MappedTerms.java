package dev.eddy.engine.field;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A stretch of a dictionary's terms that is read from the mapped file it is alone in. Nothing of it
 * is on the heap. Counted as {@link MappedPiece} says; safe from any thread that holds a reference.
 */
final class MappedTerms {
  /** Bytes of terms in one file, so that offsets are int32. */
  static final long STORED_BYTES_MAX = 1 << 30;

  private static final int FIRST_BYTE = FileHeader.BYTES + 2 * Integer.BYTES;
  private static final int FIXED_BYTES = 3 * Integer.BYTES;

  private final MappedPiece piece;
  private final int first;
  private final int count;
  private final int mask;
  private final MemorySegment table;
  private final MemorySegment offsets;
  private final MemorySegment terms;

  private MappedTerms(MappedPiece piece) {
    this.piece = piece;
    MemorySegment bytes = piece.bytes();
    this.first = bytes.get(MappedPiece.INT, FIRST_BYTE);
    this.count = bytes.get(MappedPiece.INT, FIRST_BYTE + 4);
    int size = bytes.get(MappedPiece.INT, FIRST_BYTE + 8);
    this.mask = size - 1;
    long at = FIRST_BYTE + FIXED_BYTES;
    this.table = bytes.asSlice(at, 4L * size);
    this.offsets = bytes.asSlice(at + 4L * size, 4L * (count + 1));
    this.terms = bytes.asSlice(at + 4L * size + 4L * (count + 1));
  }

  /**
   * Terms that were just written.
   *
   * @param piece whose reference is taken over
   */
  static MappedTerms of(MappedPiece piece) {
    return new MappedTerms(piece);
  }

  /**
   * Stored terms; reads and checks every byte.
   *
   * @param piece whose reference is taken over, also by a failure
   */
  static MappedTerms checked(MappedPiece piece) throws IOException {
    try {
      piece.check();
      MappedTerms stored = new MappedTerms(piece);
      if (!stored.isWhole()) {
        throw new CorruptFileException(piece.file(), FIRST_BYTE, "numbered terms", "others");
      }
      return stored;
    } catch (CorruptFileException e) {
      piece.release();
      throw e;
    } catch (IOException | RuntimeException e) {
      piece.release();
      throw new CorruptFileException(piece.file(), FIRST_BYTE, "terms", e.toString());
    }
  }

  private boolean isWhole() {
    boolean isWhole =
        first >= 0
            && Integer.bitCount(mask + 1) == 1
            && mask >= count
            && offset(0) == 0
            && offset(count) == terms.byteSize();
    for (int i = 0; isWhole && i < count; i++) {
      isWhole = offset(i) <= offset(i + 1);
    }
    int found = 0;
    for (int at = 0; isWhole && at <= mask; at++) {
      int number = numberPlusOne(at);
      isWhole = number >= 0 && number <= count;
      found += number > 0 ? 1 : 0;
    }
    return isWhole && found == count;
  }

  /**
   * Writes terms, little endian:
   *
   * <pre>
   *   first      code int32
   *   n          int32
   *   table      int32 size, a power of two above n; as many int32: 0, or one above a term's number
   *              from 0, at the low bits of its hash ({@link TermDictionary#hash}) or the next free
   *   offsets    (n + 1) * int32 into terms, the first 0, the last their length
   *   terms      bytes, one after another
   * </pre>
   */
  static void write(ChecksummedWriter out, IntFunction<byte[]> termOf, int first, int end)
      throws IOException {
    int count = end - first;
    int[] table = new int[Integer.highestOneBit(Math.max(1, count)) << 2];
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      byte[] term = termOf.apply(first + i);
      offsets[i + 1] = offsets[i] + term.length;
      int at = TermDictionary.hash(term) & table.length - 1;
      while (table[at] != 0) {
        at = (at + 1) & table.length - 1;
      }
      table[at] = i + 1;
    }
    out.putInt(first);
    out.putInt(count);
    out.putInt(table.length);
    out.putInts(table, table.length);
    out.putInts(offsets, offsets.length);
    for (int i = 0; i < count; i++) {
      out.putBytes(termOf.apply(first + i));
    }
  }

  /** Reads what {@link #write} wrote onto the heap. */
  static PieceFile.Read.Terms read(ChecksummedReader in) throws IOException {
    int from = in.getInt("first code", 0, Integer.MAX_VALUE);
    int most = (int) Math.min(Integer.MAX_VALUE - from, in.remaining() / Integer.BYTES);
    int count = in.getInt("terms", 0, most);
    in.getInts(new int[in.getInt("size of the table", 0, most)]);
    if (in.remaining() < 4L * (count + 1)) {
      throw new CorruptFileException(in.file(), in.position(), "offsets", "the end");
    }
    int[] offsets = new int[count + 1];
    in.getInts(offsets);
    List<byte[]> terms = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = offsets[i + 1] - offsets[i];
      if (length < 0 || length > in.remaining()) {
        throw new CorruptFileException(in.file(), in.position(), "offsets that ascend", "others");
      }
      byte[] term = new byte[length];
      in.getBytes(term);
      terms.add(term);
    }
    return new PieceFile.Read.Terms(from, terms);
  }

  private int numberPlusOne(int at) {
    return table.get(MappedPiece.INT, 4L * at);
  }

  private int offset(int number) {
    return offsets.get(MappedPiece.INT, 4L * number);
  }

  MappedPiece piece() {
    return piece;
  }

  /** Code of the first term. */
  int first() {
    return first;
  }

  /** One above the code of the last term. */
  int end() {
    return first + count;
  }

  /** Bytes that they take when they are stored one by one. */
  long storedBytes() {
    return terms.byteSize() + 4L * count;
  }

  /** The code of a term, or {@link TermDictionary#NONE}. */
  int find(byte[] term, int hash) {
    MemorySegment wanted = MemorySegment.ofArray(term);
    for (int at = hash & mask; ; at = (at + 1) & mask) {
      int number = numberPlusOne(at) - 1;
      if (number < 0) {
        return TermDictionary.NONE;
      }
      int from = offset(number);
      int to = offset(number + 1);
      if (to - from == term.length
          && MemorySegment.mismatch(terms, from, to, wanted, 0, term.length) < 0) {
        return first + number;
      }
    }
  }

  /** The bytes of a term; a copy. */
  byte[] term(int code) {
    int from = offset(code - first);
    byte[] copy = new byte[offset(code - first + 1) - from];
    MemorySegment.copy(terms, ValueLayout.JAVA_BYTE, from, copy, 0, copy.length);
    return copy;
  }

  /** Bytes of a term. */
  int length(int code) {
    return offset(code - first + 1) - offset(code - first);
  }
}
