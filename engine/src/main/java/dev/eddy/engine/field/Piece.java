package dev.eddy.engine.field;

import java.util.List;

/** What is stored of an index in one place. Equal when it is of the very same things. */
sealed interface Piece {
  /** Bytes from which a piece has a file of its own. */
  long LARGE_BYTES_MIN = 1 << 18;

  /** Whether it has a file of its own, which is written once; others share one. */
  boolean isLarge();

  /**
   * Neighbouring runs, stored as one.
   *
   * @param isOldest whether nothing is older than the first
   */
  record Runs(List<PostingRun> runs, boolean isOldest) implements Piece {
    public Runs {
      runs = List.copyOf(runs);
    }

    /** Runs that are stored as one are soon merged, and so written for one checkpoint alone. */
    @Override
    public boolean isLarge() {
      return runs.size() == 1 && runs.getFirst().heapBytes() >= LARGE_BYTES_MIN;
    }
  }

  /** Terms of a dictionary, by codes. */
  record Terms(TermDictionary dictionary, int from, int to, long storedBytes) implements Piece {
    static Terms of(TermDictionary dictionary, int from, int to) {
      return new Terms(dictionary, from, to, dictionary.storedBytes(from, to));
    }

    @Override
    public boolean isLarge() {
      return storedBytes >= LARGE_BYTES_MIN;
    }
  }

  /** What is used from a file of its own, and held by whoever stores it. */
  record Mapped(MappedPiece piece) implements Piece {
    @Override
    public boolean isLarge() {
      return true;
    }
  }
}
