package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin;

/** One node's controller, asked for changes by their ids. Safe from any thread. */
public interface Controller {
  /**
   * Carries out one change, which may have been asked for before, here or at an earlier controller.
   * Fails with UNAVAILABLE when it was not begun, and with OUTCOME_UNKNOWN when nobody says what
   * became of it; then it may be asked for again, with the same id.
   *
   * @return for one call
   */
  CollectionAdmin change(ChangeId id);
}
