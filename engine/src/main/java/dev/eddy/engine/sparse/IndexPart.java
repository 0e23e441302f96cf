package dev.eddy.engine.sparse;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The postings of a range of slots at one moment. Immutable, safe from any thread. */
sealed interface IndexPart permits TailView, RunView {
  /** The first slot of the range. */
  int from();

  /** One behind the last slot of the range. */
  int to();

  /** Finds the lists of a query. */
  Lists lists(SparseQuery query);

  /** How many live slots have an index; -1 when that can't be told from here. */
  int frequency(int index, IntPredicate isLive);

  /** The lists of a query, for one thread. */
  interface Lists {
    /** Entries of all lists. */
    long entries();

    /** At least the largest absolute weight of a term's list, as it can be told; 0 without one. */
    double magnitude(int term);

    /** Cursors through the lists; null where these are damaged. */
    CandidateScan.@Nullable Part open(ScaledQuery query);
  }
}
