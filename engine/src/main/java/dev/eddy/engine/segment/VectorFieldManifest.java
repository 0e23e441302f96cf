package dev.eddy.engine.segment;

import dev.eddy.engine.format.ManifestCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint holds of one field: names, valid lengths and checksums of its files. The caller
 * stores the {@link #encode() bytes} inside its own, checksummed manifest.
 *
 * <p>Encoded, version 1, big endian:
 *
 * <pre>
 *   version     int32
 *   nextFile    int64     number of the next file to be created
 *   segments    int32     count, then for each:
 *     kind      int32     1 heap, 2 sealed
 *     parts     int32     count, then for each: part
 *     hasOne    int8      1: one more part follows, see {@link SegmentManifest}
 *   part        name (UTF-8 with int16 length), rows int32, lengthBytes int64, crc32c int32
 * </pre>
 *
 * @param nextFile number of the next file to be created
 * @param segments in ascending order of slots
 */
public record VectorFieldManifest(long nextFile, List<SegmentManifest> segments) {
  private static final ManifestCheck CHECK = new ManifestCheck("vector field manifest");
  private static final int VERSION = 1;
  private static final int HEAP = 1;
  private static final int SEALED = 2;
  private static final int SEGMENTS_MAX = 1 << 20;

  /** Copies the list. */
  public VectorFieldManifest {
    segments = List.copyOf(segments);
  }

  /** All files of the checkpoint. */
  public List<FilePart> files() {
    List<FilePart> files = new ArrayList<>();
    for (SegmentManifest segment : segments) {
      files.addAll(segment.parts());
      if (segment.beside() != null) {
        files.add(segment.beside());
      }
    }
    return files;
  }

  /** Rows of all segments. */
  public long rows() {
    return segments.stream().mapToLong(SegmentManifest::rows).sum();
  }

  /** The manifest as bytes. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeLong(nextFile);
      out.writeInt(segments.size());
      for (SegmentManifest segment : segments) {
        out.writeInt(
            switch (segment.kind()) {
              case HEAP -> HEAP;
              case SEALED -> SEALED;
            });
        out.writeInt(segment.parts().size());
        for (FilePart part : segment.parts()) {
          write(out, part);
        }
        FilePart beside = segment.beside();
        out.writeByte(beside == null ? 0 : 1);
        if (beside != null) {
          write(out, beside);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, FilePart part) throws IOException {
    out.writeUTF(part.name());
    out.writeInt(part.rows());
    out.writeLong(part.lengthBytes());
    out.writeInt(part.crc32c());
  }

  /**
   * The manifest from its bytes.
   *
   * @throws IllegalArgumentException when they are not those of {@link #encode}
   */
  public static VectorFieldManifest decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      CHECK.expect("version", in.readInt(), VERSION, VERSION);
      long nextFile = in.readLong();
      int count = CHECK.expect("segments", in.readInt(), 0, SEGMENTS_MAX);
      List<SegmentManifest> segments = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        segments.add(readSegment(in));
      }
      CHECK.expect("bytes left", in.available(), 0, 0);
      return new VectorFieldManifest(nextFile, segments);
    } catch (IOException tooShort) {
      throw new IllegalArgumentException("vector field manifest ends early", tooShort);
    }
  }

  private static SegmentManifest readSegment(DataInputStream in) throws IOException {
    int kind = CHECK.expect("segment kind", in.readInt(), HEAP, SEALED);
    int count = CHECK.expect("parts", in.readInt(), 0, SEGMENTS_MAX);
    List<FilePart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(readPart(in));
    }
    @Nullable FilePart beside =
        CHECK.expect("hasOne", in.readByte(), 0, 1) == 1 ? readPart(in) : null;
    return new SegmentManifest(
        kind == HEAP ? SegmentManifest.Kind.HEAP : SegmentManifest.Kind.SEALED, parts, beside);
  }

  private static FilePart readPart(DataInputStream in) throws IOException {
    return new FilePart(
        in.readUTF(),
        CHECK.expect("rows", in.readInt(), 0, Integer.MAX_VALUE),
        in.readLong(),
        in.readInt());
  }
}
