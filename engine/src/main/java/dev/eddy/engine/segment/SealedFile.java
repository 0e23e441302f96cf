package dev.eddy.engine.segment;

import static java.util.Objects.requireNonNull;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.format.MappedChecksum;
import dev.eddy.engine.format.MappedFile;
import dev.eddy.engine.graph.EntryPoint;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.kernel.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The file of a sealed segment. Kind {@code SEGM}, version 4, little endian; written once, then
 * mapped. Its rows lie by slot, or those of a group together, by a {@link RowLayout}.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   dimension    int32
 *   metric       int32     code of the metric; cosine rows are stored normalised
 *   stride       int32     numbers per row: the dimension rounded up to a multiple of 16
 *   rows         int32     n
 *   m            int32     links per node on upper layers, layer 0 has 2m; 0 = no graph
 *   efConstruct  int32
 *   entryNode    int32     -1 without a graph
 *   entryLayer   int32
 *   upperNodes   int32     u: nodes on layers above 0
 *   upperRows    int32     r: rows of upper links
 *   layout       int64     id of the layout; 0 = by slot
 *   element type int32     code of the {@link ElementType}
 *   reserved     60 bytes  0
 *   vectors      n * stride numbers of the element type, padded with zeros
 *   slots        n * int32, ascending where rows lie by slot
 *   links 0      n * 2m int32: links, then what fills their places as -2 - node, then -1
 *   upper index  u * (node int32, first row int32), nodes ascending
 *   upper links  r * m int32, each row ended by -1 unless full; a node's layer l is its first row + l - 1
 *   slot order   n * int32, ordinals in ascending order of their slots; not where rows lie by slot
 *   blocks       int32 per 4 KiB of all before, the last one may be shorter: its CRC32C
 *   footer       length of everything before int64, crc32c of blocks int32, magic int32
 * </pre>
 *
 * <p>{@link #open} checks blocks, footer, header and what it takes to the heap; rows and links are
 * checked when they are first needed, see {@link CheckedBlocks}. Version 3 has floats, a header of
 * 64 bytes, no places that are filled, and blocks of 64 KiB. In versions 1 (by slot) and 2 (laid
 * out) there are no blocks, and the crc32c is that of all bytes before: these are read at once.
 */
final class SealedFile {
  static final int KIND = FileHeader.fourLetters("SEGM");
  static final int VERSION = 4;
  private static final int VERSION_BY_SLOT = 1;
  private static final int VERSION_LAID_OUT = 2;
  private static final int VERSION_OF_FLOATS = 3;
  static final int HEADER_BYTES = 128;
  private static final int OLD_HEADER_BYTES = 64;
  static final int FOOTER_BYTES = 16;
  static final int STRIDE_MULTIPLE = 16;
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private SealedFile() {}

  static int stride(int dimension) {
    return (dimension + STRIDE_MULTIPLE - 1) / STRIDE_MULTIPLE * STRIDE_MULTIPLE;
  }

  /**
   * Maps the file, and checks all but rows and links, which are checked when they are needed; a
   * file that was found damaged before is checked as a whole. The segment deletes it from the
   * folder at its last release.
   */
  static SealedSegment open(
      SegmentResources resources,
      FileNames names,
      FilePart part,
      VectorFieldSettings settings,
      int lastSlot)
      throws IOException {
    Path file = resources.liveFolder().resolve(part.name());
    if (part.lengthBytes() < OLD_HEADER_BYTES + FOOTER_BYTES) {
      throw new CorruptFileException(
          file, 0, "a header and a footer", part.lengthBytes() + " bytes");
    }
    MappedFile mapped = MappedFile.open(file, part.lengthBytes());
    try {
      MemorySegment bytes = mapped.bytes();
      Layout layout = checkedLayout(file, bytes, part, settings);
      CheckedBlocks blocks = blocks(resources.damage(), mapped, part, layout);
      blocks.check(0, layout.vectors());
      blocks.check(layout.slots(), layout.links0() - layout.slots());
      blocks.check(layout.upperIndex(), layout.upperLinks() - layout.upperIndex());
      blocks.check(layout.slotOrder(), layout.end() - layout.slotOrder());
      if (resources.damage().isSuspect(part.name())) {
        blocks.checkAll();
      }
      checkSlots(file, bytes, layout, lastSlot);
      return new SealedSegment(mapped, part, layout, blocks, resources, names);
    } catch (UncheckedIOException damaged) {
      mapped.release();
      throw requireNonNull(damaged.getCause(), "cause");
    } catch (InternalError unreadable) {
      mapped.release();
      throw new CorruptFileException(file, 0, "a readable file", unreadable.toString());
    } catch (IOException | RuntimeException failure) {
      mapped.release();
      throw failure;
    }
  }

  /** Of an old file, all of which is read now, none. */
  private static CheckedBlocks blocks(
      FileDamage known, MappedFile mapped, FilePart part, Layout layout) throws IOException {
    Path file = mapped.file();
    MemorySegment bytes = mapped.bytes();
    long footer = bytes.byteSize() - FOOTER_BYTES;
    expect(file, footer, "length", footer, bytes.get(LONG, footer));
    expect(file, footer + 8, "crc32c", part.crc32c(), bytes.get(INT, footer + 8));
    expect(file, footer + 12, "magic", FileHeader.MAGIC, bytes.get(INT, footer + 12));
    long from = layout.blockBytes() == 0 ? 0 : layout.end();
    MappedChecksum checksum = new MappedChecksum(file, bytes);
    checksum.add(from, footer);
    expect(file, footer, "crc32c of the bytes before", part.crc32c(), checksum.value());
    int blockBytes = Math.max(1, layout.blockBytes());
    return new CheckedBlocks(known, mapped, new CheckedBlocks.Layout(0, from, from, blockBytes));
  }

  /** What the header says has not been checked yet: it may be anything. */
  private static Layout checkedLayout(
      Path file, MemorySegment bytes, FilePart part, VectorFieldSettings settings)
      throws IOException {
    try {
      return layout(file, bytes, part, settings);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptFileException(file, 0, "a header", e.toString());
    }
  }

  private static Layout layout(
      Path file, MemorySegment bytes, FilePart part, VectorFieldSettings settings)
      throws IOException {
    expect(file, 0, "magic", FileHeader.MAGIC, bytes.get(INT, 0));
    expect(file, 4, "kind", KIND, bytes.get(INT, 4));
    int version = bytes.get(INT, 8);
    if (version < VERSION_BY_SLOT || version > VERSION) {
      throw new CorruptFileException(
          file,
          8,
          "format version in [%d, %d]".formatted(VERSION_BY_SLOT, VERSION),
          String.valueOf(version));
    }
    expect(file, 16, "dimension", settings.dimension(), bytes.get(INT, 16));
    expect(file, 20, "metric", settings.metric().code(), bytes.get(INT, 20));
    expect(file, 24, "stride", stride(settings.dimension()), bytes.get(INT, 24));
    expect(file, 28, "rows", part.rows(), bytes.get(INT, 28));
    int m = bytes.get(INT, 32);
    int efConstruct = bytes.get(INT, 36);
    int entryNode = bytes.get(INT, 40);
    Layout layout =
        new Layout(
            version,
            elementType(file, bytes, version, settings),
            m == 0 ? settings : settings.with(new GraphParams(m, efConstruct)),
            part.rows(),
            m,
            efConstruct,
            entryNode < 0 ? EntryPoint.NONE : EntryPoint.of(entryNode, bytes.get(INT, 44)),
            bytes.get(INT, 48),
            bytes.get(INT, 52),
            bytes.get(LONG, 56));
    long length = layout.end() + layout.sumBytes() + FOOTER_BYTES;
    expect(file, bytes.byteSize(), "length", length, bytes.byteSize());
    return layout;
  }

  /** Floats say every number, whatever rows are kept as now. */
  private static ElementType elementType(
      Path file, MemorySegment bytes, int version, VectorFieldSettings settings)
      throws IOException {
    int code = version < VERSION ? ElementType.FLOAT32.code() : bytes.get(INT, OLD_HEADER_BYTES);
    if (code == ElementType.FLOAT32.code()) {
      return ElementType.FLOAT32;
    }
    ElementType wanted = settings.elementType();
    expect(file, OLD_HEADER_BYTES, "element type", wanted.code(), code);
    return wanted;
  }

  private static void checkSlots(Path file, MemorySegment bytes, Layout layout, int lastSlot)
      throws IOException {
    int before = lastSlot;
    for (int i = 0; i < layout.rows(); i++) {
      int ordinal = i;
      if (layout.isLaidOut()) {
        ordinal = bytes.get(INT, layout.slotOrder() + 4L * i);
        if (ordinal < 0 || ordinal >= layout.rows()) {
          throw new CorruptFileException(
              file, layout.slotOrder(), "ordinals of rows", String.valueOf(ordinal));
        }
      }
      int slot = bytes.get(INT, layout.slots() + 4L * ordinal);
      if (slot <= before) {
        throw new CorruptFileException(file, 0, "slots above " + before, String.valueOf(slot));
      }
      before = slot;
    }
  }

  private static void expect(Path file, long position, String what, long expected, long found)
      throws IOException {
    if (expected != found) {
      throw new CorruptFileException(file, position, what + " " + expected, String.valueOf(found));
    }
  }

  /**
   * Where the sections lie.
   *
   * @param version of the format
   * @param elementType of the rows
   * @param settings of the field, with the file's graph
   * @param rows n
   * @param m links per node on upper layers; 0 = no graph
   * @param efConstruct candidates kept while linking
   * @param entryPoint see {@link EntryPoint}
   * @param upperNodes u
   * @param upperRows r
   * @param rowLayout id of the {@link RowLayout}
   */
  record Layout(
      int version,
      ElementType elementType,
      VectorFieldSettings settings,
      int rows,
      int m,
      int efConstruct,
      long entryPoint,
      int upperNodes,
      int upperRows,
      long rowLayout) {
    /** Whether rows lie in another order than slots. */
    boolean isLaidOut() {
      return rowLayout != 0;
    }

    long vectors() {
      return version < VERSION ? OLD_HEADER_BYTES : HEADER_BYTES;
    }

    /** Bytes of a block that has a checksum; 0 = none has. */
    int blockBytes() {
      if (version < VERSION_OF_FLOATS) {
        return 0;
      }
      return version < VERSION ? CheckedBlocks.STRETCH_BYTES : CheckedBlocks.PAGE_BYTES;
    }

    long sumBytes() {
      int each = blockBytes();
      return each == 0 ? 0 : Integer.BYTES * CheckedBlocks.count(end(), each);
    }

    long rowBytes() {
      return (long) elementType.bytes() * stride(settings.dimension());
    }

    long slots() {
      return vectors() + rows * rowBytes();
    }

    long links0() {
      return slots() + 4L * rows;
    }

    long upperIndex() {
      return links0() + 8L * rows * m;
    }

    long upperLinks() {
      return upperIndex() + 8L * upperNodes;
    }

    long slotOrder() {
      return upperLinks() + 4L * upperRows * m;
    }

    long end() {
      return slotOrder() + (isLaidOut() ? 4L * rows : 0);
    }
  }
}
