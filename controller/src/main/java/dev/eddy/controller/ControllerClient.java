package dev.eddy.controller;

import dev.eddy.model.cluster.CollectionAdmin;

/** Reaches the controller that another node hosts. */
public interface ControllerClient extends AutoCloseable {
  /**
   * The controller at an address. Its calls fail with UNAVAILABLE when the change was not begun
   * there, and with OUTCOME_UNKNOWN when it was sent and no answer came.
   *
   * @param address host:port of the peer service
   */
  CollectionAdmin at(String address);

  @Override
  void close();
}
