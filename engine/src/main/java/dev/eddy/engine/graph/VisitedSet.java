package dev.eddy.engine.graph;

import java.util.Arrays;

/**
 * Which nodes a search has met: one byte per node holding the number of the search, so that
 * clearing costs nothing 254 times out of 255.
 */
final class VisitedSet {
  private byte[] marks = new byte[0];
  private byte generation;

  /** Forgets everything and makes room for {@code [0, count)}. */
  void reset(int count) {
    if (marks.length < count) {
      marks =
          new byte
              [Math.max(
                  count, Math.min(Integer.MAX_VALUE - 8, marks.length + (marks.length >> 1)))];
      generation = 0;
    }
    if (++generation == 0) {
      Arrays.fill(marks, (byte) 0);
      generation = 1;
    }
  }

  /** Marks a node; returns true when it was not marked before. */
  boolean add(int node) {
    if (marks[node] == generation) {
      return false;
    }
    marks[node] = generation;
    return true;
  }

  long heapBytes() {
    return marks.length;
  }
}
