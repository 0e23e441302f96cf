package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords;
import dev.eddy.engine.format.ChecksummedReader;
import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.graph.FilledPlaces;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.StoredPlaces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The links of a heap segment's graph as of one moment. Kind {@code LINK}, version 3, little
 * endian; written once. Length and CRC32C of sums and upper layers stand in the manifest.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   m            int32
 *   efConstruct  int32
 *   nodes        int32
 *   group        int32     64: nodes to a checksum
 *   layer 0      nodes * 2m int32: links, then what fills their places as -2 - id, then -1
 *   sums         int32 per group: CRC32C of its part of layer 0
 *   above        for each node whose highest layer is above 0, in order: for each layer from 1: (count int32, count * id int32)
 * </pre>
 *
 * <p>A node's highest layer is a fixed function of its ordinal ({@code NodeLayers}), so it is not
 * stored. Ids are below {@code nodes}: links to nodes that were being added while the file was
 * written are left out. Layer 0 is read when it is needed. In versions 1 (links only) and 2 it is a
 * counted list for each node, and the CRC32C is that of the whole file, which is read at once.
 */
final class LinksFile {
  static final int KIND = FileHeader.fourLetters("LINK");
  static final int VERSION = 3;
  private static final int VERSION_OF_LINKS = 1;
  private static final int VERSION_COUNTED = 2;
  private static final int HEADER_BYTES = FileHeader.BYTES + 16;

