package dev.eddy.bench.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/** A fixed number of connections, each lent to one caller at a time. Safe from any thread. */
public final class ConnectionPool implements AutoCloseable {
  private final List<Wire.Connection> all = new ArrayList<>();
  private final LinkedBlockingQueue<Wire.Connection> idle = new LinkedBlockingQueue<>();

  /** Opens all connections. */
  public ConnectionPool(Wire wire, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      all.add(wire.connect());
    }
    idle.addAll(all);
  }

  /** Sends a request over the next idle connection, waiting for one. */
  public byte[] call(Wire.Request request) throws IOException, InterruptedException {
    Wire.Connection connection = idle.take();
    try {
      return connection.call(request);
    } finally {
      idle.add(connection);
    }
  }

  @Override
  public void close() {
    all.forEach(Wire.Connection::close);
  }
}
