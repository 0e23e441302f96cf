package dev.eddy.controller;

import dev.eddy.model.cluster.MetaChange;
import java.util.List;

/**
 * Where decisions are written, fenced: once a newer one was opened, none of this one is ever
 * written again.
 */
interface DecisionLog extends AutoCloseable {
  /**
   * Writes several changes, all or none.
   *
   * @return their offsets
   * @throws DeposedException when nothing was written because of a newer one, or when the outcome
   *     is unknown
   */
  List<Long> write(List<MetaChange> changes);

  @Override
  void close();
}
