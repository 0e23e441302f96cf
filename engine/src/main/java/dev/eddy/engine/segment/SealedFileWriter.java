package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.graph.EntryPoint;
import dev.eddy.engine.graph.FilledPlaces;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes a {@link SealedFile} from rows and links that no longer change. One thread, one use. */
final class SealedFileWriter {
  private final VectorFieldSettings settings;
  private final Rows rows;
  private final int[] slots;
  private final int count;
  private final @Nullable HeapLinks links;
  private final RowOrder order;
  private final int[] upperNodes;

  /**
   * @param slots of the rows, as these lie before they are put in order
   * @param links null, or complete
   */
  SealedFileWriter(
      VectorFieldSettings settings,
      Rows rows,
      int[] slots,
      int count,
      @Nullable HeapLinks links,
      RowOrder order) {
    this.settings = settings;
    this.rows = rows;
    this.slots = slots;
    this.count = count;
    this.links = links;
    this.order = order;
    this.upperNodes = links == null ? new int[0] : upperNodes(links);
  }

  private int[] upperNodes(HeapLinks graph) {
    int[] nodes = new int[16];
    int found = 0;
    for (int node = 0; node < count; node++) {
      if (graph.topLayer(order.source(node)) > 0) {
        if (found == nodes.length) {
          nodes = Arrays.copyOf(nodes, 2 * found);
        }
        nodes[found++] = node;
      }
    }
    return Arrays.copyOf(nodes, found);
  }

  /** Writes the file anew and forces it to disk. */
  FilePart write(Path file) throws IOException {
    Files.deleteIfExists(file);
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      out.beginBlocks(CheckedBlocks.PAGE_BYTES);
      writeHeader(out);
      writeVectors(out);
      int[] placed = new int[count];
      Arrays.setAll(placed, ordinal -> slots[order.source(ordinal)]);
      out.putInts(placed, count);
      if (links != null) {
        writeGraph(out, links);
      }
      if (order.isLaidOut()) {
        out.putInts(RowOrder.bySlot(placed, count), count);
      }
      int[] sums = out.endBlocks();
      out.restartChecksum();
      out.putInts(sums, sums.length);
      long length = out.length();
      int checksum = out.checksum();
      out.putLong(length);
      out.putInt(checksum);
      out.putInt(FileHeader.MAGIC);
      out.force();
      return new FilePart(String.valueOf(file.getFileName()), count, out.length(), checksum);
    }
  }

  private void writeHeader(ChecksummedWriter out) throws IOException {
    HeapLinks graph = links;
    long entry = graph == null ? EntryPoint.NONE : graph.entryPoint();
    int upperRows = 0;
    for (int node : upperNodes) {
      upperRows += graph == null ? 0 : graph.topLayer(order.source(node));
    }
    FileHeader.write(out, SealedFile.KIND, SealedFile.VERSION);
    out.putInt(settings.dimension());
    out.putInt(settings.metric().code());
    out.putInt(SealedFile.stride(settings.dimension()));
    out.putInt(count);
    out.putInt(graph == null ? 0 : settings.graph().m());
    out.putInt(graph == null ? 0 : settings.graph().efConstruct());
    out.putInt(entry == EntryPoint.NONE ? -1 : order.number(EntryPoint.node(entry)));
    out.putInt(entry == EntryPoint.NONE ? 0 : EntryPoint.layer(entry));
    out.putInt(upperNodes.length);
    out.putInt(upperRows);
    out.putLong(order.layout());
    out.putInt(settings.elementType().code());
    out.align(SealedFile.HEADER_BYTES);
  }

  private void writeVectors(ChecksummedWriter out) throws IOException {
    int stride = SealedFile.stride(settings.dimension());
    float[] row = new float[stride];
    byte[] bytes = new byte[stride * settings.elementType().bytes()];
    for (int ordinal = 0; ordinal < count; ordinal++) {
      rows.copy(order.source(ordinal), row);
      settings.elementType().encode(row, stride, bytes, 0);
      out.putBytes(bytes);
    }
  }

  private void writeGraph(ChecksummedWriter out, HeapLinks graph) throws IOException {
    int[] ids = new int[settings.graph().m0()];
    for (int node = 0; node < count; node++) {
      writePlaces(out, graph, node, ids);
    }
    int row = 0;
    for (int node : upperNodes) {
      out.putInt(node);
      out.putInt(row);
      row += graph.topLayer(order.source(node));
    }
    for (int node : upperNodes) {
      for (int layer = 1; layer <= graph.topLayer(order.source(node)); layer++) {
        writeLinks(out, graph, layer, node, settings.graph().m(), ids);
      }
    }
  }

  private void writePlaces(ChecksummedWriter out, HeapLinks graph, int node, int[] places)
      throws IOException {
    graph.places(order.source(node), places);
    for (int i = 0; i < places.length; i++) {
      if (FilledPlaces.isTaken(places[i])) {
        places[i] = FilledPlaces.renumbered(places[i], order.number(FilledPlaces.node(places[i])));
      }
    }
    out.putInts(places, places.length);
  }

  private void writeLinks(
      ChecksummedWriter out, HeapLinks graph, int layer, int node, int capacity, int[] ids)
      throws IOException {
    int found = graph.links(layer, order.source(node), ids);
    for (int i = 0; i < found; i++) {
      ids[i] = order.number(ids[i]);
    }
    Arrays.fill(ids, found, capacity, -1);
    out.putInts(ids, capacity);
  }
}
