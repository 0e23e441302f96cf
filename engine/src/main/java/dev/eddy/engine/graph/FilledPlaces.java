package dev.eddy.engine.graph;

/**
 * How what fills a node's empty places stands beside its links on layer 0: behind them, as a
 * negative number, so that who reads links ends there. Empty places are {@link #EMPTY}. Static.
 */
public final class FilledPlaces {
  /** No node. */
  public static final int EMPTY = -1;

  private FilledPlaces() {}

  /** The entry of a node that fills a place. */
  public static int entry(int node) {
    return -2 - node;
  }

  /** The node of an entry, a link or what fills a place; negative for {@link #EMPTY}. */
  public static int node(int entry) {
    int sign = entry >> 31; // Of a walk's entries half are of either kind: a branch would miss.
    return (entry ^ sign) + sign;
  }

  /** Whether there is a node in the place. */
  public static boolean isTaken(int entry) {
    return entry != EMPTY;
  }

  /** The entry of another node in the same role. */
  public static int renumbered(int entry, int node) {
    return entry >= 0 ? node : entry(node);
  }

  /** Copies the links of the row that begins there; returns how many there are. */
  static int links(int[] row, int at, int capacity, int[] into) {
    int count = 0;
    while (count < capacity) {
      int id = row[at + count]; // Read once, since links may come and go.
      if (id < 0) {
        break;
      }
      into[count++] = id;
    }
    return count;
  }

  /** Links of the row that begins there. */
  static int linkCount(int[] row, int at, int capacity) {
    int count = 0;
    while (count < capacity && row[at + count] >= 0) {
      count++;
    }
    return count;
  }

  /** Entries before the first empty place. */
  public static int count(int[] entries, int capacity) {
    int count = 0;
    while (count < capacity && isTaken(entries[count])) {
      count++;
    }
    return count;
  }

  /** Turns entries into nodes; returns how many there are before the first empty place. */
  static int decode(int[] entries, int capacity) {
    int count = count(entries, capacity);
    for (int i = 0; i < count; i++) {
      entries[i] = node(entries[i]);
    }
    return count;
  }
}
