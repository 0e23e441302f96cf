package dev.eddy.engine.sparse;

import java.util.function.IntPredicate;

/** The slots that a search is about. */
public interface Among {
  /** How many slots there are, roughly. */
  long count();

  /** Hands them over, ascending, until the consumer says stop by returning false. */
  void forEach(IntPredicate consumer);
}
