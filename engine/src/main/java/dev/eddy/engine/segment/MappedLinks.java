package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.engine.graph.FilledGraph;
import dev.eddy.engine.graph.GraphView;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The links of a mapped sealed file. Safe from any thread while the segment is retained. */
final class MappedLinks implements FilledGraph.WithPlaces {
  private final MemorySegment bytes;
  private final int m;
  private final long entryPoint;
  private final long links0;
  private final long upperLinks;
  private final int[] upperNodes;
  private final int[] upperFirstRows;
  private final int upperRows;
  private final CheckedBlocks blocks;
  private final GraphView filled = new FilledGraph(this);

  MappedLinks(MemorySegment bytes, SealedFile.Layout layout, CheckedBlocks blocks) {
    this.blocks = blocks;
    this.bytes = bytes;
    this.m = layout.m();
    this.entryPoint = layout.entryPoint();
    this.links0 = layout.links0();
    this.upperLinks = layout.upperLinks();
    this.upperRows = layout.upperRows();
    this.upperNodes = new int[layout.upperNodes()];
    this.upperFirstRows = new int[layout.upperNodes()];
    for (int i = 0; i < upperNodes.length; i++) {
      upperNodes[i] = bytes.get(SealedFile.INT, layout.upperIndex() + 8L * i);
      upperFirstRows[i] = bytes.get(SealedFile.INT, layout.upperIndex() + 8L * i + 4);
    }
  }

  @Override
  public long entryPoint() {
    return entryPoint;
  }

  @Override
  public int maxLinks() {
    return 2 * m;
  }

  @Override
  public int links(int layer, int node, int[] into) {
    if (layer == 0) {
      return read(placesAt(node), 2 * m, into);
    }
    int index = Arrays.binarySearch(upperNodes, node);
    if (index < 0) {
      return 0;
    }
    int row = upperFirstRows[index] + layer - 1;
    int end = index + 1 < upperNodes.length ? upperFirstRows[index + 1] : upperRows;
    return row < end ? read(upperLinks + 4L * m * row, m, into) : 0;
  }

  @Override
  public GraphView filled() {
    return filled;
  }

  @Override
  public void places(int node, int[] into) {
    copy(placesAt(node), 2 * m, into);
  }

  private long placesAt(int node) {
    return links0 + 8L * m * node;
  }

  private int read(long at, int capacity, int[] into) {
    copy(at, capacity, into);
    int count = 0;
    while (count < capacity && into[count] >= 0) {
      count++;
    }
    return count;
  }

  private void copy(long at, int capacity, int[] into) {
    blocks.check(at, 4L * capacity);
    MemorySegment.copy(bytes, SealedFile.INT, at, into, 0, capacity);
  }

  long heapBytes() {
    return 8L * upperNodes.length;
  }
}
