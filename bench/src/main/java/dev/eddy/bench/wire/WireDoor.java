package dev.eddy.bench.wire;

import dev.eddy.bench.data.VectorFile;
import java.io.IOException;

/** Upserts over REST or gRPC. */
public final class WireDoor implements Door {
  private final Wire wire;
  private final String collection;
  private final boolean isWaiting;
  private final int connections;
  private final ConnectionPool pool;

  /**
   * Opens the connections.
   *
   * @param isWaiting whether each batch answers only when it is searchable
   */
  public WireDoor(Wire wire, String collection, boolean isWaiting, int connections)
      throws IOException {
    this.wire = wire;
    this.collection = collection;
    this.isWaiting = isWaiting;
    this.connections = connections;
    this.pool = new ConnectionPool(wire, connections);
  }

  @Override
  public String name() {
    return wire.name() + (isWaiting ? ", wait" : "");
  }

  @Override
  public int senders() {
    return connections;
  }

  @Override
  public Batch prepare(VectorFile rows, int from, int to) {
    Wire.Request request = wire.upsert(collection, rows, from, to, from, isWaiting);
    return () -> {
      var unused = pool.call(request);
    };
  }

  @Override
  public void finish() {
    // Each batch was answered before its sender went on.
  }

  @Override
  public void close() {
    pool.close();
  }
}
