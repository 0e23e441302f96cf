package dev.eddy.engine.field;

import java.util.List;

/** What is stored of an index in one place. Equal when it is of the very same things. */
sealed interface Piece {
  /** Bytes from which terms are stored in a file of their own. */
  long TERM_BYTES_MIN = 1 << 18;

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

    static boolean isLarge(PostingRun run) {
      return run.weight() > PostingLog.MERGED_AT_ONCE_MAX;
    }

    @Override
    public boolean isLarge() {
      return isLarge(runs.getFirst());
    }
  }

  /** Terms of a dictionary, by codes. */
  record Terms(TermDictionary dictionary, int from, int to, long storedBytes) implements Piece {
    static Terms of(TermDictionary dictionary, int from, int to) {
      return new Terms(dictionary, from, to, dictionary.storedBytes(from, to));
    }

    @Override
    public boolean isLarge() {
      return storedBytes >= TERM_BYTES_MIN;
    }
  }
}
