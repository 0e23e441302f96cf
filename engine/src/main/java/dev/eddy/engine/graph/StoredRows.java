package dev.eddy.engine.graph;

/** Rows in files, which {@link HeapRows} go on from. Safe from any thread. */
public interface StoredRows {
  /** Rows {@code [0, count)} exist. */
  int count();

  /**
   * Copies rows {@code [first, first + count)}: the numbers of the rows' type, little endian,
   * without padding, one row behind the other, from the start of {@code into} on.
   *
   * @throws java.io.UncheckedIOException when the files are damaged
   */
  void read(int first, int count, byte[] into);
}
