package dev.eddy.engine.segment;

import dev.eddy.engine.graph.EntryPoint;
import dev.eddy.engine.graph.GraphView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/** What tests ask of the graphs of a field. */
final class Graphs {
  private Graphs() {}

  /** Links of live nodes on layer 0. */
  static double meanDegree(VectorWorld world) {
    long links = 0;
    long nodes = 0;
    for (Segment segment : world.field.segments()) {
      GraphView graph = segment.graph();
      if (graph != null) {
        int[] ids = new int[graph.maxLinks()];
        for (int node = 0; node < segment.linkedRows(); node++) {
          if (world.live.get(segment.slots()[node])) {
            links += graph.links(0, node, ids);
            nodes++;
          }
        }
      }
    }
    return (double) links / nodes;
  }

  /** Slots of live nodes that no path from their graph's entry leads to. */
  static List<Integer> unreachable(VectorWorld world) {
    List<Integer> lost = new ArrayList<>();
    for (Segment segment : world.field.segments()) {
      if (segment.graph() != null) {
        BitSet reached = reached(segment);
        for (int node = 0; node < segment.linkedRows(); node++) {
          int slot = segment.slots()[node];
          if (world.live.get(slot) && !reached.get(node)) {
            lost.add(slot);
          }
        }
      }
    }
    return lost;
  }

  private static BitSet reached(Segment segment) {
    GraphView graph = Objects.requireNonNull(segment.graph(), "graph");
    int[] ids = new int[graph.maxLinks()];
    BitSet reached = new BitSet();
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    int entry = EntryPoint.node(graph.entryPoint());
    reached.set(entry);
    queue.add(entry);
    while (!queue.isEmpty()) {
      int count = graph.links(0, queue.remove(), ids);
      for (int i = 0; i < count; i++) {
        if (!reached.get(ids[i])) {
          reached.set(ids[i]);
          queue.add(ids[i]);
        }
      }
    }
    return reached;
  }
}
