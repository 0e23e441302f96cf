package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords;
import dev.eddy.engine.format.CheckedRecords.Groups;
import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.graph.StoredRows;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Rows of a heap segment in a file that only grows, as a checkpoint holds it: slots are read at
 * once, rows when they are needed. Kind {@code ROWS}, version 3, little endian. The valid length
 * stands in the checkpoint's manifest, with the CRC32C of all valid bytes.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   dimension    int32
 *   metric       int32     code of the metric; cosine rows are stored normalised
 *   element type int32     code of the {@link ElementType}
 *   reserved     int32     0
 *   groups       n * (dimension numbers of the element type), and behind those of each checkpoint a {@link RowsIndex}
 * </pre>
 *
 * <p>In versions 1, which is of floats, and 2 a row follows its slot (int32), there is no index,
 * and the file is read in full at once to be checked. Thread-safe.
 */
final class RowsFile {
  static final int KIND = FileHeader.fourLetters("ROWS");
  static final int VERSION = 3;
  static final int HEADER_BYTES = FileHeader.BYTES + 16;
  private static final int VERSION_OF_FLOATS = 1;

  /**
   * Bytes of rows that have a checksum together, or of one row where that is longer: what is read
   * for one row.
   */
  private static final int GROUP_BYTES = 1 << 14;

  private final CheckedRecords records;
  private final int[] slots;
  private final ElementType stored;
  private final VectorFieldSettings settings;

  private RowsFile(
      CheckedRecords records, int[] slots, ElementType stored, VectorFieldSettings settings) {
    this.records = records;
    this.slots = slots;
    this.stored = stored;
    this.settings = settings;
  }

  /** Rows of a group, at most. */
  static int groupRows(int rowBytes) {
    return Math.max(1, GROUP_BYTES / rowBytes);
  }

  /**
   * Opens the valid part of a file of the folder.
   *
   * @param lastSlot slots must be above it
   * @param known a file found damaged before is read and checked as a whole
   * @throws CorruptFileException when what is read now is not as it was written
   */
  static RowsFile open(
      Path folder, FilePart part, VectorFieldSettings settings, int lastSlot, FileDamage known)
      throws IOException {
    Path file = folder.resolve(part.name());
    try (ChecksummedReader in = ChecksummedReader.open(file, part.lengthBytes())) {
      int version = FileHeader.check(in, KIND, VERSION_OF_FLOATS, VERSION);
      in.expectInt("dimension", settings.dimension());
      in.expectInt("metric", settings.metric().code());
      ElementType type = elementType(in, settings.elementType());
      in.expectInt("reserved", 0);
      int rowBytes = Math.multiplyExact(type.bytes(), settings.dimension());
      if (version < VERSION) {
        return readOld(in, part, settings, type, lastSlot, known);
      }
      RowsIndex index = RowsIndex.read(file, part, rowBytes, lastSlot);
      CheckedRecords records = new CheckedRecords(known, file, rowBytes, index.groups());
      if (known.isSuspect(part.name())) {
        FileDamage.reading(records::checkAll);
      }
      return new RowsFile(records, index.slots(), type, settings);
    }
  }

  /** Files of builds before are of floats, whatever rows are kept as now. */
  private static ElementType elementType(ChecksummedReader in, ElementType wanted)
      throws IOException {
    long at = in.position();
    int code = in.getInt();
    if (code == ElementType.FLOAT32.code()) {
      return ElementType.FLOAT32;
    }
    if (code != wanted.code()) {
      throw new CorruptFileException(
          in.file(), at, "element type " + wanted.code(), String.valueOf(code));
    }
    return wanted;
  }

  private static RowsFile readOld(
      ChecksummedReader in,
      FilePart part,
      VectorFieldSettings settings,
      ElementType type,
      int lastSlot,
      FileDamage known)
      throws IOException {
    int recordBytes = Integer.BYTES + type.bytes() * settings.dimension();
    long length = HEADER_BYTES + (long) part.rows() * recordBytes;
    if (part.lengthBytes() != length) {
      throw new CorruptFileException(
          in.file(),
          0,
          length + " bytes for " + part.rows() + " rows",
          part.lengthBytes() + " bytes");
    }
    int[] slots = new int[part.rows()];
    int perGroup = groupRows(recordBytes);
    int[] sums = new int[(part.rows() + perGroup - 1) / perGroup];
    ByteBuffer record = ByteBuffer.allocate(recordBytes).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C sum = new CRC32C();
    for (int i = 0; i < part.rows(); i++) {
      in.getBytes(record.array());
      slots[i] = record.getInt(0);
      if (i % perGroup == 0) {
        sum.reset();
      }
      sum.update(record.array());
      sums[i / perGroup] = (int) sum.getValue();
    }
    RowsIndex.checkSlots(in.file(), slots, lastSlot);
    in.expectChecksum(part.crc32c());
    Groups groups = Groups.even(part.rows(), perGroup, HEADER_BYTES, recordBytes, sums);
    return new RowsFile(
        new CheckedRecords(known, in.file(), recordBytes, groups), slots, type, settings);
  }

  /** Rows in the file. */
  int count() {
    return slots.length;
  }

  /** Their slots, ascending. */
  int[] slots() {
    return slots;
  }

  /** The rows as they stand in the file, to be asked for damage. */
  CheckedRecords records() {
    return records;
  }

  /**
   * Reads rows {@code [first, first + count)} and gives them on in their order, in the settings'
   * element type.
   *
   * @throws UncheckedIOException when the file is damaged
   */
  void read(int first, int count, StoredRows.Sink sink) {
    int storedBytes = stored.bytes() * settings.dimension();
    if (records.recordBytes() == storedBytes && stored == settings.elementType()) {
      records.read(first, count, sink::take);
    } else {
      records.read(
          first,
          count,
          (row, rows, found, at) -> sink.take(row, rows, ofRecords(found, at, rows), 0));
    }
  }

  /** The numbers of old records, which begin with a slot or are of another type. */
  private byte[] ofRecords(byte[] records, int at, int count) {
    ElementType wanted = settings.elementType();
    int recordBytes = this.records.recordBytes();
    int storedBytes = stored.bytes() * settings.dimension();
    int wantedBytes = wanted.bytes() * settings.dimension();
    byte[] numbers = new byte[count * wantedBytes];
    float[] row = new float[settings.dimension()];
    for (int i = 0; i < count; i++) {
      stored.decode(records, at + (i + 1) * recordBytes - storedBytes, row, row.length);
      wanted.encode(row, row.length, numbers, i * wantedBytes);
    }
    return numbers;
  }
}