  /** Some KiB: what is read for the links of one. */
  private static final int GROUP_NODES = 64;

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
      out.putInt(GROUP_NODES);
      int[] sums = writePlaces(out, links, nodes, params.m0());
      out.restartChecksum();
      out.putInts(sums, sums.length);
      int[] ids = new int[params.m()];
      for (int node = 0; node < nodes; node++) {
        int top = links.topLayer(node);
        for (int layer = 1; layer <= top; layer++) {
          int kept = keep(ids, links.links(layer, node, ids), nodes);
          out.putInt(kept);
          out.putInts(ids, kept);
        }
      }
      out.force();
      return new FilePart(String.valueOf(file.getFileName()), nodes, out.length(), out.checksum());
    }
  }

  /** Returns the checksums of the groups. */
  private static int[] writePlaces(ChecksummedWriter out, HeapLinks links, int nodes, int m0)
      throws IOException {
    int[] sums = new int[(nodes + GROUP_NODES - 1) / GROUP_NODES];
    int[] entries = new int[m0];
    for (int node = 0; node < nodes; node++) {
      if (node % GROUP_NODES == 0) {
        out.restartChecksum();
      }
      links.places(node, entries);
      int kept = keep(entries, FilledPlaces.count(entries, m0), nodes);
      Arrays.fill(entries, kept, m0, FilledPlaces.EMPTY);
      linksFirst(entries, kept);
      out.putInts(entries, m0);
      if (node % GROUP_NODES == GROUP_NODES - 1 || node == nodes - 1) {
        sums[node / GROUP_NODES] = out.checksum();
      }
    }
    return sums;
  }

  private static int keep(int[] entries, int count, int nodes) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (FilledPlaces.node(entries[i]) < nodes) {
        entries[kept++] = entries[i];
      }
    }
    return kept;
  }

  /** What is copied while a link comes may have it behind what fills another place. */
  private static void linksFirst(int[] entries, int count) {
    boolean isFilled = false;
    for (int i = 0; i < count; i++) {
      isFilled |= entries[i] < 0;
      entries[i] = isFilled ? FilledPlaces.entry(FilledPlaces.node(entries[i])) : entries[i];
    }
  }

  /**
   * Reads the links into an empty graph, layer 0 when it is needed: returns what is still in the
   * file, nothing of an old one. Empty, leaving the graph as it is, when they were built with other
   * parameters.
   *
   * @param known a file found damaged before is read and checked as a whole
   * @throws CorruptFileException when what is read now is not as it was written; the graph is of no
   *     use then
   */
  static Optional<List<CheckedRecords>> read(
      Path folder, FilePart part, HeapLinks links, GraphParams params, FileDamage known)
      throws IOException {
    try (ChecksummedReader in =
        ChecksummedReader.open(folder.resolve(part.name()), part.lengthBytes())) {
      int version = FileHeader.check(in, KIND, VERSION_OF_LINKS, VERSION);
      if (in.getInt() != params.m() || in.getInt() != params.efConstruct()) {
        return Optional.empty();
      }
      in.expectInt("nodes", part.rows());
      in.expectInt("nodes to a checksum", version < VERSION ? 0 : GROUP_NODES);
      List<CheckedRecords> places = readPlaces(in, version, part, links, params, known);
      readAbove(in, links, part.rows(), params.m());
      in.expectChecksum(part.crc32c());
      if (known.isSuspect(part.name())) {
        FileDamage.reading(() -> places.forEach(CheckedRecords::checkAll));
      }
      return Optional.of(places);
    }
  }

  private static List<CheckedRecords> readPlaces(
      ChecksummedReader in,
      int version,
      FilePart part,
      HeapLinks links,
      GraphParams params,
      FileDamage known)
      throws IOException {
    if (version < VERSION) {
      links.restore(Counted.read(in, version, part.rows(), params.m0()));
      return List.of();
    }
    Stored stored = Stored.find(in, part.rows(), params.m0(), known);
    links.restore(stored);
    return List.of(stored.records);
  }

  private static void readAbove(ChecksummedReader in, HeapLinks links, int nodes, int m)
      throws IOException {
    int[] ids = new int[m];
    for (int node = 0; node < nodes; node++) {
      int top = links.topLayer(node);
      for (int layer = 1; layer <= top; layer++) {
        int count = in.getInt("link count", 0, m);
        for (int i = 0; i < count; i++) {
          ids[i] = in.getInt("link", 0, nodes - 1);
        }
        links.set(layer, node, ids, count);
      }
    }
  }

  /** Layer 0 in the file. */
  private record Stored(CheckedRecords records, int m0) implements StoredPlaces {
    /** Goes on behind layer 0 and its sums. */
    static Stored find(ChecksummedReader in, int nodes, int m0, FileDamage known)
        throws IOException {
      int recordBytes = Math.multiplyExact(m0, Integer.BYTES);
      in.skipTo(HEADER_BYTES + (long) nodes * recordBytes);
      int[] sums = new int[(nodes + GROUP_NODES - 1) / GROUP_NODES];
      in.getInts(sums);
      CheckedRecords.Groups groups =
          CheckedRecords.Groups.even(nodes, GROUP_NODES, HEADER_BYTES, recordBytes, sums);
      return new Stored(new CheckedRecords(known, in.file(), recordBytes, groups), m0);
    }

    @Override
    public int count() {
      return records.count();
    }

    @Override
    public void read(int first, int count, int[] into) {
      records.read(
          first,
          count,
          (node, nodes, places, at) ->
              ByteBuffer.wrap(places)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .position(at)
                  .asIntBuffer()
                  .get(into, (node - first) * m0, nodes * m0));
      int lowest = FilledPlaces.entry(count() - 1);
      for (int i = 0; i < count * m0; i++) {
        if (into[i] < lowest || into[i] >= count()) {
          records.damaged(
              new CorruptFileException(
                  records.file(),
                  HEADER_BYTES,
                  "places in [%d, %d]".formatted(lowest, count() - 1),
                  String.valueOf(into[i])));
        }
      }
    }
  }

  /** Layer 0 of an old file, which is read at once. */
  private record Counted(List<int[]> groups, int count, int m0) implements StoredPlaces {
    static Counted read(ChecksummedReader in, int version, int nodes, int m0) throws IOException {
      int[][] groups = new int[(nodes + GROUP_NODES - 1) / GROUP_NODES][GROUP_NODES * m0];
      int lowest = version < VERSION_COUNTED ? 0 : FilledPlaces.entry(nodes - 1);
      int[] entries = new int[m0];
      for (int node = 0; node < nodes; node++) {
        int count = in.getInt("link count", 0, m0);
        for (int i = 0; i < count; i++) {
          entries[i] = in.getInt("link", lowest, nodes - 1);
        }
        Arrays.fill(entries, count, m0, FilledPlaces.EMPTY);
        linksFirst(entries, count);
        System.arraycopy(entries, 0, groups[node / GROUP_NODES], node % GROUP_NODES * m0, m0);
      }
      return new Counted(List.of(groups), nodes, m0);
    }

    @Override
    public void read(int first, int number, int[] into) {
      for (int i = 0; i < number; i++) {
        int node = first + i;
        System.arraycopy(groups.get(node / GROUP_NODES), node % GROUP_NODES * m0, into, i * m0, m0);
      }
    }
  }
}
