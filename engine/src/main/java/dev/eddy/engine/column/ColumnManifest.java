package dev.eddy.engine.column;

import dev.eddy.engine.format.ManifestCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a checkpoint holds of one column: names, valid lengths and checksums of its files. The
 * caller stores the {@link #encode() bytes} inside its own, checksummed manifest.
 *
 * <p>Encoded, version 1, or 2 where there are sealed files, big endian:
 *
 * <pre>
 *   magic       int32     "COLM" in ASCII
 *   version     int32
 *   nextFile    int64     number of the next file to be created
 *   parts       int32     count, then for each:
 *     name (UTF-8 with int16 length), entries int32, lengthBytes int64, crc32c int32
 *   version 2: runs  int32  count, then for each:
 *     name, from int32, to int32, entries int32, lengthBytes int64, crc32c int32
 * </pre>
 *
 * @param nextFile number of the next file to be created
 * @param parts of slots above those of all runs
 * @param runs sealed files, by ascending slots
 */
public record ColumnManifest(long nextFile, List<ColumnPart> parts, List<StoredRun> runs) {
  private static final ManifestCheck CHECK = new ManifestCheck("column manifest");
  private static final int MAGIC = 0x434F_4C4D;
  private static final int VERSION = 1;
  private static final int VERSION_WITH_RUNS = 2;
  private static final int PARTS_MAX = 1 << 24;

  /** Copies the lists. */
  public ColumnManifest {
    parts = List.copyOf(parts);
    runs = List.copyOf(runs);
  }

  /** Bytes of all files. */
  public long lengthBytes() {
    return parts.stream().mapToLong(ColumnPart::lengthBytes).sum()
        + runs.stream().mapToLong(StoredRun::lengthBytes).sum();
  }

  /** The manifest as bytes. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeInt(runs.isEmpty() ? VERSION : VERSION_WITH_RUNS);
      out.writeLong(nextFile);
      out.writeInt(parts.size());
      for (ColumnPart part : parts) {
        out.writeUTF(part.name());
        out.writeInt(part.entries());
        out.writeLong(part.lengthBytes());
        out.writeInt(part.crc32c());
      }
      if (!runs.isEmpty()) {
        writeRuns(out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private void writeRuns(DataOutputStream out) throws IOException {
    out.writeInt(runs.size());
    for (StoredRun run : runs) {
      out.writeUTF(run.name());
      out.writeInt(run.from());
      out.writeInt(run.to());
      out.writeInt(run.entries());
      out.writeLong(run.lengthBytes());
      out.writeInt(run.crc32c());
    }
  }

  /**
   * The manifest from its bytes.
   *
   * @throws IllegalArgumentException when they are not those of {@link #encode}
   */
  public static ColumnManifest decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      CHECK.expect("magic", in.readInt(), MAGIC, MAGIC);
      int version = CHECK.expect("version", in.readInt(), VERSION, VERSION_WITH_RUNS);
      long nextFile = in.readLong();
      int count = CHECK.expect("parts", in.readInt(), 0, PARTS_MAX);
      List<ColumnPart> parts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        parts.add(
            new ColumnPart(
                in.readUTF(),
                CHECK.expect("entries", in.readInt(), 0, Integer.MAX_VALUE),
                in.readLong(),
                in.readInt()));
      }
      List<StoredRun> runs = version == VERSION ? List.of() : readRuns(in);
      CHECK.expect("bytes left", in.available(), 0, 0);
      return new ColumnManifest(nextFile, parts, runs);
    } catch (IOException tooShort) {
      throw new IllegalArgumentException("column manifest ends early", tooShort);
    }
  }

  private static List<StoredRun> readRuns(DataInputStream in) throws IOException {
    int count = CHECK.expect("runs", in.readInt(), 0, PARTS_MAX);
    List<StoredRun> runs = new ArrayList<>();
    int end = 0;
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      int from = CHECK.expect("first slot", in.readInt(), end, Integer.MAX_VALUE);
      end = CHECK.expect("end of slots", in.readInt(), from, Integer.MAX_VALUE);
      runs.add(
          new StoredRun(
              name,
              from,
              end,
              CHECK.expect("entries", in.readInt(), 0, Integer.MAX_VALUE),
              in.readLong(),
              in.readInt()));
    }
    return runs;
  }
}
