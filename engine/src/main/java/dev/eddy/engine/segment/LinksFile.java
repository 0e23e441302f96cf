package dev.eddy.engine.segment;

import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.graph.FilledPlaces;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The links of a heap segment's graph as of one moment. Kind {@code LINK}, version 2, little
 * endian; written once; length and CRC32C stand in the manifest.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   m            int32
 *   efConstruct  int32
 *   nodes        int32
 *   reserved     int32     0
 *   layer 0      nodes * (count int32, count * entry int32): links, then what fills their places as -2 - id
 *   above        for each node whose highest layer is above 0, in order: for each layer from 1: (count int32, count * id int32)
 * </pre>
 *
 * <p>A node's highest layer is a fixed function of its ordinal ({@code NodeLayers}), so it is not
 * stored. Ids are below {@code nodes}: links to nodes that were being added while the file was
 * written are left out. Version 1, which has links only, is read, too.
 */
final class LinksFile {
  static final int KIND = FileHeader.fourLetters("LINK");
  static final int VERSION = 2;
  private static final int OLDEST_VERSION = 1;

  private LinksFile() {}

  /** Writes and forces the file. Links may change meanwhile. */
  static FilePart write(Path file, HeapLinks links, int nodes, GraphParams params)
      throws IOException {
    Files.deleteIfExists(file);
    try (ChecksummedWriter out = new ChecksummedWriter(file)) {
      FileHeader.write(out, KIND, VERSION);
      out.putInt(params.m());
      out.putInt(params.efConstruct());
      out.putInt(nodes);
      out.putInt(0);
      int[] ids = new int[params.m0()];
      for (int node = 0; node < nodes; node++) {
        links.places(node, ids);
        writeRow(out, ids, FilledPlaces.count(ids, ids.length), nodes);
      }
      for (int node = 0; node < nodes; node++) {
        int top = links.topLayer(node);
        for (int layer = 1; layer <= top; layer++) {
          writeRow(out, ids, links.links(layer, node, ids), nodes);
        }
      }
      out.force();
      return new FilePart(String.valueOf(file.getFileName()), nodes, out.length(), out.checksum());
    }
  }

  private static void writeRow(ChecksummedWriter out, int[] entries, int count, int nodes)
      throws IOException {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (FilledPlaces.node(entries[i]) < nodes) {
        entries[kept++] = entries[i];
      }
    }
    out.putInt(kept);
    out.putInts(entries, kept);
  }

  /**
   * Reads the links into an empty graph; returns false, leaving it empty, when they were built with
   * other parameters.
   */
  static boolean read(Path folder, FilePart part, HeapLinks links, GraphParams params)
      throws IOException {
    try (ChecksummedReader in =
        ChecksummedReader.open(folder.resolve(part.name()), part.lengthBytes())) {
      int version = FileHeader.check(in, KIND, OLDEST_VERSION, VERSION);
      if (in.getInt() != params.m() || in.getInt() != params.efConstruct()) {
        return false;
      }
      in.expectInt("nodes", part.rows());
      in.expectInt("reserved", 0);
      links.reserve(part.rows());
      int[] ids = new int[params.m0()];
      for (int node = 0; node < part.rows(); node++) {
        if (version == OLDEST_VERSION) {
          readRow(in, links, 0, node, part.rows(), params.m0(), ids);
        } else {
          readPlaces(in, links, node, part.rows(), ids);
        }
      }
      for (int node = 0; node < part.rows(); node++) {
        int top = links.topLayer(node);
        for (int layer = 1; layer <= top; layer++) {
          readRow(in, links, layer, node, part.rows(), params.m(), ids);
        }
      }
      in.expectChecksum(part.crc32c());
    }
    for (int node = 0; node < part.rows(); node++) {
      links.offerEntry(node);
    }
    return true;
  }

  private static void readPlaces(
      ChecksummedReader in, HeapLinks links, int node, int nodes, int[] places) throws IOException {
    int count = in.getInt("link count", 0, places.length);
    boolean isFilled = false;
    for (int i = 0; i < count; i++) {
      int entry = in.getInt("link", FilledPlaces.entry(nodes - 1), nodes - 1);
      isFilled |= entry < 0;
      // What was written while a link came may have it behind what fills another place.
      places[i] = isFilled ? FilledPlaces.entry(FilledPlaces.node(entry)) : entry;
    }
    Arrays.fill(places, count, places.length, FilledPlaces.EMPTY);
    links.setPlaces(node, places);
  }

  private static void readRow(
      ChecksummedReader in, HeapLinks links, int layer, int node, int nodes, int most, int[] ids)
      throws IOException {
    int count = in.getInt("link count", 0, most);
    for (int i = 0; i < count; i++) {
      ids[i] = in.getInt("link", 0, nodes - 1);
    }
    links.set(layer, node, ids, count);
  }
}
