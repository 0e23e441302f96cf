package dev.eddy.engine.graph;

/**
 * The places of layer 0 ({@link FilledPlaces}) of nodes in a file, which {@link HeapLinks} go on
 * from. Safe from any thread.
 */
public interface StoredPlaces {
  /** Nodes {@code [0, count)} exist. */
  int count();

  /**
   * Copies the places of nodes {@code [first, first + count)}, {@code 2m} each, from the start of
   * {@code into} on.
   *
   * @throws java.io.UncheckedIOException when the file is damaged
   */
  void read(int first, int count, int[] into);
}
