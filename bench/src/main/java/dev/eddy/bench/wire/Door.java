package dev.eddy.bench.wire;

import dev.eddy.bench.data.VectorFile;

/** A way in for bulk loads: batches are encoded first and sent later. */
public interface Door extends AutoCloseable {
  /** An encoded batch. */
  @FunctionalInterface
  interface Batch {
    /** Sends the batch; returns when it is acknowledged or, to the inbox, handed over. */
    void send() throws Exception;
  }

  /** Name for tables. */
  String name();

  /** Batches to send at once: more threads than this gain nothing. */
  int senders();

  /** Encodes rows {@code [from, to)} with their numbers as ids. */
  Batch prepare(VectorFile rows, int from, int to);

  /** Returns when everything sent is acknowledged. */
  void finish() throws Exception;

  @Override
  void close();
}
