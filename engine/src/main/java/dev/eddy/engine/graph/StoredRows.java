package dev.eddy.engine.graph;

/** Rows in files, which {@link HeapRows} go on from. Safe from any thread. */
public interface StoredRows {
  /** Rows {@code [0, count)} exist. */
  int count();

  /** Takes rows as they are read. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes rows {@code [first, first + count)} from {@code numbers[at]} on: the numbers of the
     * rows' type, little endian, without padding, one row behind the other, in an array that the
     * next ones will be in, too.
     */
    void take(int first, int count, byte[] numbers, int at);
  }

  /**
   * Reads rows {@code [first, first + count)} and gives them on in their order.
   *
   * @throws java.io.UncheckedIOException when the files are damaged
   */
  void read(int first, int count, Sink sink);
}
