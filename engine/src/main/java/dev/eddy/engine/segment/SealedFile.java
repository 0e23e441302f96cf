package dev.eddy.engine.segment;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.graph.EntryPoint;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.Rows;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file of a sealed segment. Kind {@code SEGM}, version 1 or 2, little endian; written once,
 * then mapped. Version 1 has its rows by slot; version 2 has those of a group together, by a {@link
 * RowLayout}.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   dimension    int32
 *   metric       int32     code of the metric; cosine rows are stored normalised
 *   stride       int32     floats per row: the dimension rounded up to a multiple of 16
 *   rows         int32     n
 *   m            int32     links per node on upper layers, layer 0 has 2m; 0 = no graph
 *   efConstruct  int32
 *   entryNode    int32     -1 without a graph
 *   entryLayer   int32
 *   upperNodes   int32     u: nodes on layers above 0
 *   upperRows    int32     r: rows of upper links
 *   layout       int64     id of the layout; 0 in version 1
 *   vectors      n * stride float32, padded with zeros; each row starts at a multiple of 64 bytes
 *   slots        n * int32, ascending in version 1
 *   links 0      n * 2m int32, each row ended by -1 unless full
 *   upper index  u * (node int32, first row int32), nodes ascending
 *   upper links  r * m int32, as links 0; a node's layer l is its first row + l - 1
 *   slot order   n * int32, ordinals in ascending order of their slots; not in version 1
 *   footer       length of everything before int64, its crc32c int32, magic int32
 * </pre>
 *
 * <p>{@link #open} reads and checks every byte at once: a damaged file is found at restore, not by
 * a query.
 */
final class SealedFile {
  static final int KIND = FileHeader.fourLetters("SEGM");
  static final int VERSION_BY_SLOT = 1;
  static final int VERSION_LAID_OUT = 2;
  static final int HEADER_BYTES = 64;
  static final int FOOTER_BYTES = 16;
  static final int STRIDE_MULTIPLE = 16;
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long CHECK_STEP_BYTES = 1 << 20;

  private SealedFile() {}

  /**
   * Writes and forces the file from rows that no longer change; links are null or complete.
   *
   * @param slots of the rows, as these lie before they are put in order
   */
  static FilePart write(
      Path file,
      VectorFieldSettings settings,
      Rows rows,
      int[] slots,
      int count,
      @Nullable HeapLinks links,
      RowOrder order)
      throws IOException {
    Files.deleteIfExists(file);
    GraphParams params = settings.graph();
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      int[] upperNodes = links == null ? new int[0] : upperNodes(links, count, order);
      writeHeader(out, settings, count, links, upperNodes, order);
      writeVectors(out, settings.dimension(), rows, count, order);
      int[] placed = new int[count];
      Arrays.setAll(placed, ordinal -> slots[order.source(ordinal)]);
      out.putInts(placed, count);
      if (links != null) {
        writeGraph(out, params, count, links, upperNodes, order);
      }
      if (order.isLaidOut()) {
        out.putInts(RowOrder.bySlot(placed, count), count);
      }
      long length = out.length();
      int checksum = out.checksum();
      out.putLong(length);
      out.putInt(checksum);
      out.putInt(FileHeader.MAGIC);
      out.force();
      return new FilePart(String.valueOf(file.getFileName()), count, out.length(), checksum);
    }
  }

  private static void writeGraph(
      ChecksummedWriter out,
      GraphParams params,
      int count,
      HeapLinks links,
      int[] upperNodes,
      RowOrder order)
      throws IOException {
    int[] ids = new int[params.m0()];
    for (int node = 0; node < count; node++) {
      writeLinks(out, links, 0, node, params.m0(), ids, order);
    }
    int row = 0;
    for (int node : upperNodes) {
      out.putInt(node);
      out.putInt(row);
      row += links.topLayer(order.source(node));
    }
    for (int node : upperNodes) {
      for (int layer = 1; layer <= links.topLayer(order.source(node)); layer++) {
        writeLinks(out, links, layer, node, params.m(), ids, order);
      }
    }
  }

  private static int[] upperNodes(HeapLinks links, int count, RowOrder order) {
    int[] nodes = new int[16];
    int found = 0;
    for (int node = 0; node < count; node++) {
      if (links.topLayer(order.source(node)) > 0) {
        if (found == nodes.length) {
          nodes = Arrays.copyOf(nodes, 2 * found);
        }
        nodes[found++] = node;
      }
    }
    return Arrays.copyOf(nodes, found);
  }

  private static void writeHeader(
      ChecksummedWriter out,
      VectorFieldSettings settings,
      int count,
      @Nullable HeapLinks links,
      int[] upperNodes,
      RowOrder order)
      throws IOException {
    long entry = links == null ? EntryPoint.NONE : links.entryPoint();
    int upperRows = 0;
    for (int node : upperNodes) {
      upperRows += links == null ? 0 : links.topLayer(order.source(node));
    }
    FileHeader.write(out, KIND, order.isLaidOut() ? VERSION_LAID_OUT : VERSION_BY_SLOT);
    out.putInt(settings.dimension());
    out.putInt(settings.metric().code());
    out.putInt(stride(settings.dimension()));
    out.putInt(count);
    out.putInt(links == null ? 0 : settings.graph().m());
    out.putInt(links == null ? 0 : settings.graph().efConstruct());
    out.putInt(entry == EntryPoint.NONE ? -1 : order.number(EntryPoint.node(entry)));
    out.putInt(entry == EntryPoint.NONE ? 0 : EntryPoint.layer(entry));
    out.putInt(upperNodes.length);
    out.putInt(upperRows);
    out.putLong(order.layout());
  }

  static int stride(int dimension) {
    return (dimension + STRIDE_MULTIPLE - 1) / STRIDE_MULTIPLE * STRIDE_MULTIPLE;
  }

  private static void writeVectors(
      ChecksummedWriter out, int dimension, Rows rows, int count, RowOrder order)
      throws IOException {
    int stride = stride(dimension);
    float[] row = new float[stride];
    for (int ordinal = 0; ordinal < count; ordinal++) {
      rows.copy(order.source(ordinal), row);
      out.putFloats(row, stride);
    }
  }

  private static void writeLinks(
      ChecksummedWriter out,
      HeapLinks links,
      int layer,
      int node,
      int capacity,
      int[] ids,
      RowOrder order)
      throws IOException {
    int found = links.links(layer, order.source(node), ids);
    for (int i = 0; i < found; i++) {
      ids[i] = order.number(ids[i]);
    }
    Arrays.fill(ids, found, capacity, -1);
    out.putInts(ids, capacity);
  }

  /** Maps and checks the file. The segment deletes it from the folder at its last release. */
  static SealedSegment open(
      SegmentResources resources,
      FileNames names,
      FilePart part,
      VectorFieldSettings settings,
      int lastSlot)
      throws IOException {
    Path file = resources.liveFolder().resolve(part.name());
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = map(file, part, arena);
      checkFooter(file, bytes, part);
      Layout layout = layout(file, bytes, part, settings);
      checkSlots(file, bytes, layout, lastSlot);
      return new SealedSegment(file, part, arena, bytes, layout, resources, names);
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  private static MemorySegment map(Path file, FilePart part, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != part.lengthBytes() || channel.size() < HEADER_BYTES + FOOTER_BYTES) {
        throw new CorruptFileException(
            file, channel.size(), part.lengthBytes() + " bytes", channel.size() + " bytes");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, part.lengthBytes(), arena);
    } catch (NoSuchFileException missing) {
      throw new CorruptFileException(file, 0, part.lengthBytes() + " bytes", "no file");
    }
  }

  private static void checkFooter(Path file, MemorySegment bytes, FilePart part)
      throws IOException {
    long body = bytes.byteSize() - FOOTER_BYTES;
    expect(file, body, "body length", body, bytes.get(LONG, body));
    expect(file, body + 8, "crc32c", part.crc32c(), bytes.get(INT, body + 8));
    expect(file, body + 12, "magic", FileHeader.MAGIC, bytes.get(INT, body + 12));
    CRC32C checksum = new CRC32C();
    for (long at = 0; at < body; at += CHECK_STEP_BYTES) {
      checksum.update(bytes.asSlice(at, Math.min(CHECK_STEP_BYTES, body - at)).asByteBuffer());
    }
    expect(file, body, "crc32c of the bytes before", part.crc32c(), (int) checksum.getValue());
  }

  private static Layout layout(
      Path file, MemorySegment bytes, FilePart part, VectorFieldSettings settings)
      throws IOException {
    expect(file, 0, "magic", FileHeader.MAGIC, bytes.get(INT, 0));
    expect(file, 4, "kind", KIND, bytes.get(INT, 4));
    int version = bytes.get(INT, 8);
    if (version != VERSION_LAID_OUT) {
      expect(file, 8, "format version", VERSION_BY_SLOT, version);
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
            m == 0 ? settings : settings.with(new GraphParams(m, efConstruct)),
            part.rows(),
            m,
            efConstruct,
            entryNode < 0 ? EntryPoint.NONE : EntryPoint.of(entryNode, bytes.get(INT, 44)),
            bytes.get(INT, 48),
            bytes.get(INT, 52),
            version == VERSION_LAID_OUT,
            bytes.get(LONG, 56));
    expect(file, bytes.byteSize(), "length", layout.end() + FOOTER_BYTES, bytes.byteSize());
    return layout;
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
   * @param settings of the field, with the file's graph
   * @param rows n
   * @param m links per node on upper layers; 0 = no graph
   * @param efConstruct candidates kept while linking
   * @param entryPoint see {@link EntryPoint}
   * @param upperNodes u
   * @param upperRows r
   * @param isLaidOut whether rows lie in another order than slots
   * @param rowLayout id of the {@link RowLayout}
   */
  record Layout(
      VectorFieldSettings settings,
      int rows,
      int m,
      int efConstruct,
      long entryPoint,
      int upperNodes,
      int upperRows,
      boolean isLaidOut,
      long rowLayout) {
    long vectors() {
      return HEADER_BYTES;
    }

    long rowBytes() {
      return 4L * stride(settings.dimension());
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
      return slotOrder() + (isLaidOut ? 4L * rows : 0);
    }
  }
}
