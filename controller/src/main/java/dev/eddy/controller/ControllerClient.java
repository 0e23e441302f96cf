package dev.eddy.controller;

/** Reaches the controllers that other nodes host. */
public interface ControllerClient extends AutoCloseable {
  /**
   * The controller at an address.
   *
   * @param address host:port of the peer service
   */
  Controller at(String address);

  @Override
  void close();
}
