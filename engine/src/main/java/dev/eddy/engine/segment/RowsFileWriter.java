package dev.eddy.engine.segment;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Appends rows to a new {@link RowsFile}, and an index at each checkpoint. Not thread-safe. */
final class RowsFileWriter implements AutoCloseable {
  /**
   * An index of fewer rows is written once more with the next one, so that a file that grows by a
   * few rows at a time is not opened by going from one of its ends to the next.
   */
  private static final int INDEX_ROWS_MIN = 4_096;

  private final ChecksummedWriter out;
  private final VectorFieldSettings settings;
  private final byte[] bytes;
  private final int groupRowsMax;
  private int rows;

  private final List<Group> groups = new ArrayList<>();
  private final CRC32C sum = new CRC32C();
  private long groupPosition;
  private int groupRows;

  /** Of the rows that the next index says, which come first in the array. */
  private int[] slots = new int[16];

  private int slotCount;

  /** Where the index before that one ends. */
  private long before;

  /** Rows that the file has an index of. */
  private int indexedRows;

  private record Group(long position, int rows, int sum) {}

  private RowsFileWriter(ChecksummedWriter out, VectorFieldSettings settings) {
    this.out = out;
    this.settings = settings;
    this.bytes = new byte[settings.elementType().bytes() * settings.dimension()];
    this.groupRowsMax = RowsFile.groupRows(bytes.length);
  }

  /** Creates the file, in place of one that is there. */
  static RowsFileWriter create(Path file, VectorFieldSettings settings) throws IOException {
    Files.deleteIfExists(file);
    ChecksummedWriter out = new ChecksummedWriter(file);
    FileHeader.write(out, RowsFile.KIND, RowsFile.VERSION);
    out.putInt(settings.dimension());
    out.putInt(settings.metric().code());
    out.putInt(settings.elementType().code());
    out.putInt(0);
    return new RowsFileWriter(out, settings);
  }

  /**
   * Appends a row.
   *
   * @param slot above every slot appended before
   */
  void append(int slot, float[] row) throws IOException {
    if (groupRows == 0) {
      groupPosition = out.length();
      sum.reset();
    }
    settings.elementType().encode(row, settings.dimension(), bytes, 0);
    out.putBytes(bytes);
    sum.update(bytes);
    if (slotCount == slots.length) {
      slots = Arrays.copyOf(slots, slotCount + (slotCount >> 1));
    }
    slots[slotCount++] = slot;
    rows++;
    groupRows++;
    if (groupRows == groupRowsMax) {
      endGroup();
    }
  }

  private void endGroup() {
    if (groupRows > 0) {
      groups.add(new Group(groupPosition, groupRows, (int) sum.getValue()));
      groupRows = 0;
    }
  }

  /** Ends the file with an index, unless it has one there, and forces it to disk. */
  FilePart force() throws IOException {
    if (rows > indexedRows) {
      endGroup();
      writeIndex();
      indexedRows = rows;
      if (slotCount >= INDEX_ROWS_MIN) {
        before = out.length();
        slots = new int[16];
        slotCount = 0;
        groups.clear();
      }
    }
    out.force();
    return new FilePart(String.valueOf(file().getFileName()), rows, out.length(), out.checksum());
  }

  private void writeIndex() throws IOException {
    int length =
        Integer.BYTES
            + groups.size() * RowsIndex.GROUP_BYTES
            + slotCount * Integer.BYTES
            + RowsIndex.TRAILER_BYTES;
    ByteBuffer index = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    index.putInt(groups.size());
    for (Group group : groups) {
      index.putLong(group.position).putInt(group.rows).putInt(group.sum);
    }
    for (int i = 0; i < slotCount; i++) {
      index.putInt(slots[i]);
    }
    index.putLong(before).putInt(length);
    CRC32C ofIndex = new CRC32C();
    ofIndex.update(index.array(), 0, index.position());
    out.putBytes(index.putInt((int) ofIndex.getValue()).array());
  }

  /** Rows appended so far. */
  int rows() {
    return rows;
  }

  /** Bytes written so far. */
  long length() {
    return out.length();
  }

  Path file() {
    return out.file();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
