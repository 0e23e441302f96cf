package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords.Groups;
import dev.eddy.engine.format.CorruptFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.zip.CRC32C;

/**
 * What a {@link RowsFile} says of its rows: their slots, and where groups of them lie. Each
 * checkpoint ends the file with an index of what came since one before, little endian:
 *
 * <pre>
 *   groups   int32     g, at least 1
 *   group    g * (position int64, rows int32, CRC32C of the rows' bytes int32)
 *   slots    int32 per row, ascending
 *   before   int64     where the index ends that says what came before; 0 = nothing did
 *   length   int32     of this index
 *   crc32c   int32     of the index up to here
 * </pre>
 *
 * @param slots of all rows
 * @param groups of all rows
 */
record RowsIndex(int[] slots, Groups groups) {
  static final int GROUP_BYTES = Long.BYTES + 2 * Integer.BYTES;
  static final int TRAILER_BYTES = Long.BYTES + 2 * Integer.BYTES;

  /** Reads the indexes of the valid part of a file. */
  static RowsIndex read(Path file, FilePart part, int rowBytes, int lastSlot) throws IOException {
    Reading reading = new Reading(file, part, rowBytes);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = part.lengthBytes();
      while (end != 0) {
        end = reading.take(in, end);
      }
    }
    RowsIndex found = reading.done();
    checkSlots(file, found.slots, lastSlot);
    return found;
  }

  /** Compares slots with what they are to be: ascending, and above one. */
  static void checkSlots(Path file, int[] slots, int lastSlot) throws CorruptFileException {
    int before = lastSlot;
    for (int slot : slots) {
      if (slot <= before) {
        throw new CorruptFileException(file, 0, "slots above " + before, String.valueOf(slot));
      }
      before = slot;
    }
  }

  /** Takes indexes from the last to the first. */
  private static final class Reading {
    private final Path file;
    private final FilePart part;
    private final int rowBytes;
    private final int[] slots;
    private int rowsLeft;
    private final Deque<Groups> groups = new ArrayDeque<>();

    Reading(Path file, FilePart part, int rowBytes) {
      this.file = file;
      this.part = part;
      this.rowBytes = rowBytes;
      this.slots = new int[part.rows()];
      this.rowsLeft = part.rows();
    }

    /** Takes the index that ends there; returns where the one before does. */
    long take(RandomAccessFile in, long end) throws IOException {
      ByteBuffer index = index(in, end);
      int count = index.getInt();
      int rows = (index.capacity() - TRAILER_BYTES - Integer.BYTES - count * GROUP_BYTES) >> 2;
      require(count > 0 && rows >= count && rows <= rowsLeft, end, rows + " rows");
      int[] ends = new int[count];
      long[] positions = new long[count];
      int[] sums = new int[count];
      int row = rowsLeft - rows;
      for (int i = 0; i < count; i++) {
        positions[i] = index.getLong();
        int ofGroup = index.getInt();
        sums[i] = index.getInt();
        row += ofGroup;
        ends[i] = row;
        require(ofGroup > 0 && row <= rowsLeft, end, "a group of " + ofGroup + " rows");
        require(isWithin(positions[i], ofGroup, end), end, "a group at " + positions[i]);
      }
      require(row == rowsLeft, end, "groups of " + row + " rows");
      rowsLeft -= rows;
      index.asIntBuffer().get(slots, rowsLeft, rows);
      groups.addFirst(new Groups(ends, positions, sums));
      long before = index.getLong(index.position() + rows * Integer.BYTES);
      require(before == 0 ? rowsLeft == 0 : before < end - index.capacity(), end, "one before");
      return before;
    }

    private boolean isWithin(long position, int rows, long end) {
      return position >= RowsFile.HEADER_BYTES && position <= end - (long) rows * rowBytes;
    }

    /** The bytes of the index that ends there. */
    private ByteBuffer index(RandomAccessFile in, long end) throws IOException {
      require(end >= RowsFile.HEADER_BYTES + TRAILER_BYTES, end, "an end at " + end);
      ByteBuffer trailer = bytes(in, end - 2 * Integer.BYTES, 2 * Integer.BYTES);
      int length = trailer.getInt();
      int expected = trailer.getInt();
      boolean isLength =
          length >= Integer.BYTES + TRAILER_BYTES && length <= end - RowsFile.HEADER_BYTES;
      require(isLength, end, "an index of " + length + " bytes");
      ByteBuffer index = bytes(in, end - length, length);
      CRC32C sum = new CRC32C();
      sum.update(index.array(), 0, length - Integer.BYTES);
      int found = (int) sum.getValue();
      if (found != expected) {
        throw new CorruptFileException(
            file, end, "crc32c %08x of an index".formatted(expected), "%08x".formatted(found));
      }
      return index;
    }

    private static ByteBuffer bytes(RandomAccessFile in, long at, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      in.seek(at);
      in.readFully(bytes.array());
      return bytes;
    }

    RowsIndex done() throws CorruptFileException {
      require(rowsLeft == 0, part.lengthBytes(), rowsLeft + " rows less");
      return new RowsIndex(
          slots,
          new Groups(
              groups.stream().flatMapToInt(of -> Arrays.stream(of.ends())).toArray(),
              groups.stream().flatMapToLong(of -> Arrays.stream(of.positions())).toArray(),
              groups.stream().flatMapToInt(of -> Arrays.stream(of.sums())).toArray()));
    }

    private void require(boolean isSo, long at, String found) throws CorruptFileException {
      if (!isSo) {
        throw new CorruptFileException(file, at, "an index of " + part.rows() + " rows", found);
      }
    }
  }
}
