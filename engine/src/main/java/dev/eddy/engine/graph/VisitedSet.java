package dev.eddy.engine.graph;

import java.util.Arrays;

/**
 * Which nodes a search has met: one bit per node, so that the marks of a million nodes fit into a
 * core's cache, and a list of the words that are not zero, so that clearing costs what the search
 * did.
 */
final class VisitedSet {
  private long[] words = new long[0];
  private int[] marked = new int[64];
  private int markedCount;

  /** Forgets everything and makes room for {@code [0, count)}. */
  void reset(int count) {
    int needed = (count + 63) >>> 6;
    if (words.length < needed) {
      words = new long[Math.max(needed, words.length + (words.length >> 1))];
    } else if (markedCount > words.length >> 3) {
      Arrays.fill(words, 0);
    } else {
      for (int i = 0; i < markedCount; i++) {
        words[marked[i]] = 0;
      }
    }
    markedCount = 0;
  }

  /** Marks a node; returns true when it was not marked before. */
  boolean add(int node) {
    return mark(node) != 0;
  }

  /** Marks a node; returns 1 when it was not marked before, else 0. Nobody can guess which. */
  int mark(int node) {
    int word = node >>> 6;
    long before = words[word];
    words[word] = before | 1L << node;
    if (markedCount == marked.length) {
      marked = Arrays.copyOf(marked, 2 * markedCount);
    }
    // Written so that it compiles to conditional moves: both are a coin's toss.
    marked[markedCount] = word;
    markedCount += before == 0 ? 1 : 0;
    return (int) (~before >>> node) & 1;
  }

  long heapBytes() {
    return (long) Long.BYTES * words.length + (long) Integer.BYTES * marked.length;
  }
}
