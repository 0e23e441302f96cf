package dev.eddy.engine.column;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one chunk on the heap, which only grows. Kind {@code COLM}, version 1 of floats,
 * version 3 of numbers that take less, little endian. The valid length and its CRC32C stand in the
 * checkpoint's manifest.
 *
 * <pre>
 *   header          16 bytes, see {@link FileHeader}
 *   intsPerUnit     int32
 *   floatsPerUnit   int32
 *   element type    int32     {@link ElementType#code} of numbers; 0, floats, in version 1
 *   reserved        int32     0
 *   entries         n * (slot int32, units int32, units * intsPerUnit int32,
 *                   units * floatsPerUnit numbers), a slot at most once
 * </pre>
 *
 * <p>Counted: starts with one reference, the column's; the file in the live folder goes with the
 * last one. Thread-safe: one checkpoint at a time.
 */
final class ChunkFile {
  private static final Logger log = LoggerFactory.getLogger(ChunkFile.class);

  static final int KIND = FileHeader.fourLetters("COLM");
  static final int VERSION_FLOAT32 = 1;
  static final int VERSION_NARROW = 3;
  static final int HEADER_BYTES = FileHeader.BYTES + 16;

  private final ColumnSettings settings;
  private final Path folder;
  private final FileNumbers numbers;

  /** The whole file, where it is not written to any more. */
  private @Nullable ColumnPart closed;

  private @Nullable ChecksummedWriter writer;
  private int written;
  private final ReferenceCount references = new ReferenceCount(this::delete);

  /** Bytes as of the last change; asked for while a checkpoint holds the lock. */
  private volatile long bytes;

  /** Makes the file of a new chunk, without touching the disk. */
  interface Maker {
    ChunkFile make();
  }

  ChunkFile(ColumnSettings settings, Path folder, FileNumbers numbers) {
    this.settings = settings;
    this.folder = folder;
    this.numbers = numbers;
  }

  /** A restored file, to which nothing is added. */
  static ChunkFile of(
      ColumnSettings settings, Path folder, FileNumbers numbers, ColumnPart restored) {
    ChunkFile file = new ChunkFile(settings, folder, numbers);
    file.closed = restored;
    file.bytes = restored.lengthBytes();
    return file;
  }

  void retain() {
    references.retain();
  }

  /** Waits for no checkpoint that writes the file: that one holds it, too. */
  void release() {
    references.release();
  }

  private synchronized void delete() {
    try {
      dropWriter();
      if (closed != null) {
        Files.deleteIfExists(folder.resolve(closed.name()));
      }
    } catch (IOException failure) {
      // The live folder is scratch and emptied at the next start.
      log.warn("event=file-delete-failed folder={} reason=\"{}\"", folder, failure.toString());
    }
  }

  private void dropWriter() throws IOException {
    ChecksummedWriter dropped = writer;
    writer = null;
    written = 0;
    if (dropped != null) {
      dropped.close();
      Files.deleteIfExists(dropped.file());
    }
  }

  /** Brings the file up to so many entries, forces it to disk and links it into the folder. */
  synchronized ColumnPart writeTo(Path checkpoint, Chunk.View chunk, int entries)
      throws IOException {
    ColumnPart part = closed;
    if (part == null) {
      try {
        part = append(chunk, entries);
      } catch (IOException failed) {
        // How much reached the file is unknown: begin another one next time.
        dropWriter();
        throw failed;
      } finally {
        bytes = writer == null ? 0 : writer.length();
      }
    }
    Files.createLink(checkpoint.resolve(part.name()), folder.resolve(part.name()));
    return part;
  }

  private ColumnPart append(Chunk.View chunk, int entries) throws IOException {
    ChecksummedWriter out = openWriter();
    int stride = settings.stride();
    float[] unit = new float[settings.floatsPerUnit()];
    int narrowBytes = settings.elementType().bytes();
    for (int entry = written; entry < entries; entry++) {
      int from = chunk.starts()[entry];
      int to = chunk.starts()[entry + 1];
      out.putInt(chunk.slots()[entry]);
      out.putInt(to - from);
      for (int at = from; at < to && settings.intsPerUnit() > 0; at++) {
        out.putInt(chunk.ints()[at]);
      }
      for (int at = from; at < to; at++) {
        if (settings.isNarrow()) {
          MemorySegment numbers = MemorySegment.ofArray(chunk.narrow());
          out.putBytes(numbers, (long) at * stride * narrowBytes, (long) unit.length * narrowBytes);
        } else {
          System.arraycopy(chunk.floats(), at * stride, unit, 0, unit.length);
          out.putFloats(unit, unit.length);
        }
      }
    }
    written = Math.max(written, entries);
    out.force();
    return new ColumnPart(
        String.valueOf(out.file().getFileName()), written, out.length(), out.checksum());
  }

  private ChecksummedWriter openWriter() throws IOException {
    if (writer != null) {
      return writer;
    }
    Path file = folder.resolve(numbers.next(settings.fileStem()));
    Files.deleteIfExists(file);
    ChecksummedWriter out = new ChecksummedWriter(file);
    writer = out;
    FileHeader.write(out, KIND, settings.isNarrow() ? VERSION_NARROW : VERSION_FLOAT32);
    out.putInt(settings.intsPerUnit());
    out.putInt(settings.floatsPerUnit());
    out.putInt(settings.elementType().code());
    out.putInt(0);
    return out;
  }

  /** Reads a part into an empty chunk, checking everything. */
  static void read(Path folder, ColumnPart part, ColumnSettings settings, Chunk into)
      throws IOException {
    Path path = folder.resolve(part.name());
    try (ChecksummedReader in = ChecksummedReader.open(path, part.lengthBytes())) {
      ColumnSettings stored = readHeader(in, settings);
      ElementType type = stored.elementType();
      for (int entry = 0; entry < part.entries(); entry++) {
        int slot = in.getInt("slot", 0, Integer.MAX_VALUE);
        long left = part.lengthBytes() - in.position() - Integer.BYTES;
        int units = in.getInt("units", 0, (int) Math.min(left / stored.filledBytes(), 1 << 28));
        int[] ints = new int[units * settings.intsPerUnit()];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = in.getInt();
        }
        float[] floats = new float[Math.multiplyExact(units, settings.floatsPerUnit())];
        if (type.isFloat32()) {
          in.getFloats(floats, floats.length);
        } else {
          byte[] numbers = new byte[Math.multiplyExact(floats.length, type.bytes())];
          in.getBytes(numbers);
          type.decode(numbers, 0, floats, floats.length);
        }
        into.append(slot, units, ints, floats);
      }
      if (in.position() != part.lengthBytes()) {
        throw new CorruptFileException(
            path, in.position(), part.lengthBytes() + " bytes of entries", "fewer");
      }
      in.expectChecksum(part.crc32c());
    }
  }

  /** How the file's entries look: those of builds before have floats, whatever is kept as now. */
  private static ColumnSettings readHeader(ChecksummedReader in, ColumnSettings settings)
      throws IOException {
    int version = FileHeader.check(in, KIND, VERSION_FLOAT32, VERSION_NARROW);
    ColumnSettings stored = version == VERSION_FLOAT32 ? settings.ofFloats() : settings;
    in.expectInt("ints per unit", stored.intsPerUnit());
    in.expectInt("floats per unit", stored.floatsPerUnit());
    in.expectInt("element type", stored.elementType().code());
    in.expectInt("reserved", 0);
    return stored;
  }

  /** Never waits for the disk. */
  long bytes() {
    return bytes;
  }
}
