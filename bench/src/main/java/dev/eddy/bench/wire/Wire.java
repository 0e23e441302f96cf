package dev.eddy.bench.wire;

import dev.eddy.bench.data.VectorFile;
import java.io.IOException;

/**
 * One transport of the public interface. Requests are encoded ahead of time, answers are read after
 * the clock has stopped, so that the client costs little while it measures. Safe from any thread.
 */
public sealed interface Wire permits RestWire, GrpcWire {
  /** What a request asks for. */
  enum Call {
    UPSERT,
    SEARCH
  }

  /** An encoded request. */
  record Request(Call call, byte[] bytes) {}

  /** One TCP connection; one request at a time, unless the wire {@link #isShared}. */
  interface Connection extends AutoCloseable {
    /**
     * Sends a request and waits for its answer.
     *
     * @throws IOException when the answer is not a success
     */
    byte[] call(Request request) throws IOException;

    @Override
    void close();
  }

  /** Name for tables. */
  String name();

  /**
   * Rows {@code [from, to)} as points.
   *
   * @param firstId the id of row {@code from}; the others follow
   * @param isWaiting whether to answer only when the points are searchable
   */
  Request upsert(
      String collection, VectorFile rows, int from, int to, long firstId, boolean isWaiting);

  /** The k nearest, ids and scores only. */
  Request nearest(String collection, float[] query, int k, int ef);

  /** The ids of a search's answer, in its order. */
  long[] ids(byte[] answer) throws IOException;

  /** Whether a connection carries many requests at a time, asked from any threads. */
  boolean isShared();

  /** Opens a connection. */
  Connection connect() throws IOException;
}
